import { gzipSync } from "node:zlib";
import type { Metafile } from "esbuild";
import type { Target } from "./targets.ts";

/** How large a package is. */
export interface Sizes {
  /** In bytes. */
  readonly raw: number;
  /** In bytes, compressed with gzip as Cloudflare measures it. */
  readonly gzip: number;
  /** What it is made of, the largest first, in bytes before compression. */
  readonly parts: readonly { readonly name: string; readonly bytes: number }[];
}

const megabyte = 1024 * 1024;

/** What a Worker may have, compressed, https://developers.cloudflare.com/workers/platform/limits/#worker-size */
const workerLimits = [
  { bytes: 10 * megabyte, plan: "10 MB of the paid plan" },
  { bytes: 3 * megabyte, plan: "3 MB of the free plan" },
];

/** The memory of an isolate. */
const workerMemory = 128 * megabyte;

/**
 * Measures a package.
 *
 * @param code Its code.
 * @param metafile What esbuild says of it.
 *
 * @returns Its sizes, and those of packages, of Launchpad and of the model in it.
 */
export function measure(code: Uint8Array, metafile: Metafile): Sizes {
  const sums = new Map<string, number>();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const name = partOf(file);
      sums.set(name, (sums.get(name) ?? 0) + bytesInOutput);
    }
  }
  const parts = Array.from(sums, ([name, bytes]) => ({ name, bytes }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes);
  return { raw: code.length, gzip: gzipSync(code, { level: 9 }).length, parts };
}

/** `ml-matrix`, `launchpad`, `trained model`, or the user's own code. */
function partOf(file: string): string {
  if (file.startsWith("launchpad-embedded:")) return "trained model";
  if (/^<|^launchpad-(left-out|project):/.test(file)) return "configuration and API";
  const inPackage = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1];
  if (/(^|\/)(sources\/)?(src|runtimes)\/.*\.ts$/.test(file) && (inPackage ?? "mllaunchpad") === "mllaunchpad") {
    return "launchpad";
  }
  return inPackage ?? "your code";
}

/**
 * Finds what of a package comes near the limits of its platform.
 *
 * @param target Where it runs.
 * @param gzip Its compressed size in bytes.
 * @param contents The contents of the model in bytes, if that is known.
 * @param isEmbedded Whether they are in the package.
 *
 * @returns Warnings with the figures.
 */
export function limitWarnings(
  target: Target,
  gzip: number,
  contents: number | undefined,
  isEmbedded: boolean,
): string[] {
  if (target !== "cloudflare") return [];
  const warnings: string[] = [];
  const limit = workerLimits.find(({ bytes }) => gzip > 0.8 * bytes);
  if (limit) {
    const relation = gzip > limit.bytes ? "more than" : "near";
    warnings.push(
      `the package has ${showBytes(gzip)} compressed, ${relation} the ${limit.plan} of Workers. ` +
        (isEmbedded ? "Keep the model outside: --model store" : "See its largest parts"),
    );
  }
  // In the package the bytes stand as text, and are decoded once; the codec makes of them what predicts.
  const needed = (contents ?? 0) * (isEmbedded ? 3 : 2);
  if (needed > 0.5 * workerMemory) {
    warnings.push(
      `the contents of the model have ${showBytes(contents ?? 0)}, which needs about ${showBytes(needed)} while it is loaded; ` +
        `a Worker has ${showBytes(workerMemory)} of memory for everything`,
    );
  }
  return warnings;
}

/** Creates the text for a number of bytes. */
export function showBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < megabyte ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / megabyte).toFixed(1)} MB`;
}
