// The built script in a Unity package's Resources folder.
import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./root.mjs";

/** The built script files. */
export function shippedScripts() {
  return readdirSync(join(root, "dist")).filter((name) => name.endsWith(".mjs"));
}

/**
 * Copies them to where PuerTS's default loader finds them under the names that npm gives them too: what is
 * imported as "x/y" it takes from `Resources/x/y.mjs`.
 */
export function copyScripts(resources) {
  for (const file of shippedScripts()) {
    const place = file === "tim-chatbridge.mjs" ? file : join("tim-chatbridge", file);
    mkdirSync(dirname(join(resources, place)), { recursive: true });
    copyFileSync(join(root, "dist", file), join(resources, place));
  }
}
