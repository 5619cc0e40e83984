import { createHash } from "node:crypto";
import { type Cell, canonicalJson, LaunchpadError, type RunName } from "../../../src/internal.ts";
import type { ResultFolder } from "./result-folder.ts";

/** Rows that one task predicts. */
export interface Part {
  readonly index: number;
  /** How many rows it has; null for those of a range of keys, which are not counted before. */
  readonly rows: number | null;
  /** The number of its first row, from 0. */
  readonly start: number;
  /** The range of keys that the source is asked for by parameters, where the parts are such ranges. */
  readonly keys?: { readonly key_from: number; readonly key_to: number };
}

/** What the tasks of a batch have in common: nobody may change it. */
export interface Plan {
  readonly format: "mllaunchpad-batch/2";
  readonly created: string;
  readonly from: string;
  readonly from_format: string | null;
  readonly to_format: string;
  readonly columns: readonly string[];
  readonly params: Readonly<Record<string, Cell>>;
  readonly skip_errors: boolean;
  /** The run that predicts, whatever serves by then, and the digest of its contents. */
  readonly model: RunName & { readonly sha256: string };
  /** How many rows there are; null where parts are ranges of keys. */
  readonly rows: number | null;
  /** Whether each part is read from where it begins, since the source has parts that can be read by themselves. */
  readonly by_groups: boolean;
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
export async function writePlan(folder: ResultFolder, plan: Plan): Promise<Plan> {
  const text = `${JSON.stringify({ ...plan, sha256: planDigest(plan) }, null, 2)}\n`;
  if (await folder.publish(planName, text)) return plan;
  const other = await readPlan(folder);
  if (planDigest({ ...other, created: "" }) === planDigest({ ...plan, created: "" })) return other;
  throw new LaunchpadError(
    "USAGE",
    `${folder.shown}: expected no plan of another batch, found ${planName}. Plan into another folder, or remove it`,
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
export async function readPlan(folder: ResultFolder): Promise<Plan> {
  const path = folder.at(planName);
  const text = await folder.read(planName);
  if (text === undefined) {
    throw new LaunchpadError(
      "USAGE",
      `${folder.shown}: expected a folder with ${planName}, found none. launchpad batch plan makes it`,
    );
  }
  try {
    const { sha256, ...plan } = JSON.parse(text) as Plan & { readonly sha256: string };
    if (plan.format === "mllaunchpad-batch/2" && planDigest(plan) === sha256) return plan;
  } catch {
    // What is no JSON was altered as well.
  }
  throw new LaunchpadError(
    "DATA_INVALID",
    `${path}: expected the plan as it was made, found one that was altered. Plan again, into another folder`,
  );
}
