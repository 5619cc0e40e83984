import { LaunchpadError, messageOf } from "../../../errors.ts";
import type { AnyFileModel, FeatureColumn, Predictions } from "../file-model.ts";
import { tensorsOf } from "./columns.ts";
import { OnnxFault } from "./fault.ts";
import { inputsOf } from "./inputs.ts";
import { errorOf } from "./model.ts";
import { answersOf, collector, type Trial } from "./outputs.ts";
import { readModel } from "./proto/model.ts";
import { elements, type Tensor } from "./tensor.ts";
import { declared, trialColumns } from "./trial.ts";

/** Tensor of onnxruntime, as `onnxruntime-node` and `onnxruntime-web` both have it. */
export interface RuntimeTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: ArrayLike<number | bigint | string | boolean>;
}

/** What of onnxruntime is used. A runtime imports the package that the user installed, and hands it in. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(bytes: Uint8Array): Promise<{
      run(
        feeds: Readonly<Record<string, RuntimeTensor>>,
        fetches: readonly string[],
      ): Promise<Readonly<Record<string, RuntimeTensor>>>;
      release?(): Promise<void>;
    }>;
  };
  readonly Tensor: new (type: string, data: never, dims: readonly number[]) => RuntimeTensor;
}

/** Model of a graph that onnxruntime runs: the same front as that of a file, but answers come later. */
export interface EngineModel extends Omit<AnyFileModel, "contributions" | "importances"> {
  predictColumns(columns: readonly FeatureColumn[], length: number): Promise<Predictions>;
  /** The file itself, which onnxruntime reads again. */
  readonly contents: Uint8Array;
  /** Gives back the memory that onnxruntime holds; once, however often it is called. */
  release(): Promise<void>;
}

/** Names of types in onnxruntime where they differ from those of the format. */
const runtimeNames: Readonly<Record<string, string>> = { float: "float32", double: "float64" };
const formatNames: Readonly<Record<string, string>> = { float32: "float", float64: "double" };

function toRuntime({ Tensor: Made }: OnnxRuntime, { type, dims, data }: Tensor): RuntimeTensor {
  const wide =
    type === "int64" ? BigInt64Array.from(data, BigInt) : type === "uint64" ? BigUint64Array.from(data, BigInt) : data;
  return new Made(runtimeNames[type] ?? type, wide as never, dims);
}

function fromRuntime({ type, dims, data }: RuntimeTensor): Tensor {
  const name = formatNames[type] ?? type;
  if (name === "string") return { type: "string", dims: [...dims], data: Array.from(data, String) };
  if (!Object.hasOwn(elements, name)) throw new OnnxFault(`an output of the type ${type}`, "unsupported");
  const known = name as keyof typeof elements;
  const made = elements[known].make(data.length);
  for (let at = 0; at < data.length; at += 1) made[at] = Number(data[at]);
  return { type: known, dims: [...dims], data: made };
}

/** Rows of one run. */
const maxRows = 4096;

/**
 * Opens a graph with onnxruntime, whatever operators it has. Its inputs and outputs become features and predictions as
 * those of a graph that the reader runs itself; maps of labels to scores (ZipMap) are not fetched.
 *
 * @param runtime onnxruntime-node or onnxruntime-web.
 * @param bytes The whole file.
 * @param where Name of the file, with which messages begin.
 *
 * @throws MODEL_FILE_INVALID, MODEL_FILE_UNSUPPORTED.
 */
export async function openWithRuntime(runtime: OnnxRuntime, bytes: Uint8Array, where: string): Promise<EngineModel> {
  const failed = (cause: unknown): never => {
    if (cause instanceof OnnxFault) throw errorOf(cause, where);
    throw cause;
  };
  try {
    const { graph } = readModel(bytes, true);
    const inputs = inputsOf(graph);
    const session = await runtime.InferenceSession.create(bytes).catch((cause: unknown) => {
      throw new LaunchpadError(
        "MODEL_FILE_UNSUPPORTED",
        `${where}: expected what onnxruntime can run, found: ${messageOf(cause)}`,
        { cause },
      );
    });
    const fetchable = graph.outputs.filter(({ kind }) => kind === "tensor").map(({ name }) => name);

    async function run(
      columns: readonly FeatureColumn[],
      from: number,
      to: number,
      fetches: readonly string[],
    ): Promise<Tensor[]> {
      const tensors = tensorsOf(inputs, columns, from, to);
      const feeds = Object.fromEntries(
        inputs.groups.map(({ input }, at) => [input, toRuntime(runtime, tensors[at] as Tensor)]),
      );
      const found = await session.run(feeds, fetches);
      return fetches.map((name) => {
        const tensor = found[name];
        if (tensor === undefined) throw new OnnxFault(`expected the output ${name}, found none`);
        return fromRuntime(tensor);
      });
    }

    async function trial(): Promise<Trial> {
      const columns = trialColumns(inputs);
      const rows = inputs.rowByRow ? 1 : (columns[0]?.length ?? 1);
      try {
        const found = await run(columns, 0, rows, fetchable);
        return { rows, outputs: graph.outputs.map(({ name }) => found[fetchable.indexOf(name)]) };
      } catch (cause) {
        if (cause instanceof OnnxFault) throw cause;
        return { rows: 1, outputs: declared(graph.outputs) };
      }
    }

    const answers = answersOf(graph, await trial());
    const step = inputs.rowByRow ? 1 : maxRows;
    let released: Promise<void> | undefined;
    return {
      format: "onnx",
      task: answers.task,
      objective: answers.objective,
      features: inputs.features,
      outputs: answers.outputs,
      ...(answers.classes ? { classes: answers.classes } : {}),
      hasProbabilities: answers.hasProbabilities,
      async predictColumns(columns, length) {
        try {
          const { predictions, collect } = collector(answers, length);
          for (let from = 0; from < length; from += step) {
            const to = Math.min(length, from + step);
            collect(await run(columns, from, to, answers.fetched), from, to - from);
          }
          return predictions;
        } catch (cause) {
          return failed(cause);
        }
      },
      contents: bytes,
      release() {
        released ??= (async () => session.release?.())();
        return released;
      },
    };
  } catch (cause) {
    return failed(cause);
  }
}
