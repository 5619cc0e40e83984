import { type Gate, parseGate } from "../../config/gate.ts";
import type { Meta } from "../../store/types.ts";
import type { Json } from "../../util/json.ts";

/** A gate that a trained model misses. */
export interface MissedGate {
  /** As it was written, `>= previous`. */
  readonly gate: string;
  /** The metric's name, or the path that leads to it. */
  readonly metric: string;
  /** Null when there is no such metric, or it is no number. */
  readonly found: number | null;
  /** The number on the gate's right side; null when it speaks of a previous metric and there is none. */
  readonly expected: number | null;
  /** The metrics that are numbers, when there is none of that name. */
  readonly known?: readonly string[];
  /** How far the one is from the other; null when one of them is missing. */
  readonly by: number | null;
}

const holds: Readonly<Record<Gate["operator"], (found: number, bound: number) => boolean>> = {
  ">=": (found, bound) => found >= bound,
  ">": (found, bound) => found > bound,
  "<=": (found, bound) => found <= bound,
  "<": (found, bound) => found < bound,
  "==": (found, bound) => found === bound,
};

/**
 * Finds the gates that metrics miss. A metric that is missing or no number misses its gate; a gate that speaks of a
 * previous metric is passed when there is none.
 *
 * @param gates Gates by metric: its name, or a path such as `per_class.setosa.f1`.
 * @param metrics The metrics of the new model.
 * @param previous The newest metrics of the model that serves; undefined if none does.
 *
 * @returns The missed gates.
 */
export function missedGates(
  gates: Readonly<Record<string, string>>,
  metrics: Meta["metrics"],
  previous: Meta["metrics"] | undefined,
): readonly MissedGate[] {
  return Object.entries(gates).flatMap(([metric, text]) => {
    // The configuration was checked: every text is a gate.
    const gate = parseGate(text);
    if (gate === undefined) return [];
    const found = numberAt(metrics, metric);
    const bound = gate.bound(previous && numberAt(previous, metric));
    if (found !== undefined && (bound === undefined || holds[gate.operator](found, bound))) return [];
    const by = found === undefined || bound === undefined ? null : rounded(Math.abs(found - bound));
    const known =
      found === undefined
        ? { known: Object.keys(metrics).filter((name) => numberAt(metrics, name) !== undefined) }
        : {};
    return [{ gate: text, metric, found: found ?? null, expected: bound ?? null, by, ...known }];
  });
}

/**
 * Creates the line that says which gate was missed and by how much.
 *
 * @param missed The gate.
 *
 * @returns `accuracy is 0.85, expected >= 0.9: missed by 0.05`.
 */
export function describeMissed({ gate, metric, found, expected, by, known = [] }: MissedGate): string {
  if (found === null) {
    return `${metric} is missing or no number, expected ${gate}; metrics that are numbers: ${known.join(", ") || "none"}`;
  }
  const bound = gate.includes("previous") ? `${gate}, which is ${expected}` : gate;
  const far = by === 0 ? "missed by nothing: they are equal" : `missed by ${by}`;
  return `${metric} is ${found}, expected ${bound}: ${far}`;
}

/** A metric may have a name with dots in it. */
function numberAt(metrics: Meta["metrics"], path: string): number | undefined {
  const whole = ownValue(metrics, path);
  const value = whole === undefined ? path.split(".").reduce<Json | undefined>(ownValue, metrics) : whole;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function ownValue(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as { readonly [key: string]: Json })[key];
}

/** Without the noise of binary fractions: 0.9 - 0.85 is 0.05. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
