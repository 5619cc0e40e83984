/** What only ever grows, and so counts on when the process that counted it is gone. */
const growing = new Set(["counter", "histogram"]);

/** Gauges of which each process has a part; of the others, such as times, the highest says most. */
const shared = new Set(["launchpad_http_requests_in_flight"]);

interface Family {
  readonly name: string;
  readonly type: string;
  readonly head: string[];
  /** Values by name and labels. */
  readonly samples: Map<string, number>;
}

/**
 * Adds up the numbers of processes that serve together.
 *
 * @param texts The numbers of each process, in the text format of Prometheus.
 * @param onlyGrowing Whether to leave out what is true only while a process runs.
 *
 * @returns The numbers of all of them, in the same format.
 */
export function mergeMetrics(texts: readonly string[], onlyGrowing = false): string {
  const families = new Map<string, Family>();
  for (const text of texts) {
    for (const family of familiesOf(text)) {
      if (onlyGrowing && !growing.has(family.type)) continue;
      const known = families.get(family.name);
      if (known) add(known, family);
      else families.set(family.name, family);
    }
  }
  return [...families.values()]
    .map(({ head, samples }) => [...head, ...[...samples].map(([key, value]) => `${key} ${value}`), ""].join("\n"))
    .join("");
}

function add({ name, type, samples }: Family, more: Family): void {
  const isSum = growing.has(type) || shared.has(name);
  for (const [key, value] of more.samples) {
    const before = samples.get(key);
    samples.set(key, before === undefined ? value : isSum ? before + value : Math.max(before, value));
  }
}

/** The families of one text, each of which begins with its `# HELP`. */
function familiesOf(text: string): Family[] {
  return text.split(/^(?=# HELP )/m).flatMap((part) => {
    const lines = part.split("\n").filter(Boolean);
    const head = lines.filter((line) => line.startsWith("#"));
    const [, name = "", type = ""] = /^# TYPE (\S+) (\S+)$/m.exec(part) ?? [];
    const samples = lines
      .filter((line) => !line.startsWith("#"))
      .map((line): [string, number] => {
        const end = line.lastIndexOf(" ");
        return [line.slice(0, end), Number(line.slice(end + 1))];
      });
    return name ? [{ name, type, head, samples: new Map(samples) }] : [];
  });
}
