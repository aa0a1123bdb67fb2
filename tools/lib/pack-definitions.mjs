// What a game gets of the Unity package's assemblies: all of them on every platform, without naming them, beside every PuerTS.
import { join } from "node:path";
import { isEditorOnly, isForPlatform, platforms } from "./definition-platforms.mjs";
import { readDefinitions } from "./unity-compiler.mjs";
import { versionDefines } from "./version-defines.mjs";

const puertsPackage = "com.tencent.puerts.core";
/** Those that were, and such as may come: of a PuerTS that is newer than this package, the game's build says what does not fit. */
const puertsVersions = ["1.4.1", "2.0.0", "2.2.3", "3.0.0-preview.1", "3.0.2", "3.0.3", "3.9.0", "4.0.0", "10.0.0"];

/** What is wrong with the assembly definitions in `tree`, its samples' included, each as a line. */
export function definitionFaults(tree) {
  return [tree, join(tree, "Samples~")]
    .flatMap(readDefinitions)
    .flatMap((asmdef) =>
      [...platformFaults(asmdef), ...visibilityFaults(asmdef), ...puertsFaults(asmdef)].map(
        (fault) => `${asmdef.name}.asmdef ${fault}`,
      ),
    );
}

function platformFaults(asmdef) {
  if (isEditorOnly(asmdef)) return asmdef.name.endsWith(".Editor") ? [] : ["is for the editor alone"];
  const without = platforms.filter((platform) => !isForPlatform(asmdef, platform));
  return without.length === 0
    ? []
    : [`is not there on ${without.join(", ")}: a game that builds for it has no such type`];
}

/** Unity takes a definition that says nothing as auto-referenced. */
function visibilityFaults({ autoReferenced = true }) {
  return autoReferenced
    ? []
    : ["has autoReferenced: false: a game's scripts outside of any assembly definition cannot see it"];
}

function puertsFaults(asmdef) {
  if (!asmdef.references.includes(puertsPackage)) return [];
  const isCompiled = (packages) => {
    const defines = versionDefines(asmdef, packages);
    return asmdef.defineConstraints.every((symbol) => defines.includes(symbol));
  };
  const without = puertsVersions.filter((version) => !isCompiled({ [puertsPackage]: version }));
  return [
    ...(without.length === 0
      ? []
      : [`leaves out PuerTS ${without.join(", ")}: its versionDefines must be open upward`]),
    ...(isCompiled({}) ? ["would be compiled where there is no PuerTS"] : []),
  ];
}
