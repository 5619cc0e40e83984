import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run, runtimes, sourceCli } from "../runtimes/runtime.ts";

const project = fileURLToPath(new URL("project", import.meta.url));
const node = [...(runtimes.Node ?? []), sourceCli];

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-gates-"));
  await cp(project, folder, { recursive: true });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a command with more configuration over the project's. */
async function launchpad(args: readonly string[], overlay = "{}", env: Record<string, string> = {}) {
  await writeFile(join(folder, "overlay.yml"), overlay);
  return run([...node, "-c", "launchpad.yml", "-c", "overlay.yml", ...args], { cwd: folder, input: '{"x": 1}', env });
}

describe("launchpad train", () => {
  it("keeps a model that misses a gate, says which and by how much, and ends with 3", async () => {
    const gates = 'model: { gates: { mean: "<= previous + 0.5" }';
    expect(await launchpad(["train"], `${gates} }`)).toMatchObject({ code: 0 });
    const missed = await launchpad(["train"], `${gates}, scale: 2 }`);
    expect(missed).toMatchObject({ code: 3 });
    expect(JSON.parse(missed.stdout)).toEqual({ mean: 4 });
    expect(missed.stderr).toContain("gate missed: mean is 4, expected <= previous + 0.5, which is 2.5: missed by 1.5");
    expect(missed.stderr).toContain("[GATE_MISSED]");
    expect(JSON.parse((await launchpad(["predict"])).stdout)).toEqual({ y: 2 });

    const [, reference = ""] = /launchpad models promote (\S+)/.exec(missed.stderr) ?? [];
    expect(await launchpad(["models", "promote", reference])).toMatchObject({ code: 0 });
    expect(JSON.parse((await launchpad(["predict"])).stdout)).toEqual({ y: 4 });
  });

  it("refuses a gate that is none before anything is trained, and says where it stands", async () => {
    const { code, stdout, stderr } = await launchpad(["train"], 'model:\n  gates:\n    mean: "about 2"\n');
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/overlay\.yml line 3: model\.gates\.mean: found "about 2", expected a gate/);
  });

  it("keeps a model that would break callers, says what breaks, and ends with 3", async () => {
    const raml = (required: boolean) => `#%RAML 0.8
title: means
version: v0
/means:
  get:
    queryParameters:
      x: { type: number, required: ${required} }
`;
    await writeFile(join(folder, "means.raml"), raml(false));
    const overlay = "api: { raml: ./means.raml }\n";
    expect(await launchpad(["train"], overlay)).toMatchObject({ code: 0 });
    await writeFile(join(folder, "means.raml"), raml(true));
    const broken = await launchpad(["train"], `${overlay}model: { breaking: refuse }\n`);
    expect(broken).toMatchObject({ code: 3, stderr: expect.stringContaining("[BREAKING_CHANGE]") });
    expect(broken.stderr).toContain("/means: the parameter x is required now");
    expect(await launchpad(["train"], `${overlay}model: { breaking: allow }\n`)).toMatchObject({ code: 0 });
    // Semantic versioning lets 0.x break what it likes: it is said, and the model serves.
    await writeFile(
      join(folder, "means.raml"),
      raml(true).replace("      x:", "      z: { type: number, required: true }\n      x:"),
    );
    const early = await launchpad(["train"], overlay);
    expect(early, early.stderr).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("the parameter z is new and required"),
    });
    await writeFile(join(folder, "means.raml"), "#%RAML 0.8\n/means: [\n");
    expect(await launchpad(["train"], overlay)).toMatchObject({ code: 2, stdout: "" });
  });
});

describe("launchpad models keygen", () => {
  it("prints a pair of keys with which a training is signed, and a model verified", async () => {
    const printed = await launchpad(["models", "keygen"]);
    const { sign_key: secret, verify_key: open } = JSON.parse(printed.stdout);
    const verify = `model_store: { verify_key: "${open}" }\n`;
    const both = `model_store: { verify_key: "${open}", sign_key_var: LAUNCHPAD_SIGN_KEY }\n`;
    const signed = await launchpad(["train"], both, { LAUNCHPAD_SIGN_KEY: secret });
    expect(signed, signed.stderr).toMatchObject({ code: 0 });
    expect(signed.stderr).not.toContain(secret);
    expect(JSON.parse((await launchpad(["predict"], verify)).stdout)).toEqual({ y: 2 });
    expect(JSON.parse((await launchpad(["predict"], both)).stdout)).toEqual({ y: 2 });
    await launchpad(["train"], both, { LAUNCHPAD_SIGN_KEY: secret });
    for (const args of [["models", "rollback", "means"], ["models", "alias", "means", "stable"], ["retest"]]) {
      const refused = await launchpad(args, both);
      expect(refused).toMatchObject({ code: 2, stdout: "" });
      expect(refused.stderr).toContain("the environment variable LAUNCHPAD_SIGN_KEY is not set");
      expect((await launchpad(args, verify)).stderr).toContain("found no sign_key_var");
      expect(await launchpad(args, both, { LAUNCHPAD_SIGN_KEY: secret })).toMatchObject({ code: 0 });
    }
    expect(JSON.parse((await launchpad(["predict"], verify)).stdout)).toEqual({ y: 2 });
    expect(await launchpad(["train"], both)).toMatchObject({ code: 2, stderr: expect.stringContaining("is not set") });
    expect(await launchpad(["train"])).toMatchObject({ code: 0 });
    expect(await launchpad(["predict"], verify)).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("[STORE_UNTRUSTED]"),
    });
  });
});
