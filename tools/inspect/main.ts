// npx tim-chatbridge inspect FILE: what is in a recording that bridge.recording() gave.
import { readFileSync, statSync } from "node:fs";
import { parseArgs } from "node:util";
import { mostBytes } from "../../src/recording/recording-options.js";
import { recordingLines } from "./frame-lines.js";
import { maskRecording, showRecording } from "./mask-recording.js";
import { protoJson, type ReadRecording, RecordingError, readRecording } from "./read-recording.js";

const usage = `npx tim-chatbridge inspect FILE [--json] [--ids]

Shows what crossed between script and plugin, from a file that holds what bridge.recording() returned.
  --json   proto3 JSON of chatbridge.v1.Recording instead of lines
  --ids    ids as they were, if the game asked for them: connect({ recording: { ids: true } })
  --help   this text`;

/** The command line is wrong, or the file is. */
class CommandError extends Error {}

function run(args: readonly string[]): string {
  const { values, positionals } = parsed(args);
  if (values.help === true) return usage;
  const [command, file, ...rest] = positionals;
  if (command !== "inspect") {
    throw new CommandError(
      command === undefined
        ? `say what to do.\n\n${usage}`
        : `there is no command ${JSON.stringify(command)}.\n\n${usage}`,
    );
  }
  if (file === undefined) throw new CommandError(`inspect: say which file.\n\n${usage}`);
  if (rest.length > 0) throw new CommandError(`inspect: one file at a time; ${rest.length + 1} were given.`);
  const recording = readFile(file);
  if (values.ids === true && recording.message.ids !== true) {
    console.error("This recording was made without ids: connect({ recording: { ids: true } }) records them.");
  }
  const shown = values.ids === true ? showRecording(recording) : maskRecording(recording);
  return values.json === true ? JSON.stringify(protoJson(shown), null, 2) : recordingLines(shown.message).join("\n");
}

function parsed(args: readonly string[]) {
  try {
    const options = { json: { type: "boolean" }, ids: { type: "boolean" }, help: { type: "boolean" } } as const;
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

function readFile(file: string): ReadRecording {
  const bytes = contentOf(file);
  try {
    return readRecording(bytes);
  } catch (error) {
    if (error instanceof RecordingError) throw new CommandError(`${file}: ${error.message}`);
    throw error;
  }
}

function contentOf(file: string): Uint8Array {
  try {
    const found = statSync(file);
    // A pipe or a device may never end.
    if (!found.isFile() && !found.isDirectory()) throw new CommandError(`${file}: it is not a file.`);
    if (found.size > mostBytes) {
      const megabytes = Math.ceil(found.size / (1 << 20));
      throw new CommandError(
        `${file}: it has ${megabytes} MiB, and a recording has at most ${mostBytes >> 20}. Write what bridge.recording() returns into a file of its own.`,
      );
    }
    return readFileSync(file);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const why = { ENOENT: "there is no such file", EISDIR: "it is a folder", EACCES: "it may not be read" }[code ?? ""];
    throw new CommandError(`${file}: ${why ?? message}.`);
  }
}

// Whoever reads may have seen enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

const args = process.argv.slice(2);
try {
  process.stdout.write(`${run(args)}\n`);
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  console.error(`tim-chatbridge: ${error.message}`);
  process.exitCode = 2;
}
