import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { whereIs } from "../../../config/source-map.ts";
import type { Config } from "../../../config/types.ts";
import { LaunchpadError } from "../../../errors.ts";
import type { Host } from "../../../host.ts";
import type { Model } from "../../define.ts";
import type { AnyFileModel, ModelFormat } from "../file-model.ts";
import type { ModelType } from "../model-type.ts";
import { fileContents } from "./contents.ts";
import { evaluate } from "./evaluate.ts";
import { prove } from "./expected.ts";
import { predictingPart } from "./file-model-code.ts";
import { packageSourceOf } from "./package-source.ts";
import { inputSchema, outputSchema } from "./schemas.ts";

/** Features of which the metadata says how much they matter; the others are not worth their place. */
const maxImportances = 1000;

/** What metadata say of a file. */
interface AboutFile {
  readonly format: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Functions that import and test a model from a file, and what its API takes and answers.
 *
 * @param read The model.
 * @param file What metadata say of the file.
 * @param config The configuration.
 * @param host What reads `model.expected`.
 *
 * @returns `train`, `test`, `input` and `output`.
 */
export function learningPart(
  read: AnyFileModel,
  file: AboutFile,
  config: Config,
  host: Host,
): Pick<Model, "train" | "test" | "input" | "output"> {
  const { names, labels, options } = fileContents(read, config);
  const tests = Object.entries(config.datasources).flatMap(([name, { tags }]) => (tags.includes("test") ? [name] : []));
  return {
    input: inputSchema(read, names, options),
    output: outputSchema(read, labels, names, options),
    async train({ report }) {
      const { format, ...rest } = file;
      report("file", { format, objective: read.objective, task: read.task, ...rest });
      const importances = read.importances?.();
      if (importances && importances.length <= maxImportances) {
        report("importances", Object.fromEntries(names.map((name, index) => [name, importances[index]])));
      }
      const contents = fileContents(read, config);
      if (options.expected === undefined) return contents;
      const { rows, deviation, samples } = await prove(contents, options.expected, config, host);
      report("expected", { rows, largest_deviation: deviation, tolerance: options.tolerance });
      return { ...contents, samples };
    },
    test: (contents, run) => evaluate(contents, run, tests, read.quantiles),
  };
}

function noEngine(config: Config, title: string): LaunchpadError {
  return new LaunchpadError(
    "CONFIG_INVALID",
    `${whereIs(config, ["model", "engine"])}: model.engine: found onnxruntime for ${title}, expected portable: onnxruntime runs ONNX only. Leave it out.`,
  );
}

/**
 * Type of models that are files of another library.
 *
 * @param format The reader of the format.
 * @param restore Export of its `restore.ts`, where a package that serves needs that alone.
 *
 * @returns The type: training reads, proves and tests the file, and stores its compact form.
 */
export function fileType(format: ModelFormat, restore?: string): ModelType {
  return {
    name: format.name,
    title: format.title,
    extensions: format.extensions,
    recognizes: format.recognizes,
    async open({ config, host, module, where }) {
      const bytes = await host.files?.read(module);
      if (bytes === undefined)
        throw new LaunchpadError("MODULE_NOT_FOUND", `${where}: expected a model file, found nothing.`);
      if (config.model.engine === "onnxruntime") throw noEngine(config, format.title);
      const digest = bytesToHex(sha256(bytes));
      const read = await format.read(bytes, where);
      const file = { format: format.name, sha256: digest, bytes: bytes.length };
      return {
        model: { ...predictingPart(format, config), ...learningPart(read, file, config, host) },
        packageSource: (packaged) => packageSourceOf(format, restore, packaged),
        describe: async () => ({ packages: {}, code: { sha256: digest, files: [where.replace(/^.*[\\/]/, "")] } }),
      };
    },
  };
}
