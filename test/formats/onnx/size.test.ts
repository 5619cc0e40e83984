import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, it } from "vitest";

/** Largest reader in a package, compressed. */
const maxBytes = 30_000;

it(`takes at most ${maxBytes} bytes of a package, compressed`, async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../../../src/model/types/onnx/index.ts", import.meta.url))],
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  const bytes = gzipSync(outputFiles[0]?.contents ?? new Uint8Array()).length;
  console.log(`The ONNX reader: ${bytes} bytes compressed`);
  expect(bytes).toBeGreaterThan(1000);
  expect(bytes).toBeLessThanOrEqual(maxBytes);
});
