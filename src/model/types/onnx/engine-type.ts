import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { whereIs } from "../../../config/source-map.ts";
import type { Config } from "../../../config/types.ts";
import { LaunchpadError, messageOf } from "../../../errors.ts";
import type { Args, Model } from "../../define.ts";
import { answersOf } from "../file/answer.ts";
import { type FileContents, fileCodec } from "../file/contents.ts";
import { columnsOf } from "../file/file-model-code.ts";
import { learningPart } from "../file/file-type.ts";
import type { ModelType, ModelTypeContext, OpenModel } from "../model-type.ts";
import { type EngineModel, type OnnxRuntime, openWithRuntime } from "./engine.ts";

/** Packages that run any graph; the first that is installed is taken. */
const packages = ["onnxruntime-node", "onnxruntime-web"] as const;

/**
 * Type of ONNX models that runs graphs with onnxruntime where `model.engine` says so, and as it does otherwise.
 *
 * @param portable The type that runs graphs itself.
 *
 * @returns The type.
 */
export function withOnnxRuntime(portable: ModelType): ModelType {
  return {
    ...portable,
    open: (context) => (context.config.model.engine === "onnxruntime" ? openEngine(context) : portable.open(context)),
  };
}

async function openEngine(context: ModelTypeContext): Promise<OpenModel> {
  const { config, host, module, where } = context;
  const bytes = await host.files?.read(module);
  if (bytes === undefined)
    throw new LaunchpadError("MODULE_NOT_FOUND", `${where}: expected a model file, found nothing.`);
  const runtime = await runtimeOf(context);
  const read = await openWithRuntime(runtime, bytes, where);
  const digest = bytesToHex(sha256(bytes));
  const file = { format: "onnx", sha256: digest, bytes: bytes.length };
  return {
    model: { ...predictingPart(runtime, config), ...learningPart(read, file, config, host) },
    describe: async () => ({ packages: {}, code: { sha256: digest, files: [where.replace(/^.*[\\/]/, "")] } }),
    refusePackage: (target) =>
      `${whereIs(config, ["model", "engine"])}: model.engine: expected portable for a package, found onnxruntime, which is ` +
      `a program of its own and in no package for ${target}. Serve the project itself (launchpad api), or export the model to ` +
      "operators that are run here, and leave out model.engine.",
    close: () => read.release(),
  };
}

/** Contents that hold a session. */
interface OpenContents extends FileContents<EngineModel> {
  close(): Promise<void>;
}

/** The functions that predict. What the reader makes of columns is the same, whatever runs the graph. */
function predictingPart(
  runtime: OnnxRuntime,
  config: Config,
): Pick<Required<Model>, "predict" | "predictBatch" | "codec" | "hooks"> {
  const predictBatch = async (contents: FileContents<EngineModel>, rows: readonly Args[]) => {
    const { model, labels, target } = contents;
    const predictions = await model.predictColumns(columnsOf(contents, rows), rows.length);
    return answersOf(model, predictions, labels, target);
  };
  const codec = fileCodec<EngineModel>(
    {
      // A graph that the reader ran itself is stored otherwise.
      name: "onnxruntime",
      title: "ONNX that onnxruntime runs",
      restore(contents) {
        if (contents instanceof Uint8Array) return openWithRuntime(runtime, contents, "model");
        throw new LaunchpadError("STORE_CORRUPT", "model: expected an ONNX file, found none. Train it again.");
      },
    },
    config,
  );
  return {
    codec: {
      ...codec,
      // What came from a store has a session of its own, which is released once the predictions that have begun are made.
      async decode(bytes): Promise<OpenContents> {
        const contents = await codec.decode(bytes);
        return { ...contents, close: () => contents.model.release() };
      },
    },
    hooks: {
      ordersColumns: true,
      samples: ({ samples }: FileContents<EngineModel>) => samples,
    },
    predict: async (contents: FileContents<EngineModel>, args: Args) => (await predictBatch(contents, [args]))[0],
    predictBatch,
  };
}

async function runtimeOf({ config, host, base }: ModelTypeContext): Promise<OnnxRuntime> {
  const broken: string[] = [];
  for (const name of packages) {
    try {
      const found = await host.importPackage?.(name, base);
      const runtime = [found, (found as { default?: unknown } | undefined)?.default].find(isRuntime);
      if (runtime === undefined) continue;
      // Threads of WebAssembly would need workers, which not every runtime has.
      const { wasm } = (runtime as { env?: { wasm?: { numThreads?: number } } }).env ?? {};
      if (wasm && name === "onnxruntime-web") wasm.numThreads = 1;
      return runtime;
    } catch (error) {
      broken.push(` ${name} cannot be loaded: ${messageOf(error)}.`);
    }
  }
  throw new LaunchpadError(
    "MODEL_FILE_UNSUPPORTED",
    `${whereIs(config, ["model", "engine"])}: model.engine: expected an installed package ${packages.join(" or ")}, found none. ` +
      `Install one beside the configuration: npm install ${packages[0]}.${broken.join("")}`,
  );
}

function isRuntime(value: unknown): value is OnnxRuntime {
  return typeof value === "object" && value !== null && "InferenceSession" in value && "Tensor" in value;
}
