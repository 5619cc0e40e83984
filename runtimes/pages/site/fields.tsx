import type { PageModel } from "./data.ts";

type Side = PageModel["signature"]["inputs"];
export type Field = Side["fields"][number];

/** Texts and files of the form, by the names of fields. */
export type Values = Readonly<Record<string, string | File | undefined>>;

type Schema = Readonly<Record<string, unknown>>;

const schemaOf = (field: Field): Schema => (typeof field.schema === "object" ? (field.schema as Schema) : {});

/** Whether a field takes one number. */
export const isNumber = ({ dtype, shape, choices }: Field): boolean =>
  (dtype === "float64" || dtype === "int64") && shape.length === 0 && choices === undefined;

/** What the training, or the schema, says of the values of a number. */
export function rangeOf(field: Field, { card }: PageModel): readonly [number, number] | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schemaOf(field);
  const profile = card?.profile?.inputs[field.name];
  const seen = profile?.kind === "number" ? [profile.min, profile.edges.at(-1)] : [];
  const least = [minimum, exclusiveMinimum, seen[0]].find((one) => typeof one === "number");
  const most = [maximum, exclusiveMaximum, seen[1]].find((one) => typeof one === "number");
  return typeof least === "number" && typeof most === "number" && most > least ? [least, most] : undefined;
}

/** What the form begins with: an example, what the training saw most, or the least that fits. */
export function firstValue(field: Field, model: PageModel): string {
  const schema = schemaOf(field);
  const example = model.examples[field.name] ?? schema.default;
  if (example !== undefined && example !== null) return textOf(example);
  if (field.dtype === "bytes") return "";
  const profile = model.card?.profile?.inputs[field.name];
  if (profile?.kind === "number")
    return String(field.dtype === "int64" ? Math.round(profile.mean) : Number(profile.mean.toPrecision(3)));
  if (field.choices?.length) return field.optional ? "" : textOf(field.choices[0]);
  if (profile?.kind === "category" && profile.values[0] !== undefined) return profile.values[0];
  if (field.dtype === "bool") return field.optional ? "" : "false";
  return "";
}

export const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** The value that a text stands for; undefined to leave it out. */
export function argOf(field: Field, text: string | File | undefined): unknown {
  if (text === undefined || text === "" || text instanceof File) return text === "" ? undefined : text;
  if (field.choices) return field.choices.find((choice) => textOf(choice) === text) ?? text;
  if (field.shape.length > 0 || field.dtype === "json") {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  if (field.dtype === "bool") return text === "true";
  if (field.dtype === "str") return text;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

/** One field of the form. */
export function FormField({
  field,
  model,
  value,
  change,
}: {
  readonly field: Field;
  readonly model: PageModel;
  readonly value: string;
  readonly change: (value: string | File | undefined) => void;
}) {
  const id = `field-${field.name}`;
  const schema = schemaOf(field);
  const range = isNumber(field) ? rangeOf(field, model) : undefined;
  const about =
    model.descriptions[field.name] ?? (typeof schema.description === "string" ? schema.description : undefined);
  const set = (event: Event) => change((event.currentTarget as HTMLInputElement).value);
  const shared = { id, "aria-describedby": `${id}-about`, onInput: set, value };
  const choices = field.choices?.map(textOf) ?? (field.dtype === "bool" ? ["true", "false"] : undefined);
  const isList = field.shape.length > 0 || field.dtype === "json";
  return (
    <div class="field">
      <label for={id}>
        {field.name}
        {!field.optional && <span class="soft"> (needed)</span>}
      </label>
      {field.dtype === "bytes" ? (
        <input id={id} type="file" onChange={(event) => change((event.currentTarget as HTMLInputElement).files?.[0])} />
      ) : choices && !isList ? (
        <select {...shared}>
          {(field.optional || value === "") && <option value="">(none)</option>}
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      ) : isList ? (
        <textarea {...shared} rows={2} spellcheck={false} />
      ) : isNumber(field) ? (
        <input {...shared} type="number" step={field.dtype === "int64" ? 1 : "any"} autocomplete="off" />
      ) : (
        <input {...shared} autocomplete="off" />
      )}
      {range && (
        <input
          type="range"
          aria-label={`${field.name}, slider`}
          min={range[0]}
          max={range[1]}
          step={field.dtype === "int64" ? 1 : (range[1] - range[0]) / 200}
          value={value}
          onInput={set}
        />
      )}
      <div class="soft" id={`${id}-about`}>
        {[
          about,
          range && `${Number(range[0].toPrecision(4))} to ${Number(range[1].toPrecision(4))}`,
          isList && "as JSON",
        ]
          .filter(Boolean)
          .join("; ")}
      </div>
    </div>
  );
}
