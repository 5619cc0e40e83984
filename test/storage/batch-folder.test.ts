import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openResultFolder } from "../../runtimes/cli/scoring/result-folder.ts";
import { createHost } from "../../runtimes/node.ts";
import { run, runtimes, sourceCli } from "../runtimes/runtime.ts";
import { azureKeys, type RunningAzure, startAzure } from "./azure.ts";
import { type RunningServer, s3Keys, startS3 } from "./servers.ts";

let s3: RunningServer;
let azure: RunningAzure;
let folder: string;

const settings = (): Record<string, string> => ({
  AWS_ENDPOINT_URL: `http://127.0.0.1:${s3.port}`,
  AWS_ACCESS_KEY_ID: s3Keys.access_key_id,
  AWS_SECRET_ACCESS_KEY: s3Keys.secret_access_key,
  AZURE_STORAGE_CONNECTION_STRING: `AccountName=${azureKeys.account_name};AccountKey=${azureKeys.account_key};BlobEndpoint=${azure.endpoint}`,
});

beforeAll(async () => {
  [s3, azure] = await Promise.all([startS3("results"), startAzure("results")]);
  for (const [name, value] of Object.entries(settings())) vi.stubEnv(name, value);
  folder = await mkdtemp(join(tmpdir(), "launchpad-bucket-"));
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([s3?.stop(), azure?.stop(), rm(folder, { recursive: true, force: true })]);
});

const places = () => ["s3://results/a b", "az://results/a%20b", join(folder, "files")];

describe("folder of the results of a batch", () => {
  it("publishes a file once, whoever is first, on disks, S3 and Azure", async () => {
    for (const place of places()) {
      const results = openResultFolder(place, createHost());
      // The first one is there when the others come: a service that does not know the condition is asked what it has.
      const texts = Array.from({ length: place.startsWith("az:") ? 12 : 1 }, (_, at) => `winner ${at}`);
      const won = await Promise.all(texts.map((text) => results.publish("_parts/00000.json", text)));
      expect(won.filter((one) => one)).toHaveLength(1);
      expect(await results.read("_parts/00000.json")).toBe(texts[won.indexOf(true)]);
      expect(await results.read("_parts/00001.json")).toBeUndefined();
      expect(await results.digest("_parts/00001.json")).toBeUndefined();
      await results.name("_parts/00000.json", "part-00000");
      expect(await results.digest("part-00000")).toBe(await results.digest("_parts/00000.json"));
      expect(await results.list("_parts/")).toEqual(["00000.json"]);
      await results.remove("_parts/00000.json");
      expect(await results.read("_parts/00000.json")).toBeUndefined();
    }
  });

  it("refuses what cannot say who is first", () => {
    for (const place of ["https://example.com/results", "ftp://x/y", "r2://x/y"]) {
      expect(() => openResultFolder(place, createHost())).toThrow(
        /expected a folder that all tasks reach, or one in a bucket/,
      );
    }
  });
});

describe("launchpad batch in a bucket", () => {
  it.each(["s3", "az"])("predicts a table in parts on %s, each once", async (scheme) => {
    const project = join(folder, scheme);
    await cp(fileURLToPath(new URL("../cli/project", import.meta.url)), project, { recursive: true });
    await writeFile(
      join(project, "rows.csv"),
      `id,x\n${Array.from({ length: 30 }, (_, at) => `${at},${at}`).join("\n")}`,
    );
    const launchpad = async (...args: string[]) => {
      const command = [...(runtimes.Node ?? []), sourceCli, ...args];
      const { code, stdout, stderr } = await run(command, { cwd: project, env: settings() });
      if (code !== 0) expect.fail(stderr);
      return JSON.parse(stdout);
    };
    await launchpad("train");
    const to = `${scheme}://results/scores`;
    const plan = ["batch", "plan", "--from", "rows.csv", "--to", to, "--part-rows", "15", "--skip-errors"];
    expect(await launchpad(...plan, "--columns", "id")).toMatchObject({ parts: 2 });
    const published = await Promise.all(
      ["0", "0", "1"].map((index) => launchpad("batch", "run", to, "--index", index)),
    );
    if (scheme === "az") expect(published.filter((one) => one.published)).toHaveLength(2);
    expect(await launchpad("batch", "finish", to)).toMatchObject({ rows: 30, predicted: 30 });
    const results = openResultFolder(to, createHost());
    const lines = [await results.read("part-00000.csv"), await results.read("part-00001.csv")].join("");
    expect(lines.match(/^\d+,/gm)).toEqual(Array.from({ length: 30 }, (_, at) => `${at},`));
    expect(JSON.parse((await results.read("_SUCCESS")) ?? "")).toMatchObject({ rows: 30 });
  });
});
