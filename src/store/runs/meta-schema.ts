import * as v from "valibot";

const object = v.record(v.string(), v.unknown());
const time = v.pipe(v.string(), v.isoTimestamp());
const seconds = v.pipe(v.number(), v.minValue(0));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

/** What a key means, where the published schema says it. */
const about = <const Schema extends v.GenericSchema>(schema: Schema, description: string) =>
  v.pipe(schema, v.description(description));

const system = v.looseObject({
  launchpad_version: v.string(),
  runtime: v.string(),
  runtime_version: v.string(),
  platform: about(v.nullable(v.string()), "Operating system and architecture."),
  host: v.nullable(v.string()),
  language: about(v.optional(v.string()), "That of the model, where the runtime leaves it to another: python, r."),
  language_version: v.optional(v.string()),
  packages: about(
    v.record(v.string(), v.string()),
    "The packages installed in the model's project, and their versions; several versions of one are separated by commas.",
  ),
});

const code = v.looseObject({
  sha256: about(
    v.optional(sha256),
    "Of the model's module and its local imports: of the UTF-8 JSON list of [file, SHA-256 of its bytes], sorted by file.",
  ),
  files: about(v.optional(v.array(v.string())), "These files, relative to the folder of the module."),
  git: about(
    v.optional(v.looseObject({ commit: v.string(), dirty: v.boolean() })),
    "The commit that was checked out, and whether tracked files or the model's code differ from it.",
  ),
});

const reading = v.looseObject({
  name: v.string(),
  read_by: v.array(v.picklist(["train", "test"])),
  params: about(object, "Secrets are ***, long text is cut."),
  rows: about(v.nullable(count), "Null for a reading of text or bytes."),
  columns: about(v.nullable(v.array(v.string())), "Null for a reading of text or bytes."),
  sha256: about(v.nullable(sha256), "Null for a reading that is not complete."),
  sha256_of: about(
    v.picklist(["bytes", "values"]),
    "The digest is over the bytes of a file, or over the values that were handed out.",
  ),
  complete: about(v.boolean(), "Whether the source was read to its end."),
});

/**
 * The metadata that a training writes. `meta.schema.json` is made of it.
 */
export const metaSchema = v.pipe(
  v.looseObject({
    name: v.string(),
    version: v.string(),
    run: about(v.string(), "Sorts by time."),
    created: time,
    created_by: about(v.nullable(v.string()), "The user of the operating system."),
    system,
    code: about(code, "Empty where there are no files."),
    data: about(v.array(reading), "What was read from the data sources."),
    data_left_out: about(v.optional(count), "How many more readings there were than are listed."),
    train_report: object,
    metrics: about(object, "The newest; empty if the model was not tested."),
    metrics_history: about(v.record(v.string(), object), "By the time (ISO 8601, UTC) at which they were measured."),
    training_seconds: seconds,
    testing_seconds: about(v.optional(seconds), "Absent if the model was not tested."),
    config_snapshot: about(object, "The configuration before secrets were filled in."),
    api_base_url: v.optional(v.string()),
    api: about(v.optional(object), "The contract of the API: resources with their parameters and results."),
    input_schema: about(v.optional(object), "What the model's input takes: so much of it as can be compared."),
    output_schema: about(
      v.optional(object),
      "The JSON Schema of what the model's output lets out: so much of it as can be compared.",
    ),
    signature: about(
      v.optional(v.looseObject({ algorithm: v.literal("Ed25519"), key: v.string(), value: v.string() })),
      "Over the canonical JSON (RFC 8785) of the rest of the metadata, if whoever trained signs; key: the first 16 digits of the SHA-256 of the public key (SPKI); value: base64.",
    ),
    profile: about(
      v.optional(v.looseObject({ format: v.literal(1), inputs: object, outputs: object })),
      "Distributions of the inputs that the model learned from, and of predictions: what requests are compared with.",
    ),
    have_columns_been_ordered: v.boolean(),
    ordered_columns: about(
      v.optional(v.array(v.array(v.string()))),
      "The columns that the training ordered, for each set of them: what a prediction orders is compared with them.",
    ),
    taken_over: about(
      v.optional(v.looseObject({ from: v.string(), file: v.string() })),
      "Where the history of a training elsewhere was taken from: its contents are empty, and cannot serve.",
    ),
    contents: v.looseObject({ size: about(count, "Bytes."), sha256 }),
  }),
  v.title("Metadata of a model trained by Launchpad"),
  v.description("Whatever else the `model` section of the configuration holds is in here, too."),
);

/** The keys whose meaning is the metadata's, whatever the `model` section of a configuration holds. */
export const metaKeys: ReadonlySet<string> = new Set([...Object.keys(metaSchema.entries), "json_sha256"]);
