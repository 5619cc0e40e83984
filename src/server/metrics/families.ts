import type { Sample } from "./text.ts";

/** Numbers of one name, as the text format of Prometheus has them. */
export interface Family {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly samples: readonly Sample[];
}

/**
 * Reads families of metrics in the text format of Prometheus, as Launchpad writes it: each begins with its `# HELP`.
 *
 * @param text The text.
 *
 * @returns The families, in their order.
 */
export function readFamilies(text: string): readonly Family[] {
  return text.split(/^(?=# HELP )/m).flatMap((part) => {
    const [, name, help, type] = /^# HELP (\S+) (.*)\n# TYPE \S+ (counter|gauge|histogram)\n/.exec(part) ?? [];
    if (name === undefined || help === undefined || type === undefined) return [];
    const samples = part.split("\n").flatMap((line) => (line === "" || line.startsWith("#") ? [] : [readSample(line)]));
    return [{ name, type: type as Family["type"], help, samples }];
  });
}

function readSample(line: string): Sample {
  const end = line.lastIndexOf(" ");
  const start = line.indexOf("{");
  const value = Number(line.slice(end + 1));
  if (start < 0) return [line.slice(0, end), {}, value];
  const labels: Record<string, string> = {};
  for (const [, name = "", text = ""] of line.slice(start, end).matchAll(/(\w+)="((?:\\.|[^"\\])*)"/g)) {
    labels[name] = text.replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
  }
  return [line.slice(0, start), labels, value];
}
