import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { served } from "../../support/served.ts";

const page = "https://docs.example.com/reference/errors";

describe("api.problem_types", () => {
  it("leads from a problem to the part of the page about its code", async () => {
    const { ask } = await served({ problem_types: page });
    const problem = await (await ask("/nowhere")).json();
    expect(problem).toMatchObject({ type: `${page}#not_found`, code: "NOT_FOUND" });
    const { hash } = new URL(problem.type);
    const reference = await readFile(new URL("../../../docs/reference/3.errors.md", import.meta.url), "utf8");
    const anchors = Array.from(reference.matchAll(/^## (\w+)$/gm), ([, code = ""]) => `#${code.toLowerCase()}`);
    expect(anchors).toContain(hash);
  });

  it("is about:blank without a page", async () => {
    const { ask } = await served({});
    expect(await (await ask("/nowhere")).json()).toMatchObject({ type: "about:blank" });
  });

  it.each(["errors", "/errors", "ftp://x/errors", `${page}#top`, "https://", 1])(
    "refuses %j",
    async (problem_types) => {
      await expect(served({ problem_types })).rejects.toMatchObject({
        code: "CONFIG_INVALID",
        message: expect.stringMatching(/api\.problem_types: found .*, expected the URL of the page about errors/),
      });
    },
  );
});
