import { type Clause, expectOk, expectRefusal, expectThat, isObject, Miss, type Subject } from "./clause.ts";

const sizes = [
  "BOOL",
  "UINT8",
  "UINT16",
  "UINT32",
  "UINT64",
  "INT8",
  "INT16",
  "INT32",
  "INT64",
  "FP16",
  "FP32",
  "FP64",
  "BYTES",
];

interface Tensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: readonly unknown[];
}

const path = ({ model }: Subject) => `/v2/models/${encodeURIComponent(model)}`;
const metadata = async (subject: Subject) => expectOk(await subject.ask("GET", path(subject)));

function isTensorType(tensor: unknown): tensor is Omit<Tensor, "data"> {
  if (!isObject(tensor)) return false;
  const { name, datatype, shape } = tensor;
  return (
    typeof name === "string" &&
    sizes.includes(String(datatype)) &&
    Array.isArray(shape) &&
    shape.every(Number.isInteger)
  );
}

/** Inputs of rows: those that were told, or made of what the model says of its inputs. */
async function inputsOf(subject: Subject, reversed = false): Promise<Tensor[]> {
  const { inputs } = await metadata(subject);
  expectThat(Array.isArray(inputs) && inputs.every(isTensorType), "inputs with name, datatype and shape", inputs);
  const { rows } = subject;
  const told = rows === undefined ? inputs : inputs.filter(({ name }) => rows.every((row) => name in row));
  const count = rows?.length ?? 3;
  const order = Array.from({ length: count }, (_, index) => (reversed ? count - 1 - index : index));
  return told.map(({ name, datatype, shape }: Omit<Tensor, "data">) => {
    const inner = shape.slice(1).map((size) => Math.max(size, 1));
    const width = inner.reduce((product, size) => product * size, 1);
    const data = order.flatMap((row) =>
      rows ? [rows[row]?.[name]].flat(9) : Array.from({ length: width }, (_, column) => made(datatype, row + column)),
    );
    return { name, datatype, shape: [count, ...inner], data };
  });
}

function made(datatype: string, index: number): unknown {
  if (datatype === "BOOL") return index % 2 === 0;
  return datatype === "BYTES" ? `text ${index}` : index + 1;
}

async function infer(subject: Subject, body: object): Promise<Tensor[]> {
  const { outputs } = expectOk(await subject.ask("POST", `${path(subject)}/infer`, body));
  expectThat(Array.isArray(outputs) && outputs.every(isTensorType), "outputs with name, datatype and shape", outputs);
  for (const { name, shape, data } of outputs as Tensor[]) {
    const expected = shape.reduce((product, size) => product * size, 1);
    const found = Array.isArray(data) ? data.flat(9).length : undefined;
    expectThat(found === expected, `${expected} values of ${name} for the shape [${shape}]`, found);
  }
  return outputs as Tensor[];
}

const refused = (id: string, asks: string, change: (inputs: Tensor[]) => unknown): Clause => ({
  id,
  asks,
  async attempt(subject) {
    const body = change(await inputsOf(subject));
    expectRefusal(await subject.ask("POST", `${path(subject)}/infer`, body), "error");
  },
});

/** Clauses of the Open Inference Protocol, version 2. */
export const oip: readonly Clause[] = [
  ...["live", "ready"].map((state) => ({
    id: `server-${state}`,
    asks: `GET /v2/health/${state} answers 200`,
    attempt: async ({ ask }: Subject) => {
      const { status } = await ask("GET", `/v2/health/${state}`);
      expectThat(status === 200, "the status 200", status);
    },
  })),
  {
    id: "server-metadata",
    asks: "GET /v2 answers name, version and extensions",
    async attempt({ ask }) {
      const json = expectOk(await ask("GET", "/v2"));
      const { name, version, extensions } = json;
      const isList = Array.isArray(extensions) && extensions.every((one) => typeof one === "string");
      expectThat(typeof name === "string" && typeof version === "string" && isList, "name, version, extensions", json);
    },
  },
  {
    id: "model-ready",
    asks: "GET /v2/models/NAME/ready answers 200",
    async attempt(subject) {
      const { status } = await subject.ask("GET", `${path(subject)}/ready`);
      expectThat(status === 200, "the status 200", status);
    },
  },
  {
    id: "model-metadata",
    asks: "GET /v2/models/NAME answers name, platform, inputs and outputs",
    async attempt(subject) {
      const json = await metadata(subject);
      const { name, platform, inputs, outputs } = json;
      expectThat(name === subject.model && typeof platform === "string", "the model's name and a platform", json);
      for (const list of [inputs, outputs])
        expectThat(Array.isArray(list) && list.every(isTensorType), "tensors with name, datatype and shape", list);
    },
  },
  {
    id: "unknown-model",
    asks: "a model that there is not is an error of the caller, with {error}",
    attempt: async ({ ask }) => expectRefusal(await ask("GET", "/v2/models/no-such-model-here"), "error"),
  },
  {
    id: "infer",
    asks: "POST infer answers model_name and outputs whose data has as many values as their shape",
    async attempt(subject) {
      const inputs = await inputsOf(subject);
      const answer = expectOk(await subject.ask("POST", `${path(subject)}/infer`, { inputs }));
      expectThat(answer.model_name === subject.model, `model_name ${subject.model}`, answer.model_name);
      const outputs = await infer(subject, { inputs });
      expectThat(outputs.length > 0, "one output at least", outputs);
    },
  },
  {
    id: "rows",
    asks: "the first dimension of outputs is that of inputs, and rows keep their order",
    async attempt(subject) {
      const [there, back] = [
        await infer(subject, { inputs: await inputsOf(subject) }),
        await infer(subject, { inputs: await inputsOf(subject, true) }),
      ];
      const count = subject.rows?.length ?? 3;
      for (const [index, output] of there.entries()) {
        expectThat(output.shape[0] === count, `${count} rows of ${output.name}`, output.shape);
        const rowsOf = ({ data }: Tensor) => {
          const flat = data.flat(9);
          const width = flat.length / count;
          return Array.from({ length: count }, (_, row) => flat.slice(row * width, (row + 1) * width));
        };
        const other = back[index];
        if (other === undefined) throw new Miss("expected the same outputs for the same rows in another order");
        expectThat(
          JSON.stringify(rowsOf(output)) === JSON.stringify(rowsOf(other).reverse()),
          `${output.name} in the order of the rows`,
          { there: output.data, back: other.data },
        );
      }
    },
  },
  {
    id: "id",
    asks: "the id of a request is that of its response",
    async attempt(subject) {
      const { id } = expectOk(
        await subject.ask("POST", `${path(subject)}/infer`, { id: "check-42", inputs: await inputsOf(subject) }),
      );
      expectThat(id === "check-42", "the id check-42", id);
    },
  },
  {
    id: "requested-outputs",
    asks: "outputs that are named are those that are answered",
    async attempt(subject) {
      const inputs = await inputsOf(subject);
      const last = (await infer(subject, { inputs })).at(-1);
      const found = await infer(subject, { inputs, outputs: [{ name: last?.name }] });
      expectThat(
        found.length === 1 && found[0]?.name === last?.name,
        `the output ${last?.name} alone`,
        found.map(({ name }) => name),
      );
    },
  },
  {
    id: "nested-data",
    asks: "data may be nested or flat, and means the same",
    async attempt(subject) {
      const flat = (await inputsOf(subject)).map((input) => ({
        ...input,
        shape: [input.shape[0] ?? 0, input.data.length / (input.shape[0] || 1)],
      }));
      const nested = flat.map((input) => {
        const [count = 0, width = 0] = input.shape;
        return {
          ...input,
          data: Array.from({ length: count }, (_, row) => input.data.slice(row * width, (row + 1) * width)),
        };
      });
      const [one, other] = [await infer(subject, { inputs: flat }), await infer(subject, { inputs: nested })];
      expectThat(JSON.stringify(one) === JSON.stringify(other), "the same outputs", { flat: one, nested: other });
    },
  },
  refused(
    "wrong-count",
    "data with another number of values than the shape says is an error, with {error}",
    (inputs) => ({
      inputs: inputs.map((input) => ({ ...input, data: input.data.slice(1) })),
    }),
  ),
  refused("unknown-datatype", "a datatype that the protocol has not is an error, with {error}", (inputs) => ({
    inputs: inputs.map((input) => ({ ...input, datatype: "FLOAT99" })),
  })),
  refused("unknown-output", "an output that the model has not is an error, with {error}", (inputs) => ({
    inputs,
    outputs: [{ name: "no-such-output-here" }],
  })),
  refused("no-inputs", "a request without inputs is an error, with {error}", () => ({})),
  refused("no-json", "a body that is no JSON is an error, with {error}", () => '{"inputs": ['),
];
