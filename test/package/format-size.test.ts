import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

/** Size of a module with what it imports, beside the errors that every package has, minified and compressed. */
const sizeOf = async (entry: string): Promise<number> => {
  const { outputFiles } = await build({
    entryPoints: [`src/model/types/${entry}`],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    external: ["*/errors.ts"],
    write: false,
  });
  return gzipSync(outputFiles[0]?.contents ?? new Uint8Array(0), { level: 9 }).length;
};

describe("a format in a package", () => {
  it.each(["xgboost", "lightgbm", "catboost"])(
    "%s takes at most 8 kB where it serves, and some 12 kB where it reads files",
    async (name) => {
      const serving = await sizeOf(`${name}/restore.ts`);
      const whole = await sizeOf(`${name}/index.ts`);
      console.info(`${name}: ${serving} bytes serve, ${whole} read files as well`);
      expect(serving).toBeGreaterThan(1000);
      expect(serving).toBeLessThanOrEqual(8_000);
      expect(whole).toBeLessThanOrEqual(name === "xgboost" ? 13_700 : 12_600);
    },
  );
});
