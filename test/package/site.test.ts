import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { run } from "../runtimes/runtime.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const dist = join(root, "docs/site/dist");

describe("npm run docs:site", () => {
  it("makes a site of the pages that can be searched, and of everything that can be imported, with a comment for each", async () => {
    const made = await run([process.execPath, "docs/tools/site.ts"], { cwd: root });
    expect(made, made.stdout + made.stderr).toMatchObject({ code: 0 });

    for (const folder of ["guide", "reference", "internals"]) {
      const pages = (await readdir(join(root, "docs", folder))).filter((file) => file.endsWith(".md"));
      const there = await readdir(join(dist, folder));
      expect(there.sort()).toEqual(pages.map((page) => page.replace(/\.md$/, ".html")).sort());
    }
    const front = await readFile(join(dist, "index.html"), "utf8");
    expect(front).toMatch(/VPNavBarSearch/);
    expect(front).toMatch(/VPSwitchAppearance/);
    const chunks = await readdir(join(dist, "assets/chunks"));
    expect(chunks.some((file) => file.startsWith("@localSearchIndex"))).toBe(true);
    expect(await readFile(join(dist, "api/functions/src.defineModel.html"), "utf8")).toContain("defineModel");
  }, 300_000);
});
