import type { FieldDrift, Measure } from "../../monitoring/drift/compare.ts";
import { familyText, type Sample } from "../metrics/text.ts";
import type { WindowDrift } from "./drift-state.ts";

const measures = ["psi", "js", "ks", "missing", "new_values", "below", "above"] as const;

/**
 * Creates metrics of windows that have ended.
 *
 * @param windows The newest of each run.
 * @param shared Labels that all numbers have.
 *
 * @returns The text format of Prometheus.
 */
export function driftMetrics(windows: readonly WindowDrift[], shared: Readonly<Record<string, string>> = {}): string {
  const gauge = (name: string, help: string, samples: readonly Sample[]) =>
    familyText(name, "gauge", help, samples, shared);
  const all = windows.flatMap(({ version, run, report }) =>
    [...fieldsOf(report.inputs, "input"), ...fieldsOf(report.outputs, "output")].map(([labels, field]) => ({
      labels: { version, run, ...labels },
      field,
    })),
  );
  const measured = (name: string, of: (measure: Measure) => number): Sample[] =>
    all.flatMap(({ labels, field }) =>
      measures.flatMap((measure): Sample[] => {
        const found = field[measure];
        return found === undefined ? [] : [[name, { ...labels, measure }, of(found)]];
      }),
    );
  const ofWindow = (name: string, value: (window: WindowDrift) => number): Sample[] =>
    windows.map((window) => [name, { version: window.version, run: window.run }, value(window)]);
  const promised = windows.flatMap(({ version, run, report: { performance: promise } }): Sample[] =>
    promise
      ? [
          ["launchpad_estimated_accuracy", { version, run, of: "window" }, promise.estimated.accuracy],
          ["launchpad_estimated_accuracy", { version, run, of: "reference" }, promise.reference.accuracy],
          ["launchpad_estimated_accuracy", { version, run, of: "limit" }, promise.accuracy_limit],
        ]
      : [],
  );
  return [
    gauge(
      "launchpad_drift",
      "Distance from the training in the last window.",
      measured("launchpad_drift", ({ value }) => value),
    ),
    gauge(
      "launchpad_drift_limit",
      "What chance exceeds too seldom, by the number of predictions.",
      measured("launchpad_drift_limit", ({ limit }) => limit),
    ),
    gauge(
      "launchpad_drift_alarm",
      "Whether an input or output has drifted.",
      all.map(({ labels, field }): Sample => ["launchpad_drift_alarm", labels, field.drifted.length > 0 ? 1 : 0]),
    ),
    gauge(
      "launchpad_drift_rows",
      "Predictions of the last window.",
      ofWindow("launchpad_drift_rows", ({ report }) => report.rows),
    ),
    gauge(
      "launchpad_drift_window_start_timestamp_seconds",
      "When the last window began.",
      ofWindow("launchpad_drift_window_start_timestamp_seconds", ({ start }) => Date.parse(start) / 1000),
    ),
    gauge("launchpad_estimated_accuracy", "Accuracy that the probabilities promise (CBPE).", promised),
  ].join("");
}

function fieldsOf(
  fields: Readonly<Record<string, FieldDrift>>,
  kind: "input" | "output",
): (readonly [Readonly<Record<string, string>>, FieldDrift])[] {
  return Object.entries(fields).map(([field, drift]) => [{ kind, field }, drift]);
}
