import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { puertsSource } from "../../tools/lib/puerts-source.mjs";
import { root } from "../../tools/lib/root.mjs";

const folder = mkdtempSync(join(tmpdir(), "chatbridge-feeds-"));
afterAll(() => rmSync(folder, { recursive: true }));

const ids = ["Puerts.Core.Complete", "Puerts.V8.Complete", "Puerts.QuickJS.Complete"];

describe("PUERTS_NUGET_SOURCE", () => {
  test("a folder of packages, from where the user is; a folder for each id; a feed", () => {
    mkdirSync(join(folder, "flat"));
    for (const id of ids) writeFileSync(join(folder, "flat", `${id}.3.0.2.nupkg`), "");
    expect(puertsSource("flat", folder)).toEqual({ source: join(folder, "flat") });
    for (const id of ids) mkdirSync(join(folder, "deep", id.toLowerCase()), { recursive: true });
    expect(puertsSource(join(folder, "deep"), "/")).toEqual({ source: join(folder, "deep") });
    expect(puertsSource("https://feed/v3/index.json", "/")).toEqual({ source: "https://feed/v3/index.json" });
  });

  test("a folder that is not there, a file, a folder without packages: says so, and what to do", () => {
    const fault = (value: string): string | undefined => puertsSource(value, folder).fault;
    const there = join(folder, "there");
    expect(fault("there")).toMatch(
      `PUERTS_NUGET_SOURCE names ${there}, a folder that is not there. Set it to a folder`,
    );
    writeFileSync(there, "");
    expect(fault("there")).toMatch(/, which is a file and not a folder\. Set it to/);
    rmSync(there);
    mkdirSync(there);
    writeFileSync(join(there, "Puerts.Core.Complete.3.0.2.nupkg"), "");
    expect(fault("there")).toMatch(/, a folder without Puerts\.V8\.Complete, Puerts\.QuickJS\.Complete\. Set it to/);
  });

  test("npm run test:puerts fails with it, and skips nothing: the suite was asked for", () => {
    const env = { ...process.env, PUERTS_NUGET_SOURCE: "no/such/folder", INIT_CWD: folder };
    const program =
      "const { suites } = await import('./tools/lib/suites.mjs'); console.log(JSON.stringify(suites.puerts()));";
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
      cwd: root,
      env,
      encoding: "utf8",
    });
    const said = JSON.parse(stdout);
    expect(said).toMatchObject({ passed: 0, failed: 1, skipped: 0 });
    expect(said.failures).toEqual([expect.stringContaining("a folder that is not there")]);
  });
});
