import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, runtimes, sourceCli } from "../runtimes/runtime.ts";
import { type RunningServer, type RunningWebServer, s3Keys, startFiles, startRedis, startS3 } from "./servers.ts";

const password = "a-pass-word";
const secrets = { S3_ID: s3Keys.access_key_id, S3_SECRET: s3Keys.secret_access_key, REDIS_PASSWORD: password };

let folder: string;
let s3: RunningServer;
let redis: RunningServer;
let web: RunningWebServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-"));
  await cp(fileURLToPath(new URL("../cli/project", import.meta.url)), folder, { recursive: true });
  [s3, redis, web] = await Promise.all([startS3("models"), startRedis({ password }), startFiles(folder)]);
});

afterAll(async () => {
  await Promise.all([s3.stop(), redis.stop(), web.stop()]);
  await rm(folder, { recursive: true });
});

/** Moves the project's model store by a second configuration file, and runs a command. */
async function launchpad(program: readonly string[], store: string, command: readonly string[], input = "") {
  const overlay = join(folder, "store.yml");
  await writeFile(overlay, `model_store:\n${store}`);
  const config = ["-c", join(folder, "launchpad.yml"), "-c", overlay];
  const finished = await run([...program, sourceCli, ...config, ...command], { env: secrets, input });
  expect(finished.stdout + finished.stderr).not.toContain(password);
  return finished;
}

/** The storages that can be written to, one place for each runtime. */
const stores: Record<string, (place: string) => string> = {
  S3: (place) => `  location: s3://models/${place}
  endpoint: http://127.0.0.1:${s3.port}
  options: { access_key_id_var: S3_ID, secret_access_key_var: S3_SECRET }
`,
  Redis: (place) => `  location: redis://127.0.0.1:${redis.port}
  password_var: REDIS_PASSWORD
  options: { prefix: ${place} }
`,
};

for (const name of ["Node", "Bun", "Deno"]) {
  const program = runtimes[name] ?? [];

  describe(`a project on ${name} that keeps its models elsewhere`, () => {
    for (const [kind, store] of Object.entries(stores)) {
      it(`trains, predicts and lists with ${kind}`, async () => {
        const place = store(name.toLowerCase());
        const untrained = await launchpad(program, place, ["predict"], '{"x":2}');
        expect(untrained, untrained.stderr).toMatchObject({ code: 1, stderr: expect.stringContaining("train") });
        const trained = await launchpad(program, place, ["train"]);
        expect(trained, trained.stderr).toMatchObject({ code: 0 });
        const predicted = await launchpad(program, place, ["predict"], '{"x":2}');
        expect(predicted, predicted.stderr).toMatchObject({ code: 0 });
        expect(JSON.parse(predicted.stdout)).toEqual({ y: 4 });
        const listed = await launchpad(program, place, ["models"]);
        expect(listed, listed.stderr).toMatchObject({ code: 0 });
        expect(JSON.parse(listed.stdout)).toMatchObject({ means: { "0.1.0": { metrics: { mean: 2 } } } });
      });
    }

    it("serves a folder behind a web server, and does not train into it", async () => {
      const trained = await launchpad(program, `  location: ./${name}-store\n`, ["train"]);
      expect(trained, trained.stderr).toMatchObject({ code: 0 });
      const place = `  location: ${web.origin}/${name}-store\n`;
      const predicted = await launchpad(program, place, ["predict"], '{"x":2}');
      expect(predicted, predicted.stderr).toMatchObject({ code: 0 });
      expect(JSON.parse(predicted.stdout)).toEqual({ y: 4 });
      expect(await launchpad(program, place, ["train"])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("it is read-only"),
      });
    });

    it("says in one line that its server is away", async () => {
      const away = "  location: redis://127.0.0.1:1\n";
      const { code, stderr } = await launchpad(program, away, ["predict"], '{"x":2}');
      const lines = stderr.trim().split("\n");
      expect(code, stderr).toBe(1);
      expect(lines.filter((line) => !/^\S+ (DEBUG|INFO) /.test(line))).toEqual([lines.at(-1)]);
      expect(lines.at(-1)).toMatch(/^launchpad: \[store\] redis:\/\/127\.0\.0\.1:1 cannot be read .*ECONNREFUSED/);
    });
  });
}
