import { didYouMean } from "../config/suggest.ts";
import type { Fault } from "../errors.ts";
import type { Parameter, Resource } from "./definition.ts";
import { shorten, shortenText } from "./received.ts";
import { compileValue, type ValueOutcome, type ValueRules, valueRulesOf } from "./values.ts";

/** What a request carries: pairs of text from the query or a form, or the object of a JSON body. */
export interface ResourceInput {
  readonly query: URLSearchParams;
  /** The decoded parameters of the path. */
  readonly path: Readonly<Record<string, string>>;
  readonly body?: URLSearchParams | Readonly<Record<string, unknown>> | undefined;
}

/** Arguments in order of declaration, or everything that is wrong with them (the first 100 faults). */
export type ResourceOutcome =
  | { readonly args: Record<string, unknown>; readonly faults?: never }
  | { readonly faults: readonly Fault[] };

/** A hundred faults tell a caller enough; a request can have millions. */
const mostFaults = 100;

type Place = Fault["in"];

/** One value as it was received. A parameter that is no array keeps the first, as ML Launchpad does. */
interface Given {
  readonly in: Place;
  readonly raw: unknown;
}

interface Compiled {
  readonly parameter: Parameter;
  readonly rules: ValueRules;
  readonly array: boolean;
  /** What is taken where it is absent. */
  readonly fallback: unknown;
  readonly check: (raw: unknown) => ValueOutcome;
}

/**
 * Creates the validation of a resource's requests. What can be prepared is prepared here, at start-up.
 *
 * A name given in several places is taken from the JSON body before the query, and from the query before a form.
 * An array parameter takes all of them, in this order.
 *
 * @param resource The resource, as it is described.
 *
 * @returns A function from what a request carries to arguments, or to all faults at once.
 *
 * @throws SyntaxError when a pattern is no regular expression.
 */
export function compileResource(resource: Resource): (input: ResourceInput) => ResourceOutcome {
  const compiled = resource.parameters.map(compileParameter);
  const positions = new Map<string, number>();
  for (const [position, { parameter }] of compiled.entries()) {
    if (parameter.in !== "path") positions.set(parameter.name, position);
  }

  return (input) => {
    const given: (Given[] | undefined)[] = new Array(compiled.length).fill(undefined);
    const others = new Map<string, Given>();
    const take = (place: Place, name: string, raw: unknown) => {
      const position = positions.get(name);
      if (position === undefined) {
        if (!others.has(name)) others.set(name, { in: place, raw });
      } else if (raw !== null) {
        const known = given[position];
        if (known === undefined) given[position] = [{ in: place, raw }];
        else if (compiled[position]?.array) known.push({ in: place, raw });
      }
    };
    const { body } = input;
    const form = body instanceof URLSearchParams ? body : undefined;
    if (body && !form) for (const [name, raw] of Object.entries(body)) take("body", name, raw);
    for (const [name, text] of input.query) take("query", name, text);
    if (form) for (const [name, text] of form) take("body", name, text);

    // Without a prototype, `__proto__` and `constructor` are names like any other.
    const args: Record<string, unknown> = Object.create(null);
    const faults: Fault[] = [];
    for (const [position, one] of compiled.entries()) readArgument(one, given[position], input.path, args, faults);
    for (const [name, { in: place, raw }] of others) {
      if (resource.additional) args[name] = raw;
      else add(faults, place, shortenText(name), `unknown parameter${hintFor(name, positions.keys())}`, raw);
    }
    return faults.length > 0 ? { faults } : { args };
  };
}

function compileParameter(parameter: Parameter): Compiled {
  const { rules, array } = valueRulesOf(parameter.schema);
  const fallback = typeof parameter.schema === "object" ? parameter.schema.default : undefined;
  return { parameter, rules, array, fallback, check: compileValue(rules) };
}

function readArgument(
  { parameter, rules, array, fallback, check }: Compiled,
  given: readonly Given[] | undefined,
  path: Readonly<Record<string, string>>,
  args: Record<string, unknown>,
  faults: Fault[],
): void {
  const { name } = parameter;
  const received = parameter.in === "path" ? inPath(path, name) : given;
  const first = received?.[0];
  if (received === undefined || first === undefined) {
    if (fallback !== undefined) args[name] = copyOf(fallback);
    else if (parameter.required) add(faults, parameter.in, name, `required: ${describe(rules, array)}`);
    return;
  }
  if (!array) {
    const outcome = check(first.raw);
    if (outcome.expected) for (const expected of outcome.expected) add(faults, first.in, name, expected, first.raw);
    else args[name] = outcome.value;
    return;
  }
  const values: unknown[] = [];
  for (const { in: place, raw } of received) {
    for (const item of Array.isArray(raw) ? raw : [raw]) {
      const outcome = check(item);
      values.push(outcome.expected ? undefined : outcome.value);
      for (const expected of outcome.expected ?? []) {
        add(faults, place, name, `value ${values.length}: ${expected}`, item);
      }
    }
  }
  args[name] = values;
}

function inPath(path: Readonly<Record<string, string>>, name: string): Given[] | undefined {
  return Object.hasOwn(path, name) ? [{ in: "path", raw: path[name] }] : undefined;
}

/** A model may change the list that it is given: the declared default stays as it is. */
function copyOf(value: unknown): unknown {
  return Array.isArray(value) ? [...value] : value;
}

function describe({ type }: ValueRules, array: boolean): string {
  return array ? `expected values of type ${type}` : `expected a value of type ${type}`;
}

/** Nobody misspells a name so that it gets very long; whoever sends one gets no search for it. */
function hintFor(name: string, names: Iterable<string>): string {
  const hint = name.length <= 64 ? didYouMean(name, names) : "";
  return hint && `.${hint}`;
}

function add(faults: Fault[], place: Place, name: string, message: string, received?: unknown): void {
  if (faults.length >= mostFaults) return;
  faults.push({ in: place, name, message, ...(received !== undefined && { received: shorten(received) }) });
}
