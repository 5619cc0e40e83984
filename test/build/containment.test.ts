import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runtimes, start } from "../runtimes/runtime.ts";
import { createProject, type Project } from "./project.ts";

const model = `
const tricks = {
  none: () => {},
  reject: () => void Promise.reject(new Error("in the background")),
  late: () => void setTimeout(() => { throw new Error("in a timer"); }, 10),
  exit: () => process.exit(3),
  lateExit: () => void setTimeout(() => process.exit(3), 10),
  print: () => {
    console.log("epoch %d", 1, { loss: 0.5 });
    console.warn("careful");
    console.table([{ a: 1 }]);
    process.stdout.write("half a ");
    process.stdout.write("line\\n");
  },
};
console.log("printed while it is imported");
export const train = () => 1;
export const test = () => ({});
export const predict = (_, { trick }) => { tricks[trick](); return { ok: trick }; };
`;

describe("code of a model in a package", () => {
  let project: Project;
  beforeAll(async () => {
    project = await createProject({
      "m.mjs": model,
      "launchpad.yml":
        'model_store: { location: ./store }\nmodel: { name: m, version: "1.0.0", module: m.mjs }\napi: { name: m }\n',
    });
    expect(await project.launchpad("train")).toMatchObject({ code: 0 });
  });
  afterAll(() => project.remove());

  for (const [name, program] of Object.entries(runtimes)) {
    it(`neither ends its server nor writes to its output, on ${name}`, async () => {
      const target = name.toLowerCase().replace(/ .*/, "");
      await project.build("--target", target, "--out", `build/${name.replace(" ", "")}`);
      const running = start([...program, join("build", name.replace(" ", ""), "index.mjs")], {
        cwd: project.folder,
        env: { PORT: "0" },
      });
      try {
        const [, url] = await running.printed(/at (\S+)\. Ctrl-C/);
        const ask = async (trick: string) => {
          const headers = { "content-type": "application/json" };
          return (await fetch(`${url}/predictions`, { method: "POST", headers, body: JSON.stringify({ trick }) }))
            .status;
        };
        const statuses: number[] = [];
        for (const trick of ["reject", "late", "exit", "lateExit", "print"]) statuses.push(await ask(trick));
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect([...statuses, await ask("none")]).toEqual([200, 200, 500, 200, 200, 200]);
      } finally {
        running.kill("SIGTERM");
      }
      const { code, stdout, stderr } = await running.finished;
      expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
      expect(stderr).toMatch(/INFO launchpad\.model: printed while it is imported\n/);
      expect(stderr).toMatch(/ERROR launchpad\.model: m 1\.0\.0: a promise was rejected .*: in the background/);
      expect(stderr).toMatch(/ERROR launchpad\.model: m 1\.0\.0: an error was thrown .*: in a timer/);
      expect(stderr).toMatch(/ERROR launchpad\.model: m 1\.0\.0: .*process\.exit\(3\) was called/);
      expect(stderr).toMatch(/INFO launchpad\.model: epoch 1 \{ loss: 0\.5 \}\n/);
      expect(stderr).toMatch(/WARNING launchpad\.model: careful\n/);
      expect(stderr).toMatch(/INFO launchpad\.model: .*index/);
      expect(stderr).toMatch(/INFO launchpad\.model: half a line\n/);
    });
  }
});
