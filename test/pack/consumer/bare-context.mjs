// Runs a package's script files where there is nothing but the language: no TextEncoder, no timers, no URL, no console.
// Started with node --experimental-vm-modules, the package's dist folder and the format.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import vm from "node:vm";

const [dist, format] = process.argv.slice(2);
const context = vm.createContext({});
// Of the language's own, what a script engine without Intl or Atomics may lack; V8 has WebAssembly besides.
vm.runInContext(
  "for (const name of ['WebAssembly', 'Intl', 'console', 'escape', 'unescape']) delete globalThis[name];",
  context,
);

async function load(name) {
  if (format === "esm") {
    const module = new vm.SourceTextModule(readFileSync(join(dist, `${name}.mjs`), "utf8"), { context });
    await module.link((specifier) => {
      throw new Error(`${name}.mjs imports ${specifier}: it must be self-contained`);
    });
    await module.evaluate();
    return module.namespace;
  }
  const wrapper = `(module, exports, require) => {${readFileSync(join(dist, "cjs", `${name}.cjs`), "utf8")}\n}`;
  const module = { exports: {} };
  vm.runInContext(wrapper, context)(module, module.exports, (specifier) => {
    throw new Error(`${name}.cjs requires ${specifier}: it must be self-contained`);
  });
  return module.exports;
}

const { connect, TIMConvType, TIMResult } = await load("tim-chatbridge");
const { EmbeddedCore } = await load("embedded-core");

// With neither a plugin nor a core, it says so.
let refusal = "";
try {
  connect();
} catch (error) {
  refusal = error.message;
}
if (!refusal.includes("does not run in PuerTS")) throw new Error(`connect() said: ${refusal}`);

const conversations = [
  { conv_id: "alice", conv_type: 1 },
  { conv_id: "guild", conv_type: 2 },
];
const bridge = connect({ core: new EmbeddedCore({ userId: "me", conversations }) });
const gone = [];
bridge.onConversationDeleted((event) => gone.push(...event.conversations));
const code = await new Promise((resolve) => {
  const result = bridge.ConvDelete("alice", TIMConvType.kTIMConv_C2C, resolve);
  if (result !== TIMResult.TIM_SUCC) resolve(result);
});
const left = await bridge.getConversationList();
bridge.close();
if (code !== 0 || gone.length !== 1 || left.length !== 1) {
  throw new Error(`code ${code}, ${gone.length} gone, ${left.length} left`);
}
console.log(`${format}: deleted one of two conversations with nothing but the language`);
