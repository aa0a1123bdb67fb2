// The samples that package.json offers in Unity's Package Manager are those that the package has.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = "Samples~";

/** What is wrong with package.json's `samples` in `tree`, each as a line. */
export function sampleFaults(tree) {
  const { samples = [] } = JSON.parse(readFileSync(join(tree, "package.json"), "utf8"));
  const there = readdirSync(join(tree, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${folder}/${name}`);
  const times = (key, value) => samples.filter((sample) => sample[key] === value).length;
  return [
    ...there
      .filter((path) => times("path", path) !== 1)
      .map((path) => `${path} is listed ${times("path", path)} times: once is how the Package Manager offers it`),
    ...samples.flatMap(({ path, displayName, description }) => [
      ...(there.includes(path) ? [] : [`there is no sample ${path}`]),
      ...(isText(displayName) ? [] : [`${path} has no displayName`]),
      ...(isText(description) ? [] : [`${path} has no description`]),
      // Unity imports a sample into a folder of its displayName.
      ...(times("displayName", displayName) === 1 ? [] : [`${displayName} is the displayName of several samples`]),
    ]),
  ];
}

const isText = (value) => typeof value === "string" && value.trim() !== "";
