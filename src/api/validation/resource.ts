import type { Fault } from "../../errors.ts";
import { type At, type Check, nameOf, refused, type ValidationState } from "../../schema/check.ts";
import { compileSchema } from "../../schema/compile.ts";
import type { JsonSchema } from "../../schema/json-schema.ts";
import { copyOf } from "../../schema/objects.ts";
import { isRecord } from "../../schema/types.ts";
import { unknownName } from "../../util/suggest.ts";
import { truncateText, truncateValue } from "../../util/truncate.ts";
import type { Resource } from "../definition.ts";
import { type Collected, createCollector, type Given } from "./collect-values.ts";
import { fileCheck } from "./file.ts";
import type { Body, ResourceInput } from "./input.ts";
import { type Argument, compileArgument } from "./parameter.ts";

/** Arguments in order of declaration, or everything that is wrong with them (the first 100 faults). */
export type ResourceOutcome =
  | { readonly args: Record<string, unknown>; readonly faults?: never }
  | { readonly faults: readonly Fault[] };

type Schemas = Readonly<Record<string, JsonSchema>>;

/** What is known of a resource besides itself. */
export interface ValidationOptions {
  /** The schemas of the definition, by name. */
  readonly schemas?: Schemas | undefined;
  /** What happens to parameters that are not described; they are refused, unless told. */
  readonly unknown?: "refuse" | "ignore" | undefined;
  /** Whether what a request may leave out, and does, is null; it is absent unless told. */
  readonly nulls?: boolean | undefined;
}

/** A hundred faults tell a caller enough; a request can have millions. */
const maxFaults = 100;

/**
 * Creates the validation of a resource's requests. What can be prepared is prepared here, at start-up.
 *
 * A name given in several places is taken from the JSON body before the query, and from the query before a form.
 * An array parameter takes all of them, in this order.
 *
 * @param resource The resource, as it is described.
 * @param options What else is known.
 *
 * @returns A function from what a request carries to arguments, or to all faults at once.
 *
 * @throws SchemaError when a schema is none.
 */
export function compileResource(
  resource: Resource,
  { schemas = {}, unknown = "refuse", nulls = false }: ValidationOptions = {},
): (input: ResourceInput) => ResourceOutcome {
  const compiled = resource.parameters.map((parameter) => compileArgument(parameter, schemas));
  const collect = createCollector(compiled, resource.body !== undefined);
  const names = compiled.flatMap(({ parameter: { in: place, name } }) =>
    place === "query" || place === "body" ? [name] : [],
  );
  const bodyCheck = resource.body && checkOfBody(resource.body, schemas);
  // Without a prototype, `__proto__` and `constructor` are names like any other. Engines make such objects slowly, and
  // read them slowly: where none of these names can come, there is one.
  const anyName = resource.additional || bodyCheck !== undefined;
  const isOrdinary = !anyName && resource.parameters.every(({ name }) => !(name in Object.prototype));

  return (input) => {
    const faults: Fault[] = [];
    const args: Record<string, unknown> = isOrdinary ? {} : Object.create(null);
    const collected = collect(input);
    const run = createRun(faults);
    for (let position = 0; position < compiled.length; position++) {
      const argument = compiled[position];
      if (argument) readArgument(argument, collected.given[position], args, run, nulls);
    }
    if (bodyCheck) readWhole(bodyCheck, resource, input.body, collected, args, run);
    for (const [name, { in: place, raw }] of collected.others) {
      if (resource.additional) args[name] = raw;
      else if (unknown === "refuse" && !run.full) {
        add(run, place, name, unknownName("parameter", name, names), raw);
      }
    }
    return faults.length > 0 ? { faults } : { args };
  };
}

/** A run whose faults are those of one request. */
interface RequestRun extends ValidationState {
  readonly faults: Fault[];
  /** The values of the argument at hand. */
  given: readonly Given[];
  /** Whether they are the values of a list. */
  list: boolean;
}

function createRun(faults: Fault[]): RequestRun {
  return { quiet: 0, full: false, report, faults, given: [], list: false };
}

function report(this: RequestRun, { parent, key }: At, message: string, received: unknown): void {
  const { given, list } = this;
  // The values of a list may come from several places.
  const index = list && parent && !parent.parent && typeof key === "number" ? key : undefined;
  const place = given[index ?? 0]?.in ?? "body";
  if (index === undefined) add(this, place, nameOf(parent ? { parent, key } : { key }), message, received);
  else add(this, place, String(parent?.key), `value ${index + 1}: ${message}`, received);
}

function add(run: RequestRun, place: Fault["in"], name: string, message: string, received?: unknown): void {
  if (run.full) return;
  const fault: Fault = { in: place, name: truncateText(name), message };
  run.faults.push(received === undefined ? fault : { ...fault, received: truncateValue(received) });
  run.full = run.faults.length >= maxFaults;
}

function readArgument(
  argument: Argument,
  given: readonly Given[] | undefined,
  args: Record<string, unknown>,
  run: RequestRun,
  nulls: boolean,
): void {
  const { parameter, several, fallback, missing } = argument;
  const { name } = parameter;
  const first = given?.[0];
  // An empty list in JSON is a value without values.
  if (given === undefined || (first === undefined && several !== "always")) {
    if (fallback !== undefined) args[name] = copyOf(fallback);
    else if (parameter.required) add(run, parameter.in, name, missing);
    else if (nulls) args[name] = null;
    return;
  }
  run.given = given;
  run.list = several === "always" || given.length > 1;
  const check = first?.text ? argument.checkText : argument.check;
  const value = run.list && !first?.list ? given.map(({ raw }) => raw) : first?.raw;
  const checked = check(value, argument.at, run);
  if (checked !== refused) args[name] = checked;
}

function checkOfBody({ schema, file }: NonNullable<Resource["body"]>, schemas: Schemas): Check {
  const check = compileSchema(schema, { schemas });
  const ofFile = file && fileCheck(file);
  // Where a type of text may be sent as well, there is no file.
  return ofFile ? (value, at, run) => (value instanceof File ? ofFile : check)(value, at, run) : check;
}

/** A body that is described as a whole: the properties of an object are arguments, anything else is `body`. */
function readWhole(
  check: Check,
  { body: described }: Resource,
  body: Body | undefined,
  { names }: Collected,
  args: Record<string, unknown>,
  run: RequestRun,
): void {
  if (body === undefined || !("json" in body)) {
    const expected = described?.media?.join(" or ") ?? "JSON";
    if (described?.required) add(run, "body", "", `required: expected ${expected}`);
    return;
  }
  run.given = [];
  run.list = false;
  const checked = check(body.json, { key: "" }, run);
  if (checked === refused) return;
  if (!isRecord(checked) || checked instanceof File) args.body = checked;
  else for (const [name, value] of Object.entries(checked)) if (!names.has(name)) args[name] = value;
}
