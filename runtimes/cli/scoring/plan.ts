import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Cell, canonicalJson, LaunchpadError, type RunName } from "../../../src/internal.ts";
import { isCode } from "../../io/error-code.ts";
import { publishOnce } from "./publish.ts";

/** Rows that one task predicts. */
export interface Part {
  readonly index: number;
  /** The number of its first row, from 0. */
  readonly start: number;
  /** The number after its last row. */
  readonly end: number;
}

/** What the tasks of a batch have in common: nobody may change it. */
export interface Plan {
  readonly format: "mllaunchpad-batch/1";
  readonly created: string;
  readonly from: string;
  readonly from_format: string | null;
  readonly to_format: string;
  readonly columns: readonly string[];
  readonly params: Readonly<Record<string, Cell>>;
  readonly skip_errors: boolean;
  /** The run that predicts, whatever serves by then, and the digest of its contents. */
  readonly model: RunName & { readonly sha256: string };
  readonly rows: number;
  readonly parts: readonly Part[];
}

const planName = "_plan.json";

/**
 * Computes the digest of a plan.
 *
 * @param plan The plan.
 *
 * @returns SHA-256 of its canonical JSON, lower-case hexadecimal.
 */
export function planDigest(plan: Plan): string {
  return createHash("sha256").update(canonicalJson(plan)).digest("hex");
}

/**
 * Writes a plan into the folder of its results. A folder has one: the same once more changes nothing.
 *
 * @param folder The folder.
 * @param plan The plan.
 *
 * @returns The plan that is there now.
 *
 * @throws USAGE when there is another one.
 */
export async function writePlan(folder: string, plan: Plan): Promise<Plan> {
  const text = `${JSON.stringify({ ...plan, sha256: planDigest(plan) }, null, 2)}\n`;
  if (await publishOnce(join(folder, planName), text)) return plan;
  const other = await readPlan(folder);
  if (planDigest({ ...other, created: "" }) === planDigest({ ...plan, created: "" })) return other;
  throw new LaunchpadError(
    "USAGE",
    `${folder}: expected no plan of another batch, found ${planName}. Plan into another folder, or remove it`,
  );
}

/**
 * Reads the plan of a folder.
 *
 * @param folder The folder.
 *
 * @returns The plan.
 *
 * @throws USAGE when there is none; DATA_INVALID when it was altered.
 */
export async function readPlan(folder: string): Promise<Plan> {
  const path = join(folder, planName);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    if (!isCode(cause, "ENOENT", "ENOTDIR")) throw cause;
    throw new LaunchpadError(
      "USAGE",
      `${folder}: expected a folder with ${planName}, found none. launchpad batch plan makes it`,
      { cause },
    );
  }
  try {
    const { sha256, ...plan } = JSON.parse(text) as Plan & { readonly sha256: string };
    if (plan.format === "mllaunchpad-batch/1" && planDigest(plan) === sha256) return plan;
  } catch {
    // What is no JSON was altered as well.
  }
  throw new LaunchpadError(
    "DATA_INVALID",
    `${path}: expected the plan as it was made, found one that was altered. Plan again, into another folder`,
  );
}
