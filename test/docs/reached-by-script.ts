// What TypeScript says that it reaches of C#: its declaration of PuerTS's global `CS`.

/**
 * Each class that `declare const CS` in `text` names, and each of its methods ("Game.Chat", "Game.Chat.AddRow"). Interfaces are
 * looked up in `files`, the script's own. Throws where one is not there: what it has would go unchecked.
 */
export function reachedByScript(text: string, files: readonly string[]): readonly string[] {
  const start = /^declare const CS: /m.exec(text);
  return start === null ? [] : members(bracesAt(text, start.index + start[0].length), "", files);
}

function members(body: string, path: string, files: readonly string[]): readonly string[] {
  const found = new Set<string>();
  let depth = 0;
  for (const token of body.matchAll(/[{}]|readonly (\w+): ?(\w*)|(\w+)\(/g)) {
    const [all, property, type, method] = token;
    if (all === "{") depth++;
    if (all === "}") depth--;
    if (depth !== 0) continue;
    if (method !== undefined) found.add(path).add(`${path}.${method}`);
    if (property === undefined) continue;
    const inner = path === "" ? property : `${path}.${property}`;
    const braces = type === "" ? bracesAt(body, token.index + all.length) : interfaceOf(type ?? "", files);
    for (const one of members(braces, inner, files)) found.add(one);
  }
  return [...found];
}

function interfaceOf(name: string, files: readonly string[]): string {
  for (const text of files) {
    const start = new RegExp(`^(?:export )?interface ${name} `, "m").exec(text);
    if (start !== null) return bracesAt(text, start.index + start[0].length);
  }
  throw new Error(`CS names ${name}, and no file of the script declares it`);
}

/** What is between the braces that open at `from`, its comments left out. */
function bracesAt(text: string, from: number): string {
  const code = text.slice(text.indexOf("{", from)).replaceAll(/\/\*.*?\*\/|\/\/[^\n]*/gs, "");
  let depth = 0;
  for (const { 0: brace, index } of code.matchAll(/[{}]/g)) {
    depth += brace === "{" ? 1 : -1;
    if (depth === 0) return code.slice(1, index);
  }
  throw new Error(`a brace is not closed: ${code.slice(0, 80)}`);
}
