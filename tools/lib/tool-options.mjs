// The command line of a tool: what is wrong with it is said in one line, with the usage, before anything is done.
import { parseArgs } from "node:util";

/**
 * The values of parseArgs and the words beside them. Ends the process with 2 where the command line is wrong: an option that is
 * unknown, or whose value is none of its `choices`; with --help besides, too.
 */
export function toolOptions(usage, options, { words = false } = {}) {
  try {
    const { values, positionals } = parseArgs({
      options: { ...options, help: { type: "boolean" } },
      allowPositionals: words,
    });
    for (const [name, { choices }] of Object.entries(options)) {
      if (choices === undefined || values[name] === undefined || choices.includes(values[name])) continue;
      throw new Error(`--${name} ${values[name]}: give ${choices.join(" or ")}`);
    }
    if (values.help !== true) return { ...values, words: positionals };
  } catch (error) {
    console.error(`${error.message.replaceAll("\n", " ")}\nUsage: ${usage}`);
    process.exit(2);
  }
  console.log(`Usage: ${usage}`);
  process.exit(0);
}
