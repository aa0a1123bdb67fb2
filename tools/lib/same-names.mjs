// The real PuerTS plays what the Node host plays: the same tests by name, on each backend, none on one side only.

export const backends = ["V8", "QuickJS"];

/** What is wrong, in words; nothing, where every name is there on all sides, once. A name on PuerTS ends with its backend. */
export function nameFaults(onNodeHost, onPuerts) {
  if (onNodeHost.length === 0) return ["the Node host's end-to-end suite has no tests"];
  const sides = [["the Node host", onNodeHost], ...backends.map((backend) => [backend, namesOn(backend, onPuerts)])];
  const everywhere = new Set(sides.flatMap(([, names]) => names));
  const known = backends.map((backend) => ` [${backend}]`);
  return [
    ...onPuerts
      .filter((name) => !known.some((suffix) => name.endsWith(suffix)))
      .map((name) => `on no backend: ${name}`),
    ...sides.flatMap(([side, names]) => {
      const there = new Set(names);
      const missing = [...everywhere].filter((name) => !there.has(name)).map((name) => `not on ${side}: ${name}`);
      const doubled = names.filter((name, at) => names.indexOf(name) !== at).map((name) => `twice on ${side}: ${name}`);
      return [...missing, ...doubled];
    }),
  ];
}

function namesOn(backend, onPuerts) {
  const suffix = ` [${backend}]`;
  return onPuerts.filter((name) => name.endsWith(suffix)).map((name) => name.slice(0, -suffix.length));
}
