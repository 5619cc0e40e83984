import { type Clause, expectOk, expectRefusal, expectThat, Miss, type Subject } from "./clause.ts";

const rowsOf = ({ rows }: Subject) => {
  if (rows === undefined) throw new Miss("expected rows to ask with: --rows '[{...}]'");
  return rows;
};

async function predictionsOf(subject: Subject, path: string, body: unknown): Promise<string> {
  const { predictions } = expectOk(await subject.ask("POST", path, body));
  const count = rowsOf(subject).length;
  expectThat(Array.isArray(predictions) && predictions.length === count, `${count} predictions`, predictions);
  return JSON.stringify(predictions);
}

const v1 = ({ model }: Subject) => `/v1/models/${encodeURIComponent(model)}`;

/** Clauses of KServe V1. */
export const kserveV1: readonly Clause[] = [
  {
    id: "model-ready",
    asks: "GET /v1/models/NAME answers 200",
    async attempt(subject) {
      expectOk(await subject.ask("GET", v1(subject)));
    },
  },
  {
    id: "predict",
    asks: "POST :predict answers one prediction for each instance",
    async attempt(subject) {
      await predictionsOf(subject, `${v1(subject)}:predict`, { instances: rowsOf(subject) });
    },
  },
  {
    id: "order",
    asks: "predictions have the order of the instances",
    async attempt(subject) {
      const there = await predictionsOf(subject, `${v1(subject)}:predict`, { instances: rowsOf(subject) });
      const back = await predictionsOf(subject, `${v1(subject)}:predict`, {
        instances: [...rowsOf(subject)].reverse(),
      });
      expectThat(there === JSON.stringify(JSON.parse(back).reverse()), "the order of the instances", { there, back });
    },
  },
  {
    id: "no-instances",
    asks: "a request without instances is an error, with {error}",
    attempt: async (subject) => expectRefusal(await subject.ask("POST", `${v1(subject)}:predict`, {}), "error"),
  },
  {
    id: "unknown-model",
    asks: "a model that there is not is an error, with {error}",
    attempt: async ({ ask }) =>
      expectRefusal(await ask("POST", "/v1/models/no-such-model:predict", { instances: [] }), "error"),
  },
];

/** Clauses of MLflow's scoring server. */
export const mlflow: readonly Clause[] = [
  ...["ping", "health", "version"].map((name) => ({
    id: name,
    asks: `GET /${name} answers 200`,
    attempt: async ({ ask }: Subject) => {
      const { status } = await ask("GET", `/${name}`);
      expectThat(status === 200, "the status 200", status);
    },
  })),
  {
    id: "forms",
    asks: "the forms of rows mean the same, and are answered with one prediction for each row",
    async attempt(subject) {
      const rows = rowsOf(subject);
      const columns = Object.keys(rows[0] ?? {});
      const forms = {
        dataframe_records: rows,
        dataframe_split: { columns, data: rows.map((row) => columns.map((name) => row[name])) },
        inputs: Object.fromEntries(columns.map((name) => [name, rows.map((row) => row[name])])),
        instances: rows,
      };
      let first: string | undefined;
      for (const [form, given] of Object.entries(forms)) {
        const found = await predictionsOf(subject, "/invocations", { [form]: given });
        first ??= found;
        expectThat(found === first, `the same predictions for ${form}`, found);
      }
    },
  },
  ...Object.entries({ none: {}, several: { instances: [], inputs: [] }, unknown: { rows: [] } }).map(([id, body]) => ({
    id: `form-${id}`,
    asks: "a body without exactly one of the forms is an error, with {message}",
    attempt: async ({ ask }: Subject) => expectRefusal(await ask("POST", "/invocations", body), "message"),
  })),
  {
    id: "media-type",
    asks: "a body of another media type is answered 415",
    async attempt({ ask }) {
      const { status } = await ask("POST", "/invocations", "x", { "content-type": "text/plain" });
      expectThat(status === 415, "the status 415", status);
    },
  },
];
