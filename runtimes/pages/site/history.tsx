import { useEffect, useState } from "preact/hooks";
import { Plot, Table } from "./charts.tsx";
import { ask, type Difference, type PagesHistory, report, short } from "./data.ts";

/** Runs of the model over time, two of them side by side, and what was promoted when. */
export function HistoryPage() {
  const [history, setHistory] = useState<PagesHistory | undefined>(report?.history);
  const [error, setError] = useState("");
  useEffect(() => {
    if (!report) ask<PagesHistory>("./pages/history.json").then(setHistory, (one: Error) => setError(one.message));
  }, []);
  if (error) return <p class="wrong">{error}</p>;
  if (!history) return <p>Reading the model store ...</p>;
  const measured = history.runs
    .flatMap((run) =>
      Object.entries(run.metrics_history).map(([time, metrics]) => ({ time: Date.parse(time), run: run.run, metrics })),
    )
    .sort((a, b) => a.time - b.time);
  const names = [...new Set(measured.flatMap(({ metrics }) => Object.keys(metrics)))];
  return (
    <>
      <Metrics names={names} measured={measured} />
      <h2>Runs</h2>
      <Table
        head={["run", "trained", "serves", "aliases", ...names.slice(0, 5)]}
        rows={history.runs.map((run) => [
          <code key="run">{run.run}</code>,
          new Date(run.created).toLocaleString(),
          run.current ? "yes" : "",
          run.aliases.join(", "),
          ...names.slice(0, 5).map((name) => run.metrics[name] ?? ""),
        ])}
      />
      {!report && history.runs.length > 1 && <Compare history={history} />}
      <h2>Promotions</h2>
      {history.promotions.length === 0 ? (
        <p>None yet.</p>
      ) : (
        <Table
          head={["time", "by", "run", "instead of"]}
          rows={history.promotions.map((one) => [
            new Date(one.time).toLocaleString(),
            one.reason,
            <code key="run">{one.run}</code>,
            <code key="previous">{one.previous ?? "nothing"}</code>,
          ])}
        />
      )}
      {history.models.length > 1 && (
        <>
          <h2>All models of the store</h2>
          <Table
            head={["model", "version", "run that serves", "runs"]}
            rows={history.models.map((one) => [
              one.name,
              one.version,
              <code key="run">{one.run ?? "none"}</code>,
              one.runs,
            ])}
          />
        </>
      )}
    </>
  );
}

interface Measured {
  readonly time: number;
  readonly metrics: Readonly<Record<string, number>>;
}

function Metrics({ names, measured }: { readonly names: readonly string[]; readonly measured: readonly Measured[] }) {
  const [name, setName] = useState(names.find((one) => one !== "rows") ?? "");
  const points = measured.flatMap(({ metrics }, at) =>
    metrics[name] === undefined ? [] : [[at + 1, metrics[name]] as const],
  );
  if (names.length === 0) return null;
  return (
    <>
      <h2>Metrics over time</h2>
      <p>
        <label>
          Metric{" "}
          <select value={name} onInput={(event) => setName(event.currentTarget.value)}>
            {names.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
      </p>
      <div class="columns">
        <Plot
          label={`${name} of ${points.length} measurements, the last ${short(points.at(-1)?.[1] ?? 0)}`}
          x="measurement"
          y={name}
          lines={[{ points }]}
          dots={points}
          xRange={[0.5, measured.length + 0.5]}
        />
      </div>
    </>
  );
}

function Compare({ history }: { readonly history: PagesHistory }) {
  const [[a, b], choose] = useState<readonly [string, string]>([
    history.runs[1]?.run ?? "",
    history.runs[0]?.run ?? "",
  ]);
  const [parts, setParts] = useState<Readonly<Record<string, readonly Difference[]>>>({});
  const [error, setError] = useState("");
  useEffect(() => {
    ask<Readonly<Record<string, readonly Difference[]>>>(`./pages/diff.json?${new URLSearchParams({ a, b })}`).then(
      (found) => {
        setError("");
        setParts(found);
      },
      (one: Error) => setError(one.message),
    );
  }, [a, b]);
  const choice = (label: string, value: string, set: (run: string) => void) => (
    <label>
      {label}{" "}
      <select value={value} onInput={(event) => set(event.currentTarget.value)}>
        {history.runs.map(({ run }) => (
          <option key={run}>{run}</option>
        ))}
      </select>
    </label>
  );
  return (
    <>
      <h2>Two runs side by side</h2>
      <p>
        {choice("One run", a, (run) => choose([run, b]))} {choice("and another", b, (run) => choose([a, run]))}
      </p>
      {error && <p class="wrong">{error}</p>}
      {Object.values(parts).every((list) => list.length === 0) && <p>No difference.</p>}
      {Object.entries(parts).map(
        ([part, list]) =>
          list.length > 0 && (
            <section key={part}>
              <h3>{part}</h3>
              <Table
                caption={`Differences in ${part}`}
                head={["where", "one", "other"]}
                rows={list.map((one) => [
                  one.path,
                  <code key="a">{textOf(one.a)}</code>,
                  <code key="b">{textOf(one.b)}</code>,
                ])}
              />
            </section>
          ),
      )}
    </>
  );
}

function textOf(value: Difference["a"]): string {
  const text = value === undefined ? "" : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
