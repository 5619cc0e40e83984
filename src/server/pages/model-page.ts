import type { ApiDefinition, Parameter } from "../../api/definition.ts";
import { type Signature, signatureOf } from "../../api/signature.ts";
import type { Card } from "../../card/facts.ts";
import type { Meta, Promotion } from "../../store/types.ts";

/** What the pages of a model know of it: plain JSON. */
export interface PageModel {
  readonly title: string;
  readonly description: string | undefined;
  readonly version: string;
  /** Where predictions are asked for, below the page: `/iris/v0/varieties`, perhaps with names in braces. */
  readonly path: string;
  readonly signature: Signature;
  /** Where inputs stand in a request, by name, if not in its body. */
  readonly places: Readonly<Record<string, Parameter["in"]>>;
  readonly examples: Readonly<Record<string, unknown>>;
  readonly descriptions: Readonly<Record<string, string>>;
  /** What is known of the run that serves; undefined for one that was never stored. */
  readonly card: Card | undefined;
  readonly hasHistory: boolean;
  readonly hasMetrics: boolean;
  readonly hasDrift: boolean;
  readonly hasRollout: boolean;
  readonly hasFeedback: boolean;
  readonly hasDocs: boolean;
}

/** Runs of a model, as pages show them: plain JSON. */
export interface PagesHistory {
  /** The newest first. */
  readonly runs: readonly PageRun[];
  /** The newest first. */
  readonly promotions: readonly Promotion[];
  /** Every version of every model in the store. */
  readonly models: readonly {
    readonly name: string;
    readonly version: string;
    readonly run: string | null;
    readonly runs: number;
  }[];
}

/** One run of a model; metrics are those that are numbers. */
export interface PageRun {
  readonly run: string;
  readonly version: string;
  readonly created: string;
  readonly current: boolean;
  readonly aliases: readonly string[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly metrics_history: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/**
 * What a page needs to ask for predictions.
 *
 * @param definition The API.
 * @param basePath What every path of it begins with.
 * @param more What else is known.
 *
 * @returns The first resource, its signature, and examples.
 */
export function pageModel(
  definition: ApiDefinition,
  basePath: string,
  more: Pick<
    PageModel,
    "version" | "card" | "hasHistory" | "hasMetrics" | "hasDrift" | "hasRollout" | "hasFeedback" | "hasDocs"
  >,
): PageModel {
  const [resource] = definition.resources;
  const parameters = resource?.parameters ?? [];
  const body = resource?.body;
  const examples = parameters.flatMap(({ name, example, schema }) => {
    const listed = typeof schema === "object" && Array.isArray(schema.examples) ? schema.examples[0] : undefined;
    const found: unknown = example ?? listed;
    return found === undefined ? [] : [[name, found] as const];
  });
  return {
    title: definition.title,
    description: definition.description,
    path: `${basePath}${resource?.path ?? ""}`,
    signature: signatureOf(definition),
    // Those of the query may stand in the body as well.
    places: Object.fromEntries(
      parameters.flatMap((one) => (["path", "header"].includes(one.in) ? [[one.name, one.in]] : [])),
    ),
    examples: { ...Object.fromEntries(examples), ...(body?.example !== undefined && { body: body.example }) },
    descriptions: Object.fromEntries(
      parameters.flatMap(({ name, description }) => (description ? [[name, description]] : [])),
    ),
    ...more,
  };
}

/**
 * Metrics that are numbers.
 *
 * @param metrics Metrics.
 *
 * @returns Those.
 */
export function numbersOf(metrics: Meta["metrics"]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(metrics).filter((one): one is [string, number] => typeof one[1] === "number"),
  );
}
