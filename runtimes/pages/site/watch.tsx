import { useEffect, useState } from "preact/hooks";
import { Plot, Table } from "./charts.tsx";
import { ask, type DriftState, type PageModel, type ProductionState, type RolloutState } from "./data.ts";
import { type Numbers, numbersOf } from "./prometheus.ts";
import { Feedback, Rollout } from "./rollout.tsx";

/** How often numbers are asked for, and how many of them a plot shows. */
const every = 5000;
const kept = 120;

/** Requests, errors, latency, drift, variants and what came true, as the server counts them. */
export function WatchPage({ model }: { readonly model: PageModel }) {
  const { hasDrift, hasRollout, hasFeedback } = model;
  const [series, setSeries] = useState<readonly Numbers[]>([]);
  const [drift, setDrift] = useState<DriftState | undefined>();
  const [rollout, setRollout] = useState<RolloutState | undefined>();
  const [feedback, setFeedback] = useState<ProductionState | undefined>();
  const [error, setError] = useState("");
  useEffect(() => {
    let ended = false;
    const look = async () => {
      const response = await fetch("./metrics");
      const text = await response.text();
      if (ended) return;
      if (!response.ok)
        return setError(
          response.status === 401
            ? "The numbers need a token (api.metrics.token_var)."
            : "This server counts nothing (api.metrics).",
        );
      const numbers = numbersOf(text, Date.now());
      setSeries((known) => [...known, numbers].slice(-kept));
      await Promise.all([
        hasDrift && ask<DriftState>("./drift").then(setDrift, () => setDrift(undefined)),
        hasRollout && ask<RolloutState>("./rollout").then(setRollout, () => setRollout(undefined)),
        hasFeedback && ask<ProductionState>("./feedback").then(setFeedback, () => setFeedback(undefined)),
      ]);
    };
    const step = () => void look().catch((one: Error) => setError(one.message));
    step();
    const timer = setInterval(step, every);
    return () => {
      ended = true;
      clearInterval(timer);
    };
  }, [hasDrift, hasRollout, hasFeedback]);
  const last = series.at(-1);
  if (error) return <p class="wrong">{error}</p>;
  if (!last) return <p>Asking the server ...</p>;
  const rates = series.slice(1).map((one, at) => {
    const before = series[at] as Numbers;
    return [
      (one.time - (series[0]?.time ?? 0)) / 1000,
      (Math.max(0, one.requests - before.requests) * 1000) / (one.time - before.time),
    ] as const;
  });
  return (
    <>
      <div class="columns">
        <section>
          <h2>Requests</h2>
          <Table
            head={["number", "since the start"]}
            rows={[
              ["requests", last.requests],
              ["answered with an error", last.errors],
              ["median latency, ms", last.median],
              ["99 % are answered within, ms", last.high],
            ]}
          />
        </section>
        {rates.length > 1 && (
          <section>
            <h3>Requests a second</h3>
            <Plot label="Requests a second" x="seconds" y="requests" lines={[{ points: rates }]} />
          </section>
        )}
      </div>
      <h3>By route</h3>
      <Table
        head={["route", "status", "requests"]}
        rows={last.routes.map((one) => [one.route, one.status, one.count])}
      />
      {rollout && (
        <>
          <h2>Rollout</h2>
          <Rollout state={rollout} />
        </>
      )}
      {feedback && (
        <>
          <h2>What came true</h2>
          <Feedback state={feedback} />
        </>
      )}
      <h2>Drift</h2>
      {drift ? (
        <Drift state={drift} />
      ) : (
        <p>
          Nothing is compared with the training: see the section <code>drift</code> of the configuration.
        </p>
      )}
    </>
  );
}

function Drift({ state }: { readonly state: DriftState }) {
  const window = state.windows.at(-1);
  if (!window) return <p>Nothing was asked yet.</p>;
  const { report } = window;
  const rows = [
    ...Object.entries(report.inputs),
    ...Object.entries(report.outputs).map(([name, one]) => [`output ${name}`, one] as const),
  ];
  return (
    <>
      <p>
        Window from {new Date(window.start).toLocaleString()}, {window.ended ? "over" : "not over yet"}: {report.rows}{" "}
        rows.{" "}
        {report.drifted.length > 0 ? (
          <strong class="wrong">Drifted: {report.drifted.join(", ")}</strong>
        ) : (
          <strong class="good">Nothing has drifted.</strong>
        )}
      </p>
      <Table
        head={["field", "PSI", "Jensen-Shannon", "Kolmogorov-Smirnov", "drifted by"]}
        rows={rows.map(([name, one]) => [
          name,
          one.psi?.value ?? "",
          one.js?.value ?? "",
          one.ks?.value ?? "",
          one.drifted.join(", "),
        ])}
      />
    </>
  );
}
