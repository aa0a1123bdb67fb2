// The command line of `npm start`.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";

const usage = `Usage: npm start -- [options]
  --json                one JSON object a line instead of the story
  --conversations FILE  run on the conversation list in FILE (what TIMConvGetConvList returns)
  --delete ID           delete this conversation instead of the story's; repeatable; c2c_x, group_x, C2Cx, GROUPx, or a
                        bare id that the list has once
  --core NAME           embedded (default) or native
  --library PATH        with --core native: the libImSDK to load`;

/** Reads the command line. Ends the process with a clear message if it is wrong, before anything is set up. */
export function parseStartArguments(args) {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        json: { type: "boolean", default: false },
        conversations: { type: "string" },
        delete: { type: "string", multiple: true },
        core: { type: "string", default: "embedded" },
        library: { type: "string" },
        help: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    fail(`${error.message}\n${usage}`);
  }
  if (values.core !== "embedded" && values.core !== "native") {
    fail(`--core ${values.core}: there are two cores here, embedded and native.`);
  }
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  if (values.core === "native" && values.library === undefined) {
    fail("--core native needs --library PATH: the libImSDK to load.");
  }
  if (values.core === "embedded" && values.library !== undefined) fail("--library is only for --core native.");
  const library = values.library === undefined ? undefined : userPath(values.library);
  if (library !== undefined && !existsSync(library)) fail(`--library: there is no file ${library}.`);
  return {
    json: values.json,
    core: values.core,
    library,
    conversations: values.conversations === undefined ? undefined : readConversations(values.conversations),
    ids: values.delete,
  };
}

/** npm runs its scripts in the package's folder; a path is meant from where the user is. */
function userPath(path) {
  return resolve(process.env.INIT_CWD ?? process.cwd(), path);
}

function readConversations(file) {
  let text;
  try {
    text = readFileSync(userPath(file));
  } catch (error) {
    fail(`--conversations ${file}: the file cannot be read (${error.code}). Nothing was deleted.`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(text);
  } catch {
    fail(`--conversations ${file}: the file is not UTF-8. Nothing was deleted.`);
  }
}

/** Says what is wrong and ends the process. */
export function fail(message) {
  console.error(message);
  process.exit(2);
}
