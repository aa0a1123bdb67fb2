// The language that the shipped script is written in, for every build that makes or rewrites it.

/**
 * ES2020, but for classes' private members, which stay the engine's own (V8 8.4, QuickJS, Safari 15 and later). Compiled down to
 * ES2020 each is a WeakMap that lives as long as the script. QuickJS never collects an object that hangs on a value of its own in
 * such a map: every closed session stayed, 36 KB each, and every access to a private member grew slower with it.
 */
export const shippedSyntax = {
  target: "es2020",
  supported: Object.fromEntries(
    [
      ...["field", "static-field", "private-field", "private-method", "private-accessor", "private-brand-check"],
      ...["private-static-field", "private-static-method", "private-static-accessor"],
    ].map((feature) => [`class-${feature}`, true]),
  ),
};
