import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Config,
  type Host,
  LaunchpadError,
  type ModelType,
  modelFrom,
  type OpenModel,
  refuseExport,
  whereIs,
} from "../../src/internal.ts";
import { findFile, findModule, importFound, moduleNotFound, withFolders } from "../modules/load.ts";
import { modelOrigin } from "../modules/provenance.ts";
import { findMlmodel, isMlmodel, mlflowModel } from "./mlflow.ts";

/** Where a model is named. */
export interface ModelPlace {
  readonly config: Config;
  readonly host: Host;
  /** The configuration file in which `model.module` stands. */
  readonly base: URL;
  /** The file of the model, where it was found already. */
  readonly file?: URL | undefined;
  /** What messages call that file. */
  readonly where?: string | undefined;
  readonly onModule?: (module: URL) => void;
  readonly onFile?: (file: URL) => void;
}

/** So many bytes tell what a file is. */
const headSize = 4096;

/**
 * Opens the model that a configuration names, of whichever type it is.
 *
 * @param place The configuration.
 * @param types Types of models beside modules of TypeScript and JavaScript; the first that fits is taken.
 *
 * @returns The model.
 *
 * @throws MODULE_NOT_FOUND when there is no such file; MODULE_INVALID when there are several, or it cannot be loaded;
 *   CONFIG_INVALID for an unknown `model.type`; whatever the type throws.
 */
export async function openModel(place: ModelPlace, types: readonly ModelType[]): Promise<OpenModel> {
  const { config, base, onModule } = place;
  const { type: named } = config.model;
  const claimed = types.flatMap((type) => {
    const file = type.claims?.(config);
    return file === undefined ? [] : [{ type, file }];
  })[0];
  const specifier = claimed?.file ?? config.model.module;
  const only = claimed ? [claimed.type] : named === undefined ? types : types.filter(({ name }) => name === named);
  if (only.length === 0 && named !== undefined) throw unknownType(config, named, types);

  if (place.file !== undefined) return openFile(place, place.file, only);
  const readsFiles = claimed === undefined && only.some(({ isCode }) => !isCode);
  const mlmodel = readsFiles ? findMlmodel(specifier, base) : undefined;
  if (mlmodel) return openMlflow(place, mlmodel, only);
  const script = named === undefined && claimed === undefined ? findModule(specifier, base) : undefined;
  const found = script && isOtherwiseRead(script, types) ? undefined : script;
  const files = found && !isNamedWhole(specifier, found) ? candidates(specifier, base, only) : [];
  const others = found ? files : candidates(specifier, base, only, true);
  const [first, second] = [...(found ? [found] : []), ...others];
  if (first === undefined) {
    const endings = only.filter(({ isCode }) => isCode).flatMap(({ extensions }) => extensions);
    throw moduleNotFound(specifier, base, "model.module", endings);
  }
  if (second !== undefined) throw ambiguous(specifier, first, second);
  onModule?.(first);
  if (first === found) {
    refuseExport(place, "a module of TypeScript or JavaScript");
    const imported = await importFound(first);
    return { model: modelFrom(imported.namespace, imported.where), describe: () => modelOrigin(imported.url) };
  }
  return openFile(place, first, only);
}

/** A folder in which a module stands as well is named by that: `./folder/index.ts`. */
async function openMlflow(place: ModelPlace, mlmodel: URL, types: readonly ModelType[]): Promise<OpenModel> {
  const { config, host, base, onModule } = place;
  const { module, type: wanted } = config.model;
  const script = isMlmodel(new URL(module, base)) ? undefined : findModule(module, base);
  if (script !== undefined) throw ambiguous(module, script, mlmodel);
  onModule?.(mlmodel);
  const read = async (url: URL) => (await host.files?.read(url)) ?? new Uint8Array();
  const files = types.filter(({ isCode }) => !isCode);
  const { file, type } = await mlflowModel(mlmodel, fileURLToPath(mlmodel), files, wanted, read);
  place.onFile?.(file);
  return openFile(place, file, [type]);
}

async function openFile(
  { config, host, base, onFile, where: shown }: ModelPlace,
  module: URL,
  types: readonly ModelType[],
): Promise<OpenModel> {
  const where = shown ?? fileURLToPath(module);
  const type = await typeOf(module, where, types, host);
  if (type.name !== "python") refuseExport({ config }, type.title);
  return type.open({ config, host, module, where, base, onFile: (file) => onFile?.(file) });
}

/** A file that is there by its whole name is found as a script would be, whatever its ending. */
function isOtherwiseRead(file: URL, types: readonly ModelType[]): boolean {
  const ending = extname(file.pathname).toLowerCase();
  return types.some(({ extensions }) => extensions.includes(ending));
}

function isNamedWhole(specifier: string, file: URL): boolean {
  const ending = extname(file.pathname);
  return ending !== "" && specifier.endsWith(ending);
}

/** Files by the whole name, then programs by a name without ending. */
function candidates(specifier: string, base: URL, types: readonly ModelType[], whole = false): URL[] {
  const programs = types.filter(({ isCode }) => isCode);
  const exact = whole ? findFile(specifier, base, [""]) : undefined;
  if (exact) return [exact];
  for (const name of new Set([specifier, withFolders(specifier)])) {
    const found = programs.flatMap(({ extensions }) => findFile(name, base, extensions) ?? []);
    if (found.length > 0) return found;
  }
  return [];
}

async function typeOf(file: URL, where: string, types: readonly ModelType[], host: Host): Promise<ModelType> {
  const ending = extname(file.pathname).toLowerCase();
  const fitting = types.filter(({ extensions }) => extensions.includes(ending));
  const [first, ...rest] = fitting.length > 0 ? fitting : types;
  if (first && rest.length === 0) return first;
  const bytes = await host.files?.read(file);
  const recognized =
    bytes && fitting.find((type) => type.recognizes?.(bytes.length > headSize ? bytes.subarray(0, headSize) : bytes));
  if (recognized) return recognized;
  const titles = fitting.map(({ title }) => title).join(", ");
  throw new LaunchpadError(
    "MODULE_INVALID",
    `${where}: expected a model of one of ${titles || types.map(({ title }) => title).join(", ")}, found none of them. ` +
      "Correct model.module, or say which it is by model.type.",
  );
}

function unknownType(config: Config, named: string, types: readonly ModelType[]): LaunchpadError {
  const names = types.map(({ name }) => name).join(", ");
  return new LaunchpadError(
    "CONFIG_INVALID",
    `${whereIs(config, ["model", "type"])}: model.type: expected one of ${names}, found "${named}". Leave it out for ` +
      "TypeScript and JavaScript.",
  );
}

function ambiguous(specifier: string, first: URL, second: URL): LaunchpadError {
  const paths = [first, second].map((url) => fileURLToPath(url));
  const ending = extname(second.pathname);
  return new LaunchpadError(
    "MODULE_INVALID",
    `model.module: expected one file for "${specifier}", found ${paths.join(" and ")}. Remove one of them, or write the ` +
      `name with its ending: ${specifier}${ending}`,
  );
}
