import type { Json } from "../util/json.ts";
import type { Card } from "./facts.ts";
import { spdx } from "./spdx.ts";

/**
 * Bill of materials of a run as CycloneDX 1.6 has it for models (ML-BOM): the model with its card, the data that it was made
 * of, and the packages.
 *
 * @param card What is known of the run.
 *
 * @returns The document. The same run has the same, serial number included.
 */
export function cycloneDx(card: Card): Json {
  const ref = `model:${card.name}@${card.version}/${card.run}`;
  const data = datasets(card);
  const libraries = packages(card);
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: serialOf(card.contents.sha256),
    version: 1,
    metadata: {
      timestamp: card.created,
      tools: { components: [{ type: "application", name: "mllaunchpad", version: card.system.launchpad }] },
      component: model(card, ref, data),
    },
    components: [...data.map(({ component }) => component), ...libraries],
    dependencies: [{ ref, dependsOn: [...data.map((one) => one.ref), ...libraries.map((one) => one["bom-ref"])] }],
  };
}

function model(card: Card, ref: string, data: readonly { ref: string }[]): Json {
  const { about, task, signature, code, system } = card;
  const license = about.license;
  const known = license === undefined ? undefined : spdx(license);
  const properties = [
    ["mllaunchpad:run", card.run],
    ["mllaunchpad:contents:size", String(card.contents.size)],
    ["mllaunchpad:code:sha256", code.sha256],
    ["mllaunchpad:code:commit", code.commit],
    ["mllaunchpad:runtime", system.runtime],
    ["mllaunchpad:platform", system.platform],
  ].flatMap(([name, value]) => (name && value ? [{ name, value }] : []));
  const formats = (side: "inputs" | "outputs") =>
    signature?.[side].fields.map(({ name, dtype, shape }) => ({
      format: `${name}: ${dtype}${shape.length > 0 ? `[${shape}]` : ""}`,
    })) ?? [];
  return {
    type: "machine-learning-model",
    "bom-ref": ref,
    name: card.name,
    version: card.version,
    ...(about.description && { description: about.description }),
    ...(card.createdBy && { authors: [{ name: card.createdBy }] }),
    ...(about.tags && { tags: [...about.tags] }),
    hashes: [{ alg: "SHA-256", content: card.contents.sha256 }],
    ...(license && { licenses: [{ license: known ? { id: known } : { name: license } }] }),
    modelCard: {
      modelParameters: {
        ...(task && { approach: { type: "supervised" }, task }),
        ...(data.length > 0 && { datasets: data.map((one) => ({ ref: one.ref })) }),
        inputs: formats("inputs"),
        outputs: formats("outputs"),
      },
      quantitativeAnalysis: { performanceMetrics: [...metrics(card.numbers), ...sliced(card.slices)] },
      considerations: {
        ...(about.intended_use && { useCases: [...about.intended_use] }),
        ...(about.limits && { technicalLimitations: [...about.limits] }),
        ...(about.ethics && { ethicalConsiderations: about.ethics.map((name) => ({ name })) }),
      },
    },
    properties: [...properties, ...(about.contacts ?? []).map((value) => ({ name: "mllaunchpad:contact", value }))],
  };
}

function metrics(numbers: Readonly<Record<string, number>>, slice?: string): Json[] {
  return Object.entries(numbers).map(([type, value]) => ({ type, value: String(value), ...(slice && { slice }) }));
}

function sliced(slices: Card["slices"]): Json[] {
  return Object.entries(slices).flatMap(([column, values]) =>
    Object.entries(values).flatMap(([value, numbers]) => metrics(numbers, `${column}: ${value}`)),
  );
}

/** Only the digest of bytes is one that somebody else can make of the file. */
function datasets({ data }: Card): { readonly ref: string; readonly component: Json }[] {
  return data.map(({ name, rows, columns, sha256, digestOf, readBy }, at) => {
    const ref = `data:${at + 1}:${name}`;
    const properties = [
      ["mllaunchpad:read_by", readBy.join(", ")],
      ["mllaunchpad:rows", rows === undefined ? undefined : String(rows)],
      ["mllaunchpad:columns", columns.join(", ")],
      ["mllaunchpad:sha256_of_values", digestOf === "values" ? sha256 : undefined],
    ].flatMap(([key, value]) => (key && value ? [{ name: key, value }] : []));
    return {
      ref,
      component: {
        type: "data",
        "bom-ref": ref,
        name,
        ...(sha256 && digestOf === "bytes" && { hashes: [{ alg: "SHA-256", content: sha256 }] }),
        data: [{ type: "dataset", name }],
        properties,
      },
    };
  });
}

/** Where packages of a language are from, as purls have it. */
const registries: Readonly<Record<string, string>> = { python: "pypi", r: "cran" };

interface Library {
  readonly [key: string]: string;
  readonly "bom-ref": string;
}

function packages({ system }: Card): Library[] {
  const registry = registries[system.language] ?? "npm";
  return Object.entries(system.packages).map(([name, version]) => {
    const path = name.split("/").map(encodeURIComponent).join("/");
    const purl = `pkg:${registry}/${registry === "pypi" ? path.toLowerCase().replaceAll("_", "-") : path}@${encodeURIComponent(version)}`;
    return { type: "library", "bom-ref": purl, name, version, purl };
  });
}

/** A UUID of a form that leaves the bits to whoever makes it (RFC 9562, version 8). */
function serialOf(sha256: string): string {
  const hex = `${sha256.slice(0, 12)}8${sha256.slice(13, 16)}a${sha256.slice(17, 32)}`;
  return `urn:uuid:${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-")}`;
}
