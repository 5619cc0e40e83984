import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { validate } from "dockerfile-utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blocksOf } from "../package/blocks.ts";
import { run } from "../runtimes/runtime.ts";
import { programAt } from "../support/programs.ts";
import { createHost, type Host, root } from "./host.ts";

const examples = join(root, "examples/deploy");
const units = ["launchpad@.service", "launchpad-train@.service", "launchpad-train@.timer"];

let host: Host;

beforeAll(async () => {
  host = await createHost();
});
afterAll(() => host?.remove());

/** The unit of one model, among commands that exist. */
async function instance(unit: string): Promise<string> {
  const file = host.at(`/etc/systemd/system/${unit.replace("@", "@iris")}`);
  const text = await readFile(join(host.clone, "examples/deploy/host", unit), "utf8");
  await writeFile(file, text);
  return file;
}

describe("examples/deploy", () => {
  it("has units that systemd finds no fault with, and that can do little harm", async () => {
    await host.run("install examples/deploy/host/launchpad-train /usr/local/bin");
    await host.run(
      "mkdir -p /srv/launchpad/iris/node_modules/.bin && install /bin/true /srv/launchpad/iris/node_modules/.bin/launchpad",
    );
    const files = await Promise.all(units.map(instance));
    const verified = await run([programAt("systemd-analyze"), "verify", "--man=no", ...files]);
    expect(verified).toMatchObject({ code: 0, stderr: "" });
    for (const file of files.filter((name) => name.endsWith(".service"))) {
      // From 0, safe, to 10; a unit that says nothing of it has 9.6. In tenths here.
      const judged = await run([programAt("systemd-analyze"), "security", "--offline=true", "--threshold=20", file]);
      expect(judged.code, `${basename(file)}: ${judged.stdout}`).toBe(0);
    }
  });

  it("has a timer that elapses every week", async () => {
    const timer = await readFile(join(examples, "host/launchpad-train@.timer"), "utf8");
    const [, calendar = ""] = /^OnCalendar=(.*)$/m.exec(timer) ?? [];
    const { code, stdout } = await run([programAt("systemd-analyze"), "calendar", "--iterations=2", calendar]);
    expect(code).toBe(0);
    const [first = 0, second = 0] = [...stdout.matchAll(/(?:Next elapse|Iter. #2): \w+ (.*) UTC/g)].map(([, time]) =>
      Date.parse(`${time}Z`),
    );
    expect(second - first).toBe(7 * 24 * 3600 * 1000);
  });

  it("has a Dockerfile that its linter finds no fault with, and that does not run as root", async () => {
    const text = await readFile(join(examples, "docker/Dockerfile"), "utf8");
    expect(validate(text).map(({ message, range }) => `line ${range.start.line + 1}: ${message}`)).toEqual([]);
    const [, ...stages] = text.split(/^FROM /m);
    expect(stages).toHaveLength(2);
    const [user] = /^USER .*$/m.exec(stages.at(-1) ?? "") ?? [];
    expect(user).toMatch(/^USER [1-9]\d*:[1-9]\d*$/);
  });

  it("has a guide that tells of every file, and whose every command is run or is one of a whole system", async () => {
    const guide = await readFile(join(examples, "README.md"), "utf8");
    const files = (await readdir(examples, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    for (const { name } of files.filter((file) => file.name !== "README.md")) {
      const told = name.endsWith(".env") ? "*.env" : name.startsWith("launchpad-train@") ? "launchpad-train@.*" : name;
      expect(guide).toContain(told);
    }
    const notes = (await blocksOf("examples/deploy/README.md")).map(({ note }) => note);
    expect(new Set(notes)).toEqual(new Set(["host", "docker", "cloudflare", "deno", "bun"]));
  });
});
