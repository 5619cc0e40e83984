import { Plot, Table } from "./charts.tsx";
import type { ProductionState, RolloutState } from "./data.ts";

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** Runs that share the requests, and how they do. */
export function Rollout({ state }: { readonly state: RolloutState }) {
  const { variants, shadow } = state;
  const runs = { current: state.current, canary: state.canary, shadow: null };
  const compared = shadow.equal + shadow.different;
  return (
    <>
      <p>
        {state.canary ? (
          <>
            Run <code>{state.canary}</code> answers {state.percent} % of the requests, since{" "}
            {new Date(state.since).toLocaleString()}.
          </>
        ) : (
          "No canary is tried at the moment."
        )}
      </p>
      <Table
        caption="Variants, by what they answered"
        head={["variant", "run", "predictions", "failed", "95 % between", "median, ms", "99 % within, ms"]}
        rows={(["current", "canary", "shadow"] as const)
          .filter((name) => name === "current" || variants[name].predictions > 0)
          .map((name) => {
            const { predictions, error_rate, error_interval: between, p50_ms, p99_ms } = variants[name];
            const [low, high] = between;
            return [
              name,
              runs[name] ?? "",
              predictions,
              percent(error_rate),
              predictions === 0 ? "" : `${percent(low)} and ${percent(high)}`,
              p50_ms,
              p99_ms,
            ];
          })}
      />
      {compared + shadow.skipped > 0 && (
        <p>
          The shadow said the same as the answer in {shadow.equal} of {compared} cases; {shadow.skipped} were left out.
        </p>
      )}
    </>
  );
}

const shown = ["n", "accuracy", "f1", "mae", "rmse", "r2"] as const;

/** How good predictions were of which it is known what came true. */
export function Feedback({ state }: { readonly state: ProductionState }) {
  const { windows } = state;
  if (windows.length === 0) return <p>Nobody has said yet what came true (POST /feedback).</p>;
  const names = shown.filter((name) => windows.some(({ metrics }) => metrics[name] !== null));
  const name = windows.some(({ metrics }) => metrics.accuracy !== null) ? "accuracy" : "rmse";
  const starts = [...new Set(windows.map(({ start }) => start))].sort();
  const lines = [...new Set(windows.map(({ run }) => run))].map((run, at) => ({
    ...(at > 0 && { kind: "second" as const }),
    points: windows.flatMap(({ run: of, start, metrics }) => {
      const value = metrics[name];
      return of !== run || value === null ? [] : [[starts.indexOf(start) + 1, value] as const];
    }),
  }));
  return (
    <>
      {starts.length > 1 && (
        <div class="columns">
          <Plot
            label={`${name} of ${starts.length} windows, ${lines.length} runs`}
            x="window"
            y={name}
            lines={lines}
            dots={lines.flatMap(({ points }) => points)}
            xRange={[0.5, starts.length + 0.5]}
          />
        </div>
      )}
      <Table
        caption="Predictions of which it is known what came true, by window"
        head={["window from", "run", ...names]}
        rows={windows
          .toReversed()
          .slice(0, 50)
          .map(({ start, run, metrics }) => [
            new Date(start).toLocaleString(),
            run,
            ...names.map((one) => metrics[one] ?? ""),
          ])}
      />
    </>
  );
}
