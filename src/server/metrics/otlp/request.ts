import { version } from "../../../version.ts";
import { type Family, readFamilies } from "../families.ts";
import type { Sample } from "../text.ts";

/** Attribute of OTLP, as its JSON has it; all of ours are texts. */
interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue: string };
}

/** When what is counted was 0, and when it was read: nanoseconds since 1970-01-01 UTC, as texts. */
interface Span {
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
}

/** Numbers are added up from the start on. */
const cumulative = 2;

/**
 * Request of OTLP (`ExportMetricsServiceRequest`) in its JSON form, of the numbers that `/metrics` has: under the same names,
 * so that a dashboard of the ones fits the others.
 *
 * @param text The numbers in the text format of Prometheus.
 * @param of `start` and `now` in milliseconds since 1970-01-01 UTC; `resource` says what has counted.
 *
 * @returns The request. What is no number is left out.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export function otlpRequest(
  text: string,
  of: { readonly start: number; readonly now: number; readonly resource: Readonly<Record<string, string>> },
): object {
  const span = { startTimeUnixNano: nanoseconds(of.start), timeUnixNano: nanoseconds(of.now) };
  const metrics = readFamilies(text).map((family) => metricOf(family, span));
  return {
    resourceMetrics: [
      {
        resource: { attributes: attributesOf(of.resource) },
        scopeMetrics: [{ scope: { name: "launchpad", version }, metrics }],
      },
    ],
  };
}

function metricOf({ name, type, help, samples }: Family, span: Span): object {
  const about = { name, description: help, ...(/_seconds$/.test(name) && { unit: "s" }) };
  if (type === "histogram") {
    return { ...about, histogram: { dataPoints: histograms(samples, span), aggregationTemporality: cumulative } };
  }
  const dataPoints = samples
    .filter(([, , value]) => Number.isFinite(value))
    .map(([, labels, value]) => ({ attributes: attributesOf(labels), ...span, asDouble: value }));
  if (type === "gauge") return { ...about, gauge: { dataPoints } };
  return { ...about, sum: { dataPoints, aggregationTemporality: cumulative, isMonotonic: true } };
}

interface Histogram {
  readonly labels: Readonly<Record<string, string>>;
  /** Upper bounds, and how many are no larger. */
  readonly buckets: (readonly [bound: number, count: number])[];
  sum: number;
  count: number;
}

function histograms(samples: readonly Sample[], span: Span): readonly object[] {
  const found = new Map<string, Histogram>();
  for (const [name, { le, ...labels }, value] of samples) {
    const key = JSON.stringify(labels);
    const one = found.get(key) ?? { labels, buckets: [], sum: 0, count: 0 };
    found.set(key, one);
    if (name.endsWith("_sum")) one.sum = value;
    else if (name.endsWith("_count")) one.count = value;
    else if (le !== undefined && le !== "+Inf") one.buckets.push([Number(le), value]);
  }
  return [...found.values()].map(({ labels, buckets, sum, count }) => {
    const upTo = [...buckets.map(([, total]) => total), count];
    return {
      attributes: attributesOf(labels),
      ...span,
      count: String(count),
      sum,
      // There each bucket counts for itself; here, with all before it.
      bucketCounts: upTo.map((total, at) => String(total - (upTo[at - 1] ?? 0))),
      explicitBounds: buckets.map(([bound]) => bound),
    };
  });
}

function attributesOf(labels: Readonly<Record<string, string>>): readonly Attribute[] {
  return Object.entries(labels).map(([key, value]) => ({ key, value: { stringValue: value } }));
}

/** More than a number holds: the last six digits are always 0. */
const nanoseconds = (milliseconds: number) => `${Math.max(0, Math.round(milliseconds))}000000`;
