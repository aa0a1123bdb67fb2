// The symbols that Unity sets for one assembly definition: its versionDefines, held against the packages of a project.

/** `packages`: each installed package's version, by its id. What was copied into Assets is no package. */
export function versionDefines({ versionDefines: defines }, packages) {
  return defines
    .filter(({ name, expression }) => packages[name] !== undefined && satisfies(packages[name], expression))
    .map(({ define }) => define);
}

/**
 * Unity's version expressions: "1.2" is 1.2 or later, "[1,2)" an interval, "[1.2]" that one, "(,2]" open below. Throws where
 * Unity would only mark the line as invalid, and never set the symbol.
 */
export function satisfies(version, expression) {
  const text = expression.replaceAll(/\s/g, "");
  // Unity: no expression, any version.
  if (text === "") return true;
  const interval = /^([[(])([^,]*)(?:(,)(.*))?([\])])$/.exec(text);
  if (interval === null) return compare(version, text) >= 0;
  const [, opens, low, comma, high = "", closes] = interval;
  if (comma === undefined) {
    if (opens !== "[" || closes !== "]") throw new Error(`${expression} is no version expression`);
    return compare(version, low) === 0;
  }
  if (low === "" && high === "") throw new Error(`${expression} is no version expression`);
  const above = low === "" || compare(version, low) > (opens === "[" ? -1 : 0);
  const below = high === "" || compare(version, high) < (closes === "]" ? 1 : 0);
  return above && below;
}

function compare(one, other) {
  const [a, b] = [parse(one), parse(other)];
  for (let i = 0; i < 3; i++) {
    if (a.numbers[i] !== b.numbers[i]) return Math.sign(a.numbers[i] - b.numbers[i]);
  }
  if (a.preview === b.preview) return 0;
  if (a.preview === "" || b.preview === "") return a.preview === "" ? 1 : -1;
  return a.preview < b.preview ? -1 : 1;
}

function parse(version) {
  const parts = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([\w.-]+))?$/.exec(version);
  if (parts === null) throw new Error(`${JSON.stringify(version)} is no version`);
  return { numbers: parts.slice(1, 4).map((part) => Number(part ?? 0)), preview: parts[4] ?? "" };
}
