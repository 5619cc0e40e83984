/** What the page takes of the text of `/metrics`. */
export interface Numbers {
  readonly time: number;
  readonly requests: number;
  readonly errors: number;
  /** In milliseconds; bounds of the buckets that half, and 99 %, of the requests are in. */
  readonly median: number;
  readonly high: number;
  readonly routes: readonly { readonly route: string; readonly status: string; readonly count: number }[];
}

/** Numbers in the text format of Prometheus. */
export function numbersOf(text: string, time: number): Numbers {
  const samples = [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)/gm)].map(([, name, labels = "", value]) => ({
    name,
    labels: Object.fromEntries(
      [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, one]) => [key, one]),
    ) as Record<string, string>,
    value: Number(value),
  }));
  const counted = samples.filter(
    ({ name, labels }) => name === "launchpad_http_requests_total" && !isOwn(labels.route),
  );
  const routes = new Map<string, { route: string; status: string; count: number }>();
  for (const { labels, value } of counted) {
    const [route = "", status = ""] = [labels.route, labels.status];
    const known = routes.get(`${route} ${status}`) ?? { route, status, count: 0 };
    known.count += value;
    routes.set(`${route} ${status}`, known);
  }
  const buckets = new Map<number, number>();
  for (const { name, labels, value } of samples) {
    if (name !== "launchpad_http_request_duration_seconds_bucket" || isOwn(labels.route)) continue;
    const bound = labels.le === "+Inf" ? Number.POSITIVE_INFINITY : Number(labels.le);
    buckets.set(bound, (buckets.get(bound) ?? 0) + value);
  }
  const all = [...routes.values()];
  const sum = (list: readonly { count: number }[]) => list.reduce((total, { count }) => total + count, 0);
  return {
    time,
    requests: sum(all),
    errors: sum(all.filter(({ status }) => /^[45]/.test(status))),
    median: within(buckets, 0.5),
    high: within(buckets, 0.99),
    routes: all.sort((a, b) => b.count - a.count).slice(0, 50),
  };
}

/** What these pages ask for themselves. */
const isOwn = (route = "") => /^\/(pages\/|metrics$|drift$|rollout$|livez$|readyz$|$)/.test(route);

function within(buckets: ReadonlyMap<number, number>, share: number): number {
  const sorted = [...buckets].sort(([a], [b]) => a - b);
  const all = sorted.at(-1)?.[1] ?? 0;
  if (all === 0) return Number.NaN;
  return (sorted.find(([, count]) => count >= share * all)?.[0] ?? Number.NaN) * 1000;
}
