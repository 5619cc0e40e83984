import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateSigningKeys } from "../../src/internal.ts";
import { createSigner } from "../../src/store/signing/signature.ts";
import type { Meta } from "../../src/store/types.ts";
import { run, runtimes } from "./runtime.ts";

/** As much of metadata as a signature is over; what runtimes might write differently is in it. */
const meta = { name: "é😀", version: "1.0.0", run: "r", numbers: [1e21, 1e-7, 0.1, -0], z: { b: null, a: true } };

/** What each runtime does: makes keys, signs, verifies that and what this process signed, and refuses what was altered. */
const body = `
  import { createSigner, createVerifier, generateSigningKeys } from "./signature.ts";
  export async function check({ meta, verify_key, sign_key }) {
    const own = await generateSigningKeys();
    const signature = await (await createSigner(own.sign_key, "test")).sign(meta);
    await createVerifier([own.verify_key])({ ...meta, signature });
    await createVerifier([own.verify_key, verify_key])(meta);
    const refused = (promise) => promise.then(() => "accepted", (error) => error.code);
    const { signature: _, ...unsigned } = meta;
    return {
      altered: await refused(createVerifier([verify_key])({ ...meta, run: "s" })),
      foreign: await refused(createVerifier([own.verify_key])(meta)),
      unsigned: await refused(createVerifier([verify_key])(unsigned)),
      broken: await refused(createSigner("AAAA", "test")),
      // Ed25519 signatures are the same everywhere.
      value: (await (await createSigner(sign_key, "test")).sign(unsigned)).value,
    };
  }
`;
const expected = {
  altered: "STORE_UNTRUSTED",
  foreign: "STORE_UNTRUSTED",
  unsigned: "STORE_UNTRUSTED",
  broken: "CONFIG_INVALID",
};

let folder: string;
let input: object;
let value: string;

const bundle = async (end: string) => {
  const { outputFiles } = await build({
    stdin: {
      contents: body + end,
      resolveDir: fileURLToPath(new URL("../../src/store/signing", import.meta.url)),
      loader: "ts",
    },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
  });
  return outputFiles[0]?.text ?? "";
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-"));
  const keys = await generateSigningKeys();
  const signature = await (await createSigner(keys.sign_key, "test")).sign(meta as unknown as Meta);
  value = signature.value;
  input = { meta: { ...meta, signature }, ...keys };
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("signatures", () => {
  it.each(Object.entries(runtimes))("are made and verified on %s", async (name, command) => {
    const file = join(folder, `${name.replace(" ", "-")}.mjs`);
    await writeFile(file, await bundle(`console.log(JSON.stringify(await check(${JSON.stringify(input)})));`));
    const { code, stdout, stderr } = await run([...command, file], { cwd: folder });
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ ...expected, value });
  });

  it("are made and verified on workerd", async () => {
    const contents = await bundle(
      `export default { fetch: async (request) => Response.json(await check(await request.json())) };`,
    );
    const worker = new Miniflare({
      modules: [{ type: "ESModule", path: "worker.mjs", contents }],
      compatibilityDate: "2026-07-01",
    });
    try {
      const { origin } = await worker.ready;
      const response = await fetch(origin, { method: "POST", body: JSON.stringify(input) });
      expect(await response.json()).toEqual({ ...expected, value });
    } finally {
      await worker.dispose();
    }
  });
});
