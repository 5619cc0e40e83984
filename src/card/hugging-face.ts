import type { FieldProfile } from "../monitoring/profile/types.ts";
import type { Json } from "../util/json.ts";
import type { Card } from "./facts.ts";
import { frontMatter } from "./front-matter.ts";

/**
 * Model card in the form of Hugging Face: Markdown with metadata in YAML before it, `model-index` with all metrics.
 *
 * @param card What is known of the run.
 *
 * @returns The text of README.md.
 */
export function huggingFaceCard(card: Card): string {
  return `---\n${frontMatter(metadataOf(card))}---\n\n${sectionsOf(card)
    .filter(([, content]) => content !== "")
    .map(([title, content]) => `${title}\n\n${content}\n`)
    .join("\n")}`;
}

function metadataOf(card: Card): Record<string, Json | undefined> {
  const { about, task, name } = card;
  const pipeline = task && `tabular-${task}`;
  const tests = card.data.filter(({ readBy }) => readBy.includes("test"));
  const dataset = [...new Set(tests.map((one) => one.name))].join(", ") || "test data";
  const metrics = Object.entries(card.numbers).map(([type, value]) => ({
    type,
    name: type.replaceAll("_", " "),
    value,
  }));
  return {
    license: about.license,
    language: about.languages,
    library_name: "mllaunchpad",
    pipeline_tag: pipeline,
    tags: [...new Set([...(about.tags ?? []), "mllaunchpad", ...(pipeline ? ["tabular"] : [])])],
    ...(metrics.length > 0 && {
      metrics: metrics.map(({ type }) => type),
      "model-index": [
        {
          name,
          results: [
            {
              task: { type: pipeline ?? "other", name: pipeline?.replace("-", " ") ?? "prediction" },
              dataset: { name: dataset, type: dataset.replaceAll(/[^\w.-]+/g, "-") },
              metrics,
            },
          ],
        },
      ],
    }),
  };
}

function sectionsOf(card: Card): [title: string, content: string][] {
  const { about, contents, code, system } = card;
  const signature = card.signature;
  return [
    [`# ${plain(card.name)} ${plain(card.version)}`, about.description ?? `A model published with Launchpad.`],
    ["## Intended use", bullets(about.intended_use)],
    ["## Limits", bullets(about.limits)],
    ["## What to consider", bullets(about.ethics)],
    ["## Contacts", bullets(about.contacts)],
    [
      "## Inputs and outputs",
      signature === undefined
        ? ""
        : table(
            ["", "name", "dtype", "shape", "values"],
            (["inputs", "outputs"] as const).flatMap((side) =>
              signature[side].fields.map((field) => [
                side.slice(0, -1),
                field.name,
                field.dtype,
                field.shape.length === 0 ? "one" : field.shape.map((size) => (size < 0 ? "any" : size)).join(" × "),
                field.choices?.map(String).join(", ") ?? (field.optional ? "may be absent" : ""),
              ]),
            ),
          ),
    ],
    [
      "## Data",
      table(
        ["source", "read by", "rows", "columns", "SHA-256"],
        card.data.map((one) => [
          one.name,
          one.readBy.join(", "),
          one.rows ?? "",
          one.columns.join(", "),
          one.sha256 === undefined ? "" : `${one.sha256} of ${one.digestOf}`,
        ]),
      ),
    ],
    [
      "### Distributions",
      table(
        ["column", "values", "missing"],
        Object.entries(card.profile?.inputs ?? {}).map(([name, one]) => [name, ...spread(one)]),
      ),
    ],
    [
      "## Metrics",
      table(
        ["metric", "value", "gate"],
        Object.entries(card.numbers).map(([name, value]) => [name, short(value), card.gates[name] ?? ""]),
      ),
    ],
    [
      "### Confusion matrix",
      card.confusion === undefined
        ? ""
        : table(
            ["true, and predicted as", ...card.confusion.classes],
            card.confusion.matrix.map((line, at) => [card.confusion?.classes[at] ?? "", ...line]),
          ),
    ],
    ...Object.entries(card.slices).map(([column, values]): [string, string] => {
      const names = [...new Set(Object.values(values).flatMap((metrics) => Object.keys(metrics)))];
      const rows = Object.entries(values).map(([value, metrics]) => [
        value,
        ...names.map((name) => short(metrics[name])),
      ]);
      return [`### By ${plain(column)}`, table([column, ...names], rows)];
    }),
    [
      "## Origin",
      table(
        ["what", "value"],
        [
          ["run", card.run],
          ["trained", card.created],
          ["by", card.createdBy ?? ""],
          ["seconds", card.trainingSeconds ?? ""],
          ["contents", `${contents.size} bytes, SHA-256 ${contents.sha256}`],
          [
            "code",
            [
              code.sha256 && `SHA-256 ${code.sha256}`,
              code.commit && `commit ${code.commit}${code.dirty ? " with changes" : ""}`,
            ]
              .filter(Boolean)
              .join(", "),
          ],
          [
            "made with",
            `Launchpad ${system.launchpad}, ${system.runtime}${system.platform ? `, ${system.platform}` : ""}`,
          ],
        ].filter(([, value]) => value !== ""),
      ),
    ],
  ];
}

function spread(field: FieldProfile): [string, number] {
  if (field.kind === "number") {
    return [
      `${short(field.min)} to ${short(field.edges.at(-1))}, mean ${short(field.mean)}, deviation ${short(field.std)}`,
      field.missing,
    ];
  }
  if (field.kind === "presence") return [`${field.present} present`, field.missing];
  const values = field.values.map((value, at) => `${value} ${field.counts[at]}`);
  const shown = values.slice(0, 10).join(", ");
  const others = field.other + field.counts.slice(10).reduce((total, count) => total + count, 0);
  return [others > 0 ? `${shown}, others ${others}` : shown, field.missing];
}

const short = (value: number | undefined): string => (value === undefined ? "" : String(Number(value.toPrecision(6))));

const plain = (value: string): string => value.replace(/\s+/g, " ").replace(/[\\`*_[\]<>|#]/g, "\\$&");

const bullets = (texts: readonly string[] | undefined): string =>
  (texts ?? []).map((text) => `- ${text.replace(/\n/g, "\n  ")}`).join("\n");

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly (string | number)[]) => `| ${cells.map((cell) => plain(String(cell))).join(" | ")} |`;
  return [line(head), `|${head.map(() => " --- ").join("|")}|`, ...rows.map(line)].join("\n");
}
