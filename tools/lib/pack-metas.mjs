// Unity's .meta files: which files and folders need one, what it says, and what is wrong with those that are there.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";

/** Unity neither imports these nor gives them a .meta. */
const hidden = (name) => name.startsWith(".") || name.endsWith("~");

/**
 * Unity hides this folder too, but importing a sample copies what is in the sample's folder, .meta files included. Without them
 * every import made new guids, and a scene of the game that has a sample's component would lose it at the next release.
 */
const samples = "Samples~";
const isSample = (folder) => dirname(folder) === samples;

/** Every asset below `top`, folders included, as paths with forward slashes; never `top` itself, nor a .meta. */
export function assets(top, folder = "") {
  return readdirSync(join(top, folder), { withFileTypes: true })
    .filter(({ name }) => (!hidden(name) || (folder === "" && name === samples)) && !name.endsWith(".meta"))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      const isFolder = entry.isDirectory();
      // What is copied is the inside of a sample's folder: a .meta beside that would go nowhere.
      const own = path === samples || isSample(path) ? [] : [{ path, isFolder }];
      return [...own, ...(isFolder ? assets(top, path) : [])];
    });
}

function* metaFiles(top, folder = "") {
  for (const entry of readdirSync(join(top, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory() && (!hidden(entry.name) || path === samples)) yield* metaFiles(top, path);
    if (entry.isFile() && entry.name.endsWith(".meta") && !entry.name.startsWith(".")) yield path;
  }
}

const guidOf = (text) => /^guid: ([0-9a-f]{32})$/m.exec(text)?.[1];

/** What is wrong with the .meta files below `top`, one line each. */
export function metaFaults(top) {
  const wanted = new Map(assets(top).map((asset) => [`${asset.path}.meta`, asset]));
  const found = [...metaFiles(top)];
  const faults = [...wanted.keys()].filter((path) => !found.includes(path)).map((path) => `missing: ${path}`);
  const owners = new Map();
  for (const path of found) {
    const asset = wanted.get(path);
    if (asset === undefined) {
      faults.push(`orphaned: ${path}`);
      continue;
    }
    const text = readFileSync(join(top, path), "utf8");
    const guid = guidOf(text);
    if (guid === undefined) faults.push(`no guid: ${path}`);
    else if (owners.has(guid)) faults.push(`doubled: ${path} has the guid of ${owners.get(guid)}`);
    else owners.set(guid, path);
    if (guid !== undefined && text !== metaText(asset, guid)) faults.push(`not as --write writes it: ${path}`);
  }
  return faults;
}

/**
 * Writes the .meta files that are missing. A guid comes from the path once and stays with its file from then on, wherever
 * that moves: Unity refers to assets by it.
 */
export function writeMetas(top) {
  const taken = new Set([...metaFiles(top)].map((path) => guidOf(readFileSync(join(top, path), "utf8"))));
  for (const asset of assets(top)) {
    const file = join(top, `${asset.path}.meta`);
    const old = existsSync(file) ? guidOf(readFileSync(file, "utf8")) : undefined;
    const guid = old ?? freshGuid(asset.path, taken);
    taken.add(guid);
    const text = metaText(asset, guid);
    if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
  }
}

function freshGuid(path, taken) {
  for (let salt = 0; ; salt++) {
    const name = `tim-chatbridge:${path}${salt === 0 ? "" : `#${salt}`}`;
    const guid = createHash("md5").update(name).digest("hex");
    if (!taken.has(guid)) return guid;
  }
}

const userData = ["  userData: ", "  assetBundleName: ", "  assetBundleVariant: "];

const importers = {
  ".cs": [
    "MonoImporter:",
    "  externalObjects: {}",
    "  serializedVersion: 2",
    "  defaultReferences: []",
    "  executionOrder: 0",
    "  icon: {instanceID: 0}",
  ],
  ".asmdef": ["AssemblyDefinitionImporter:", "  externalObjects: {}"],
  ".md": ["TextScriptImporter:", "  externalObjects: {}"],
  ".txt": ["TextScriptImporter:", "  externalObjects: {}"],
  // Explicitly referenced: only the assembly definitions that name it see it, never a game's own code.
  ".dll": [
    "PluginImporter:",
    "  externalObjects: {}",
    "  serializedVersion: 2",
    "  iconMap: {}",
    "  executionOrder: {}",
    "  defineConstraints: []",
    "  isPreloaded: 0",
    "  isOverridable: 0",
    "  isExplicitlyReferenced: 1",
    "  validateReferences: 1",
    "  platformData:",
    "  - first:",
    "      Any: ",
    "    second:",
    "      enabled: 1",
    "      settings: {}",
    "  - first:",
    "      Editor: Editor",
    "    second:",
    "      enabled: 0",
    "      settings:",
    "        DefaultValueInitialized: true",
  ],
};
const manifest = ["PackageManifestImporter:", "  externalObjects: {}"];
/** Script included: PuerTS imports .mjs by an importer of its own, which Unity finds by the extension. */
const other = ["DefaultImporter:", "  externalObjects: {}"];

function metaText({ path, isFolder }, guid) {
  const importer = path === "package.json" ? manifest : (importers[extname(basename(path))] ?? other);
  const lines = isFolder ? ["folderAsset: yes", ...other] : importer;
  return `${["fileFormatVersion: 2", `guid: ${guid}`, ...lines, ...userData].join("\n")}\n`;
}
