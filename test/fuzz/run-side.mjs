// One side's fuzz, in a process of its own: `node --expose-gc run-side.mjs SIDE SEED COUNT [ONLY]`. Tells its parent how far it
// has come, and at the end what was seen or what was found.
import { Finding } from "./findings.mjs";

const [side, ...numbers] = process.argv.slice(2);
const [seed, count, only] = numbers.map(Number);

// A side is loaded only here: the C# side needs .NET, the script side must not have it.
const fuzz =
  side === "csharp" ? (await import("./csharp-side.mjs")).fuzzCsharp : (await import("./script-side.mjs")).fuzzScript;
const tell = (message) => new Promise((resolve) => process.send(message, resolve));
try {
  const seen = await fuzz({ seed, count, only, progress: (index) => void tell({ progress: index }) });
  if (only === undefined && seen.decoded * 2 < seen.mutated) {
    throw new Finding(`only ${seen.decoded} of ${seen.mutated} mutated frames still decode`);
  }
  await tell({ seen });
} catch (error) {
  const { message, index, bytes } = error;
  const what = error instanceof Finding ? message : error.stack;
  await tell({ finding: { what, index, hex: bytes === undefined ? undefined : Buffer.from(bytes).toString("hex") } });
}
// .NET's threads would keep the process.
process.exit(0);
