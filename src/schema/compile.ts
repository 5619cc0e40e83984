import { enumerate } from "../util/suggest.ts";
import { type Assertion, type Check, refuse, refused, remembering, tried } from "./check.ts";
import { all, allOf, anyOf, conditional, not, oneOf } from "./combine.ts";
import { itemReading, propertyReading, type Reading, type Scope, type Step } from "./compile-context.ts";
import { describeType, impliedTypes, typesIn } from "./describe-type.ts";
import type { JsonSchema } from "./json-schema.ts";
import { contains, items } from "./lists.ts";
import { dependents, members, propertyNames } from "./objects.ts";
import { checkLoops, endOf, placeOf, resolveRef, type Target } from "./refs.ts";
import { assertions } from "./scalars.ts";
import { type Keywords, SchemaError } from "./schema-error.ts";
import { type TypeName, typeNames, typeReader, typeTest, typeWords } from "./types.ts";

/** What is known of a schema besides itself. */
export interface CompileOptions {
  /** What `#/components/schemas/NAME` means. */
  readonly schemas?: Readonly<Record<string, JsonSchema>>;
  /** How values are read; as they are, unless told. */
  readonly reading?: Reading;
}

/** Keywords about the same value, then those about what is inside it; assertions stand between them. */
const combining: readonly Step[] = [allOf, anyOf, oneOf, conditional, not, dependents];
const entering: readonly Step[] = [items, contains, members, propertyNames];

/**
 * Creates a check from a JSON Schema (2020-12). What can be prepared is prepared here, once.
 *
 * @param schema The schema.
 * @param options What its references mean, and how values are read.
 *
 * @returns A check of values.
 *
 * @throws SchemaError naming the keyword, when it is no schema.
 */
export function compileSchema(schema: JsonSchema, options: CompileOptions = {}): Check {
  return createCompiler(options.schemas ?? {})({ schema, root: schema, where: "" }, options.reading ?? "json");
}

/** One compiler knows each place that references lead to, so that a schema can contain itself. */
function createCompiler(schemas: Readonly<Record<string, JsonSchema>>) {
  const places = new Map<JsonSchema, Map<Reading, Check>>();

  const refer = (target: Target, reading: Reading): Check => {
    const found = resolveRef(target, schemas);
    const known = places.get(found.schema) ?? new Map<Reading, Check>();
    places.set(found.schema, known);
    const before = known.get(reading);
    if (before) return before;
    checkLoops(found, schemas);
    let check: Check | undefined;
    known.set(reading, (value, at, run) => (check ? check(value, at, run) : value));
    check = remembering(compile(found, reading));
    known.set(reading, check);
    return check;
  };

  const compile = (target: Target, reading: Reading): Check => {
    const { schema, root } = target;
    if (schema === true) return (value) => value;
    if (schema === false) return (value, at, run) => refuse(run, at, "expected no value", value);
    const reads = reading !== "json";
    const where = (keyword: string) => placeOf(target, keyword);
    const part = (one: JsonSchema, keyword = ""): Target => ({ schema: one, root, where: where(keyword) });
    const scope: Scope = {
      reading,
      where,
      same: (one, keyword) => compile(part(one, keyword), reading),
      item: (one, keyword) => compile(part(one, keyword), itemReading[reading]),
      property: (one, keyword) => compile(part(one, keyword), propertyReading[reading]),
      words: (one) => describeType(part(one), schemas, (types) => typeWords(types, reads)),
      resolved: (one) => endOf(part(one), schemas),
      refusesType(one, value) {
        const types = impliedTypes(part(one), schemas);
        return types !== undefined && converterOf(types, reading)(value) === refused;
      },
    };
    const compiled = (steps: readonly Step[]) => steps.flatMap((step) => step(schema, scope) ?? []);
    const referred = schema.$ref === undefined ? [] : [refer(target, reading)];
    return assembled(
      typeStep(target, schemas, reading),
      [...referred, ...compiled(combining)],
      assertionsOf(schema, where),
      compiled(entering),
    );
  };
  return compile;
}

function assertionsOf(schema: Keywords, where: (keyword: string) => string): Assertion[] {
  return Object.entries(assertions).flatMap(([keyword, create]) => {
    const assertion = schema[keyword] !== undefined ? create(schema[keyword], where(keyword), schema) : undefined;
    return assertion ? [{ ...assertion, expected: `expected ${assertion.expected}` }] : [];
  });
}

/** What a value is turned into first, and what to say if it cannot be. */
interface TypeStep {
  readonly convert: (value: unknown) => unknown;
  /** Undefined where another keyword says it. */
  readonly expected: string | undefined;
  /** What text is turned into as each of several types. */
  readonly readings: readonly ((value: unknown) => unknown)[];
}

function typeStep(
  target: Target,
  schemas: Readonly<Record<string, JsonSchema>>,
  reading: Reading,
): TypeStep | undefined {
  const reads = reading !== "json";
  const { schema } = target;
  const given = typeof schema === "object" ? schema.type : undefined;
  const own = typesIn(schema);
  if (given !== undefined && (own === undefined || own.length === 0 || own.length < [given].flat().length)) {
    throw new SchemaError(placeOf(target, "type"), `one of ${typeNames.join(", ")}, or a list of them`);
  }
  const types = own ?? (reads ? impliedTypes(target, schemas) : undefined);
  if (!types) return undefined;
  return {
    convert: converterOf(types, reading),
    expected: own && `expected ${enumerate(typeWords(own, reads))}`,
    readings: reads && types.length > 1 ? types.map((type) => converterOf([type], reading)) : [],
  };
}

function converterOf(types: readonly TypeName[], reading: Reading): (value: unknown) => unknown {
  return reading === "json" ? typeTest(types) : typeReader(types, reading === "argument" || reading === "text");
}

/** The check of one schema: most are a type with some assertions, and those are what requests are full of. */
function assembled(
  type: TypeStep | undefined,
  before: readonly Check[],
  asserted: readonly Assertion[],
  after: readonly Check[],
): Check {
  if (before.length === 0 && after.length === 0)
    return inEachType(type, scalarCheck(type, asserted), scalarCheck(undefined, asserted));
  const others = all([...before, ...(asserted.length > 0 ? [scalarCheck(undefined, asserted)] : []), ...after]);
  if (!type) return others;
  const typed = scalarCheck(type, []);
  const check: Check = (value, at, run) => {
    const converted = typed(value, at, run);
    return converted === refused ? refused : others(converted, at, run);
  };
  return inEachType(type, check, others);
}

/** Text can be read as each of several types: the first is taken that also fits the rest of the schema. */
function inEachType(type: TypeStep | undefined, check: Check, rest: Check): Check {
  if (!type || type.readings.length === 0) return check;
  return (value, at, run) => {
    if (typeof value !== "string") return check(value, at, run);
    for (const read of type.readings) {
      const converted = read(value);
      if (converted === refused) continue;
      const result = tried(rest, converted, at, run);
      if (result !== refused) return result;
    }
    return check(value, at, run);
  };
}

const asItIs = (value: unknown) => value;

function scalarCheck(type: TypeStep | undefined, asserted: readonly Assertion[]): Check {
  const { convert, expected } = type ?? { convert: asItIs, expected: undefined };
  return (value, at, run) => {
    let converted = convert(value);
    if (converted === refused) {
      if (expected !== undefined) return refuse(run, at, expected, value);
      converted = value;
    }
    let fits = true;
    for (let index = 0; index < asserted.length; index++) {
      const assertion = asserted[index];
      if (!assertion || assertion.holds(converted)) continue;
      fits = false;
      refuse(run, at, assertion.expected, value);
    }
    return fits ? converted : refused;
  };
}
