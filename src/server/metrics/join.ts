/**
 * Joins texts of metrics whose labels differ: all samples of a family stand together, as the text format of Prometheus wants
 * it.
 *
 * @param texts Texts of `Metrics.text`, each with a label of its own.
 *
 * @returns One text.
 */
export function joinMetrics(texts: readonly string[]): string {
  const families = new Map<string, string>();
  for (const text of texts) {
    for (const family of text.split(/^(?=# HELP )/m)) {
      const [, head = "", samples = ""] = /^((?:#.*\n)+)([\s\S]*)$/.exec(family) ?? [];
      if (head !== "") families.set(head, (families.get(head) ?? "") + samples);
    }
  }
  return [...families].map(([head, samples]) => head + samples).join("");
}
