/** One number of a family: its name, labels and value. */
export type Sample = readonly [name: string, labels: Readonly<Record<string, string>>, value: number];

/**
 * Creates a family of metrics in the text format of Prometheus.
 *
 * @param name The name of the family.
 * @param type `counter`, `gauge` or `histogram`.
 * @param help A sentence.
 * @param samples Its numbers.
 * @param labels Labels that each of them has besides.
 *
 * @returns The text; empty without numbers.
 */
export function familyText(
  name: string,
  type: "counter" | "gauge" | "histogram",
  help: string,
  samples: readonly Sample[],
  labels: Readonly<Record<string, string>> = {},
): string {
  if (samples.length === 0) return "";
  const lines = samples.map(([of, own, value]) => `${of}${labelText({ ...own, ...labels })} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", '"': '\\"', "\n": "\\n" };

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => escapes[character] ?? character);
}
