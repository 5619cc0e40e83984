import { familyText, type Sample } from "./text.ts";

/** What is known of the model that serves. */
export interface ServingModel {
  readonly name: string;
  readonly version: string;
  readonly run: string;
  /** Seconds since 1970-01-01 UTC. */
  readonly loadedAt: number;
}

/** What is counted while an API serves. */
export interface Metrics {
  /** A request has come. */
  started(): void;
  /** It is answered, after so many milliseconds. */
  finished(route: string, method: string, status: number, milliseconds: number): void;
  /** A prediction failed, through no fault of its caller. */
  failed(route: string, code: string): void;
  /** All numbers in the text format of Prometheus; `labels` are added to each. */
  text(labels?: Readonly<Record<string, string>>): string;
}

/** Seconds: from a model that looks something up to one that thinks. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Anybody can make methods up: those have one name together. */
const methods = new Set(["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"]);

/** The numbers of one route and method. */
interface Series {
  readonly route: string;
  readonly method: string;
  /** How many took no longer than the bucket of the same index, and longer than the one before; the last took longer than any. */
  readonly counts: number[];
  /** Seconds, of all together. */
  sum: number;
  readonly statuses: Map<number, number>;
}

const noCounts: readonly number[] = [...buckets.map(() => 0), 0];

/** The media type of the text format. */
export const metricsType = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Creates the numbers of an API. Routes are templates of paths, so there are never more series than the API has paths.
 *
 * @param model Finds the model that serves, if one does.
 * @param build Labels of what runs here: the version of Launchpad, the runtime.
 *
 * @returns Functions to count with, and the text.
 */
export function createMetrics(
  model: () => ServingModel | undefined,
  build: Readonly<Record<string, string>> = {},
): Metrics {
  const routes = new Map<string, Map<string, Series>>();
  const failures = new Map<string, { route: string; code: string; count: number }>();
  let inFlight = 0;

  const seriesOf = (route: string, given: string): Series => {
    const method = methods.has(given) ? given : "other";
    const known = routes.get(route) ?? new Map<string, Series>();
    const series = known.get(method) ?? { route, method, counts: noCounts.slice(), sum: 0, statuses: new Map() };
    routes.set(route, known.set(method, series));
    return series;
  };

  return {
    started() {
      inFlight += 1;
    },
    finished(route, method, status, milliseconds) {
      inFlight -= 1;
      const series = routes.get(route)?.get(method) ?? seriesOf(route, method);
      const seconds = milliseconds / 1000;
      let bucket = 0;
      while (bucket < buckets.length && seconds > (buckets[bucket] as number)) bucket += 1;
      series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
      series.sum += seconds;
      series.statuses.set(status, (series.statuses.get(status) ?? 0) + 1);
    },
    failed(route, code) {
      const key = `${route} ${code}`;
      const known = failures.get(key);
      if (known) known.count += 1;
      else failures.set(key, { route, code, count: 1 });
    },
    text(labels = {}) {
      const all = [...routes.values()].flatMap((known) => [...known.values()]);
      const serving = model();
      const family = (
        name: string,
        type: "counter" | "gauge" | "histogram",
        help: string,
        samples: readonly Sample[],
      ) => familyText(name, type, help, samples, labels);
      return [
        family(
          "launchpad_http_requests_total",
          "counter",
          "Requests that were answered.",
          all.flatMap(({ route, method, statuses }) =>
            [...statuses].map(
              ([status, count]): Sample => [
                "launchpad_http_requests_total",
                { route, method, status: String(status) },
                count,
              ],
            ),
          ),
        ),
        family(
          "launchpad_http_request_duration_seconds",
          "histogram",
          "Time from the arrival of a request to its response.",
          all.flatMap(histogram),
        ),
        family("launchpad_http_requests_in_flight", "gauge", "Requests that are being answered.", [
          ["launchpad_http_requests_in_flight", {}, inFlight],
        ]),
        family(
          "launchpad_prediction_errors_total",
          "counter",
          "Predictions that failed through no fault of their callers.",
          [...failures.values()].map(
            ({ route, code, count }): Sample => ["launchpad_prediction_errors_total", { route, code }, count],
          ),
        ),
        ...(serving
          ? [
              family("launchpad_model_info", "gauge", "The model that serves.", [
                ["launchpad_model_info", { name: serving.name, version: serving.version, run: serving.run }, 1],
              ]),
              family("launchpad_model_loaded_timestamp_seconds", "gauge", "When the model was loaded that serves.", [
                ["launchpad_model_loaded_timestamp_seconds", {}, serving.loadedAt],
              ]),
            ]
          : []),
        family("launchpad_build_info", "gauge", "What runs here.", [["launchpad_build_info", build, 1]]),
      ].join("");
    },
  };
}

function histogram({ route, method, counts, sum }: Series): Sample[] {
  const name = "launchpad_http_request_duration_seconds";
  let total = 0;
  const cumulative = counts.map((count, index): Sample => {
    total += count;
    return [`${name}_bucket`, { route, method, le: index < buckets.length ? String(buckets[index]) : "+Inf" }, total];
  });
  return [...cumulative, [`${name}_sum`, { route, method }, sum], [`${name}_count`, { route, method }, total]];
}
