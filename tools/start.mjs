// npm start: the main job. The sample game's TypeScript deletes conversations; C# prints the typed messages it gets.

import { leave } from "./lib/leave.mjs";
import { buildNodeHost, buildSample, installNodeModules } from "./lib/set-up.mjs";
import { parseStartArguments } from "./lib/start-arguments.mjs";

const options = parseStartArguments(process.argv.slice(2));
try {
  installNodeModules();
  buildSample();
  buildNodeHost();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const { play } = await import("./lib/play-sample.mjs");
await play(options);
// .NET keeps threads in this process that would keep it alive.
await leave(0);
