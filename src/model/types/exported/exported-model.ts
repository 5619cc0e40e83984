import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { createFrame } from "../../../data/frame/frame.ts";
import { isLaunchpadError, LaunchpadError } from "../../../errors.ts";
import type { Metrics, Model, ModelContext, TrainContext } from "../../define.ts";
import { callForRun } from "../../host/call-for-run.ts";
import { createCallbacks } from "../../host/callbacks.ts";
import { type FrameHeader, packFrame, unpackFrame } from "../../host/columns.ts";
import type { Handler } from "../../host/connection.ts";
import type { HostModel } from "../../host/host-model.ts";
import { unpackValue } from "../../host/value.ts";
import { featureColumns } from "../file/columns.ts";
import { type FileContents, fileContents, type Told } from "../file/contents.ts";
import { evaluate } from "../file/evaluate.ts";
import { predictingPart } from "../file/file-model-code.ts";
import { inputSchema, outputSchema } from "../file/schemas.ts";
import type { FileModel, ModelFormat } from "../file-model.ts";
import type { KnownFormat } from "../formats.ts";
import type { ModelTypeContext } from "../model-type.ts";
import { proveExport } from "./prove-export.ts";
import { recordRows } from "./recorded-rows.ts";
import { rowsForSample } from "./rows-for-proof.ts";

/** What a process says of the estimator that it trained. */
interface Described {
  readonly estimator: string;
  readonly features: readonly string[] | null;
  readonly classes: readonly (string | number | boolean)[] | null;
  readonly has_rows: boolean;
}

/**
 * Creates a model that another language trains, and that is stored as the file which its library writes: whoever serves it
 * needs neither that language nor that library.
 *
 * @param host What trains it.
 * @param format The format of the file.
 * @param context The configuration.
 * @param current Contents that are stored already: they say what the API takes.
 *
 * @returns The model.
 */
export function createExportedModel(
  host: HostModel,
  { format }: KnownFormat,
  context: ModelTypeContext,
  current: FileContents | undefined,
): Model {
  const { config } = context;
  const tests = Object.entries(config.datasources).flatMap(([name, { tags }]) => (tags.includes("test") ? [name] : []));
  let count = 0;
  /** What the API takes and answers is known when something has been trained. */
  let schemas = current && schemasOf(current);

  const train = (run: TrainContext): Promise<FileContents> =>
    host.use("train", async (child) => {
      count -= 1;
      const model = count;
      const recorded = recordRows(run);
      const callbacks = createCallbacks(recorded.run);
      const header = { type: "train", export: format.name, model };
      const answer = await callForRun(child, byName(run), header, callbacks);
      const about = unpackValue(answer.header.value, answer.header.tagged === true, answer.buffers) as Described;

      const buffers: Uint8Array[] = [];
      const sample = rowsForSample(recorded.rows, about.features ?? []);
      const frame = sample && { frame: packFrame(sample, buffers) };
      const written = await child.call({ type: "export", model, ...frame }, buffers);
      const [file] = written.buffers;
      if (file === undefined) throw new LaunchpadError("HOST_FAILED", "[model] export sent no file");
      const bytes = file.slice();
      const read = await readFile(format, bytes, about.estimator);

      const contents = fileContents(read, config, [], toldBy(about, read));
      const names =
        about.features?.length === read.features.length ? about.features : read.features.map(({ name }) => name);
      const proof = await proveExport(
        { child, model, names, hasRows: about.has_rows },
        contents,
        recorded.rows,
        context,
      );
      await child.call({ type: "unload", model });

      const { objective, task } = read;
      const { estimator } = about;
      const digest = bytesToHex(sha256(bytes));
      run.report("file", { format: format.name, estimator, objective, task, sha256: digest, bytes: bytes.length });
      run.report("proof", {
        rows: proof.rows,
        largest_deviation: proof.deviation,
        tolerance: contents.options.tolerance,
      });
      schemas = schemasOf(contents);
      return { ...contents, samples: proof.samples };
    });

  const test = (contents: FileContents, run: ModelContext): Promise<Metrics> =>
    host.use(undefined, async (child) => {
      if (!child.hello.functions.includes("test")) return evaluate(contents, run, tests);
      const { names, labels } = contents;
      const header = { type: "test", exported: { features: names, classes: labels ?? null } };
      const answer = await callForRun(child, byName(run), header, withPredictions(createCallbacks(run), contents));
      return unpackValue(answer.header.value, answer.header.tagged === true, answer.buffers) as Metrics;
    });

  return {
    ...predictingPart(format, config),
    train,
    test,
    get input() {
      return schemas?.input;
    },
    get output() {
      return schemas?.output;
    },
  } as Model;
}

async function readFile(format: ModelFormat, bytes: Uint8Array, estimator: string): Promise<FileModel> {
  try {
    return await format.read(bytes, `model.export: ${estimator} as ${format.title}`);
  } catch (cause) {
    if (!isLaunchpadError(cause) || cause.code !== "MODEL_FILE_UNSUPPORTED") throw cause;
    throw new LaunchpadError(
      cause.code,
      `${cause.message.replace(/\.$/, "")}. Export another format, or leave out model.export: the model is then a pickle, and needs Python.`,
      { cause },
    );
  }
}

/** The order of columns matters to nobody: a file takes them by their names. */
function byName({ signal }: ModelContext): Parameters<typeof callForRun>[1] {
  return { signal, orderColumns: (data) => data };
}

function schemasOf({ model, names, labels, options }: FileContents) {
  return { input: inputSchema(model, names, options), output: outputSchema(model, labels, names, options) };
}

/** Names that the file does not have. */
function toldBy({ features, classes }: Described, read: FileModel): Told {
  const ownNames = read.features.map(({ name }) => name);
  const isNamed = features?.length === ownNames.length && features.some((name, at) => name !== ownNames[at]);
  const isLabelled =
    classes?.length === read.classes?.length && classes?.some((label, at) => label !== read.classes?.[at]);
  return { ...(isNamed && features && { features }), ...(isLabelled && classes && { classes }) };
}

/** Answers the module's `test`, which predicts with what will serve. */
function withPredictions(handle: Handler, { model, names, options, labels }: FileContents): Handler {
  return (message) => {
    if (message.header.type !== "exported") return handle(message);
    const frame = unpackFrame(message.header.frame as FrameHeader, message.buffers);
    const columns = featureColumns(frame, model, names, options, "test of the module");
    const { values, labels: indices, probabilities } = model.predictColumns(columns, frame.length);
    const width = labels?.length ?? (model.outputs.length || 1);
    const column = (numbers: Float64Array, at: number) =>
      Float64Array.from({ length: frame.length }, (_, row) => numbers[row * width + at] as number);
    const found: Record<string, Float64Array | (string | number | boolean)[]> =
      labels && indices
        ? { prediction: Array.from(indices, (index) => labels[index] as string | number | boolean) }
        : { prediction: column(values ?? new Float64Array(0), 0) };
    if (labels && probabilities) for (const at of labels.keys()) found[`p${at}`] = column(probabilities, at);
    const buffers: Uint8Array[] = [];
    return { header: { type: "reply", frame: packFrame(createFrame(found), buffers) }, buffers };
  };
}
