import {
  createDriftCounter,
  type DriftCounter,
  type DriftReport,
  type FieldDrift,
  LaunchpadError,
  messageOf,
  type Profile,
  type Row,
  reportDrift,
} from "../../../src/internal.ts";
import type { CliCommand } from "../command.ts";
import type { Session } from "../session.ts";
import { print } from "../streams.ts";
import { table } from "../table.ts";

const defaultUrl = "http://127.0.0.1:5000";

/** `launchpad drift` */
export const drift: CliCommand = {
  name: "drift",
  configure: (command) =>
    command
      .description("print how far data, or what a server is asked, is from what the model was trained on")
      .option("--from <source>", "a data source: columns named as the inputs, or a prediction log")
      .option("--model <reference>", "NAME, NAME@VERSION, NAME@ALIAS or NAME@VERSION/RUN; what serves unless told")
      .option("--url <url>", `without --from: the server to ask (default: ${defaultUrl})`)
      .option("--json", "print JSON on a terminal, too"),
  async run(session, _, options) {
    const json = options.json === true;
    if (options.from === undefined) {
      const state = await askServer(String(options.url ?? defaultUrl));
      print(state, json, () => state.windows.map(windowText).join("\n") || "no predictions were counted yet\n");
      return;
    }
    if (options.url !== undefined) {
      throw new LaunchpadError("USAGE", "--url asks a server, --from reads data. Leave one of them out");
    }
    const report = await reportOf(session, String(options.from), options.model as string | undefined);
    print(report, json, () => reportText(report));
  },
};

async function reportOf(session: Session, name: string, model: string | undefined): Promise<DriftReport> {
  const { config, source } = await session.data();
  const store = await session.store();
  const { name: own, version, serve } = config.model;
  const reference = model ?? (serve === undefined ? `${own}@${version}` : `${own}@${serve}`);
  const of = await store.resolve(reference);
  const { meta } = await store.loadRun(of);
  const profile = meta.profile as unknown as Profile | undefined;
  if (profile?.format !== 1) {
    throw new LaunchpadError(
      "DATA_INVALID",
      `${reference}: run ${of.run} has no profile of its training, expected one. Train it again`,
    );
  }
  const counter = createDriftCounter(profile);
  const opened = source(name);
  session.progress.start(`reading ${name}`);
  let hasInput = false;
  for await (const frame of opened.batches()) {
    const isLog = frame.names.includes("inputs") && frame.names.includes("run");
    hasInput ||= isLog || Object.keys(profile.inputs).some((input) => frame.names.includes(input));
    for (const row of frame.rows()) {
      if (isLog) addLogged(counter, row, of.run);
      else counter.add(row);
    }
  }
  session.progress.stop();
  if (!hasInput) {
    const inputs = Object.keys(profile.inputs).slice(0, 10).join(", ");
    throw new LaunchpadError(
      "DATA_INVALID",
      `[${opened.type}] ${name}: found none of the inputs, expected columns such as ${inputs}`,
    );
  }
  return reportDrift(profile, counter.contents());
}

/** A line of a prediction log; those of other runs were made by other models. */
function addLogged(counter: DriftCounter, { inputs, prediction, run }: Row, wanted: string): void {
  if (run !== wanted || typeof inputs !== "string") return;
  counter.add(JSON.parse(inputs), typeof prediction === "string" ? JSON.parse(prediction) : undefined);
}

interface ServerState {
  readonly windows: readonly {
    readonly version: string;
    readonly run: string;
    readonly start: string;
    readonly ended: boolean;
    readonly report: DriftReport;
  }[];
}

async function askServer(url: string): Promise<ServerState> {
  let response: Response;
  try {
    response = await fetch(new URL("/drift", url));
  } catch (cause) {
    throw new LaunchpadError(
      "USAGE",
      `${url} cannot be reached: ${messageOf(cause)}. Start it with launchpad api, or read data with --from SOURCE`,
      { cause },
    );
  }
  if (response.ok) return (await response.json()) as ServerState;
  throw new LaunchpadError(
    "USAGE",
    `${url}/drift answered ${response.status}: expected a server whose configuration has a section drift. Add "drift: {}"`,
  );
}

function windowText({ version, run, start, ended, report }: ServerState["windows"][number]): string {
  return `${start}${ended ? "" : " (still counting)"}, version ${version}, run ${run}\n${reportText(report)}`;
}

function reportText(report: DriftReport): string {
  const fields = [
    ...Object.entries(report.inputs),
    ...Object.entries(report.outputs).map(([name, field]): [string, FieldDrift] => [`output ${name}`, field]),
  ];
  const lines = table(
    ["", "psi", "limit", "js", "ks", "missing", "drift"],
    fields.map(([name, { psi, js, ks, missing, drifted, severity }]) => [
      name,
      short(psi?.value),
      short(psi?.limit),
      short(js?.value),
      short(ks?.value),
      short(missing.value),
      drifted.length > 0 ? `${severity}: ${drifted.join(", ")}` : "",
    ]),
  );
  const { performance } = report;
  const estimated = performance
    ? `estimated accuracy ${short(performance.estimated.accuracy)}, in the test ${short(performance.reference.accuracy)}\n`
    : "";
  return `${report.rows} predictions\n${lines}${estimated}`;
}

const short = (value: number | undefined) => (value === undefined ? "" : Number(value.toPrecision(3)));
