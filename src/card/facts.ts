import type { ApiDefinition } from "../api/definition.ts";
import { type Signature, signatureOf } from "../api/signature.ts";
import { type CardConfig, cardConfigOf } from "../config/card.ts";
import type { Counts } from "../model/metrics/counts.ts";
import type { Profile } from "../monitoring/profile/types.ts";
import type { Meta } from "../store/types.ts";
import type { Json } from "../util/json.ts";

/** What is known of a run, for people: what its metadata hold, and what `model.card` says. */
export interface Card {
  readonly name: string;
  readonly version: string;
  readonly run: string;
  /** ISO 8601. */
  readonly created: string;
  readonly createdBy: string | null;
  /** What people wrote. */
  readonly about: CardConfig;
  readonly task: "classification" | "regression" | undefined;
  readonly data: readonly CardData[];
  /** Metrics that are numbers, by name. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly gates: Readonly<Record<string, string>>;
  /** Rows of true classes, columns of predicted ones. */
  readonly confusion:
    | { readonly classes: readonly string[]; readonly matrix: readonly (readonly number[])[] }
    | undefined;
  /** Metrics by column and value. */
  readonly slices: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;
  readonly evaluation: Counts | undefined;
  readonly profile: Profile | undefined;
  readonly signature: Signature | undefined;
  readonly contents: { readonly size: number; readonly sha256: string };
  readonly code: { readonly sha256?: string; readonly commit?: string; readonly dirty?: boolean };
  readonly system: {
    readonly launchpad: string;
    readonly runtime: string;
    readonly language: string;
    readonly platform: string | undefined;
    readonly packages: Readonly<Record<string, string>>;
  };
  readonly trainingSeconds: number | undefined;
}

/** What a run read of a data source. */
export interface CardData {
  readonly name: string;
  readonly readBy: readonly string[];
  readonly rows: number | undefined;
  readonly columns: readonly string[];
  readonly sha256: string | undefined;
  /** What the digest is over: the bytes of a file, or the values of frames. */
  readonly digestOf: "bytes" | "values";
}

type Fields = Readonly<Record<string, Json | undefined>>;

/**
 * Card of a run.
 *
 * @param meta The metadata of the run.
 * @param about What people say of the model now; what they said when it was trained, unless told.
 *
 * @returns What documents and pages are made of.
 */
export function cardOf(meta: Meta, about?: CardConfig): Card {
  const metrics: Fields = meta.metrics;
  const system = fields(meta.system);
  const code = fields(meta.code);
  const git = fields(code.git);
  const snapshot = fields(fields(meta.config_snapshot).model);
  const counts = "format" in fields(metrics.evaluation) ? (metrics.evaluation as unknown as Counts) : undefined;
  return {
    name: meta.name,
    version: meta.version,
    run: meta.run,
    created: meta.created,
    createdBy: meta.created_by,
    about: about ?? cardConfigOf(snapshot.card),
    task: counts?.task ?? (Array.isArray(metrics.confusion_matrix) ? "classification" : undefined),
    data: list(meta.data).map(dataOf),
    numbers: numbersOf(metrics),
    gates: texts(snapshot.gates),
    confusion: confusionOf(metrics),
    slices: slicesOf(metrics.slices),
    evaluation: counts,
    profile: meta.profile === undefined ? undefined : (meta.profile as unknown as Profile),
    signature: meta.api === undefined ? undefined : signatureOf(meta.api as unknown as ApiDefinition),
    contents: meta.contents,
    code: {
      ...(typeof code.sha256 === "string" && { sha256: code.sha256 }),
      ...(typeof git.commit === "string" && { commit: git.commit, dirty: git.dirty === true }),
    },
    system: {
      launchpad: text(system.launchpad_version) ?? "",
      runtime: `${text(system.runtime) ?? ""} ${text(system.runtime_version) ?? ""}`.trim(),
      language: text(system.language)?.toLowerCase() ?? "javascript",
      platform: text(system.platform),
      packages: texts(system.packages),
    },
    trainingSeconds: typeof meta.training_seconds === "number" ? meta.training_seconds : undefined,
  };
}

function dataOf(entry: Json): CardData {
  const { name, read_by, rows, columns, sha256, sha256_of } = fields(entry);
  return {
    name: text(name) ?? "",
    readBy: list(read_by).flatMap((one) => text(one) ?? []),
    rows: typeof rows === "number" ? rows : undefined,
    columns: list(columns).flatMap((one) => text(one) ?? []),
    sha256: text(sha256),
    digestOf: sha256_of === "bytes" ? "bytes" : "values",
  };
}

function confusionOf({ confusion_matrix: matrix, classes }: Fields): Card["confusion"] {
  const isMatrix = (value: Json | undefined): value is number[][] =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((line) => Array.isArray(line) && line.length === value.length && line.every(Number.isFinite));
  if (!isMatrix(matrix)) return undefined;
  const names = list(classes);
  return { classes: matrix.map((_, at) => (names[at] === undefined ? String(at) : String(names[at]))), matrix };
}

function slicesOf(slices: Json | undefined): Card["slices"] {
  return Object.fromEntries(
    Object.entries(fields(slices)).map(([column, values]) => [
      column,
      Object.fromEntries(Object.entries(fields(values)).map(([value, metrics]) => [value, numbersOf(fields(metrics))])),
    ]),
  );
}

function numbersOf(metrics: Fields): Record<string, number> {
  return Object.fromEntries(
    Object.entries(metrics).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}

function fields(value: Json | undefined): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function texts(value: Json | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields(value)).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
