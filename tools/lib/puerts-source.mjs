// Where the real PuerTS comes from: what PUERTS_NUGET_SOURCE names.
import { existsSync, readdirSync, statSync } from "node:fs";
import { resolve } from "node:path";

const packages = ["Puerts.Core.Complete", "Puerts.V8.Complete", "Puerts.QuickJS.Complete"];

/** What to set PUERTS_NUGET_SOURCE to. */
export const wantedSource = `a folder or feed with ${packages.slice(0, -1).join(", ")} and ${packages.at(-1)} 3.0`;

/**
 * Reads the variable's value; a folder is taken from `from`. Returns `source` for NuGet, or `fault`, what is wrong with it:
 * NuGet itself would only say that its restore failed (NU1301, NU1101).
 */
export function puertsSource(value, from) {
  // A feed's address, or several sources: NuGet reads these itself.
  if (/:\/\/|;/.test(value)) return { source: value };
  const folder = resolve(from, value);
  const fault = folderFault(folder);
  return fault === undefined ? { source: folder } : { fault: `PUERTS_NUGET_SOURCE names ${folder}, ${fault}` };
}

function folderFault(folder) {
  const advice = `Set it to ${wantedSource}, or unset it to skip the suite.`;
  if (!existsSync(folder)) return `a folder that is not there. ${advice}`;
  if (!statSync(folder).isDirectory()) return `which is a file and not a folder. ${advice}`;
  // NuGet's two kinds of folder: id.version.nupkg in it, or a folder for each id.
  const names = readdirSync(folder).map((name) => name.toLowerCase());
  const missing = packages.filter(
    (id) => !names.some((name) => name === id.toLowerCase() || name.startsWith(`${id.toLowerCase()}.`)),
  );
  return missing.length === 0 ? undefined : `a folder without ${missing.join(", ")}. ${advice}`;
}
