import { type ClassificationCounts, calibrationOf, type RegressionCounts, thresholdsOf } from "mllaunchpad/metrics";
import { useState } from "preact/hooks";
import { Plot, Table } from "./charts.tsx";
import { short } from "./data.ts";

const diagonal = {
  points: [
    [0, 0],
    [1, 1],
  ] as const,
  kind: "ideal" as const,
};
const unit = [0, 1] as const;

/** Curves of a classification, and what a threshold makes of it. */
export function Classification({ counts }: { readonly counts: ClassificationCounts }) {
  const [at, setAt] = useState(0);
  const curve = counts.curves[at];
  if (!curve) return null;
  const name = String(counts.classes[curve.of]);
  const points = thresholdsOf(curve.bins);
  const roc = points.map(
    (one) =>
      [
        one.falsePositives / (one.falsePositives + one.trueNegatives || 1),
        one.truePositives / (one.truePositives + one.falseNegatives || 1),
      ] as const,
  );
  const precision = points
    .slice(1)
    .map(
      (one) =>
        [
          one.truePositives / (one.truePositives + one.falseNegatives || 1),
          one.truePositives / (one.truePositives + one.falsePositives),
        ] as const,
    );
  const calibration = calibrationOf(curve).map((one) => [one.predicted, one.actual] as const);
  return (
    <>
      <h2>Curves</h2>
      {counts.curves.length > 1 && (
        <p>
          <label>
            Class{" "}
            <select value={at} onInput={(event) => setAt(Number(event.currentTarget.value))}>
              {counts.curves.map((one, index) => (
                <option key={one.of} value={index}>
                  {String(counts.classes[one.of])}
                </option>
              ))}
            </select>
          </label>
        </p>
      )}
      <div class="columns">
        <section>
          <h3>ROC of {name}</h3>
          <Plot
            label={`ROC curve of ${name}`}
            x="false positive rate"
            y="true positive rate"
            lines={[diagonal, { points: roc }]}
            xRange={unit}
            yRange={unit}
          />
        </section>
        <section>
          <h3>Precision and recall of {name}</h3>
          <Plot
            label={`Precision and recall of ${name}`}
            x="recall"
            y="precision"
            lines={[{ points: precision }]}
            xRange={unit}
            yRange={unit}
          />
        </section>
        {calibration.length > 0 && (
          <section>
            <h3>Calibration of {name}</h3>
            <Plot
              label={`Calibration of ${name}`}
              x="predicted probability"
              y="actual share"
              lines={[diagonal, { points: calibration }]}
              dots={calibration}
              xRange={unit}
              yRange={unit}
            />
          </section>
        )}
        <Tuner points={points.slice(1)} name={name} />
      </div>
    </>
  );
}

function Tuner({ points, name }: { readonly points: ReturnType<typeof thresholdsOf>; readonly name: string }) {
  const near = points.findIndex((one) => one.score <= 0.5);
  const [at, setAt] = useState(near < 0 ? 0 : points.length - 1 - near);
  const point = points[points.length - 1 - at];
  if (!point) return null;
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn } = point;
  const [precision, recall] = [tp / (tp + fp || 1), tp / (tp + fn || 1)];
  return (
    <section>
      <h3>Threshold of {name}</h3>
      <label>
        predicted from a score of <output>{short(point.score)}</output>
        <input
          type="range"
          min="0"
          max={points.length - 1}
          value={at}
          aria-valuetext={`score ${short(point.score)}, precision ${short(precision)}, recall ${short(recall)}`}
          onInput={(event) => setAt(Number(event.currentTarget.value))}
        />
      </label>
      <Table
        caption={`What a threshold of ${short(point.score)} makes of the test`}
        head={["metric", "value"]}
        rows={[
          ["precision", precision],
          ["recall", recall],
          ["F1", (2 * tp) / (2 * tp + fp + fn || 1)],
          ["accuracy", (tp + tn) / (tp + tn + fp + fn || 1)],
          ["true positives", tp],
          ["false positives", fp],
          ["false negatives", fn],
          ["true negatives", tn],
        ]}
      />
    </section>
  );
}

/** Residuals of a regression: how large they are, and where. */
export function Regression({ counts }: { readonly counts: RegressionCounts }) {
  const bars = cells(counts.residuals).map(([from, to, [rows = 0]]) => [from, to, rows] as const);
  const means = cells(counts.predicted).map(
    ([from, to, [rows = 1, sum = 0]]) => [(from + to) / 2, sum / rows] as const,
  );
  return (
    <>
      <h2>Residuals</h2>
      <div class="columns">
        <section>
          <h3>True less predicted value</h3>
          <Plot label="Histogram of residuals" x="residual" y="rows" lines={[]} bars={bars} />
        </section>
        <section>
          <h3>Mean residual by predicted value</h3>
          <Plot
            label="Mean residual by predicted value"
            x="predicted value"
            y="mean residual"
            lines={[{ points: means.map(([x]) => [x, 0] as const), kind: "ideal" }]}
            dots={means}
          />
        </section>
      </div>
    </>
  );
}

function cells({
  step,
  width,
  cells: flat,
}: RegressionCounts["residuals"]): (readonly [number, number, readonly number[]])[] {
  const size = 2 ** step;
  return Array.from({ length: flat.length / (width + 1) }, (_, at) => {
    const index = flat[at * (width + 1)] ?? 0;
    return [index * size, (index + 1) * size, flat.slice(at * (width + 1) + 1, (at + 1) * (width + 1))] as const;
  });
}
