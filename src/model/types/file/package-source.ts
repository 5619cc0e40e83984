import type { ModelFormat } from "../file-model.ts";

/**
 * Text of the module that stands for a model in a package.
 *
 * @param format The format of its file.
 * @param restore Export of its `restore.ts`, where a package that serves needs that alone.
 * @param config The configuration of the package.
 *
 * @returns TypeScript whose default export predicts.
 */
export function packageSourceOf(
  format: Pick<ModelFormat, "name" | "title">,
  restore: string | undefined,
  config: object,
): string {
  const given = restore
    ? `{ name: "${format.name}", title: ${JSON.stringify(format.title)}, restore: ${restore} }`
    : format.name;
  return [
    `import { ${restore ?? format.name} } from "launchpad-sources:src/model/types/${format.name}/${restore ? "restore" : "index"}.ts";`,
    'import { predictingPart } from "launchpad-sources:src/model/types/file/file-model-code.ts";',
    `export default predictingPart(${given}, ${JSON.stringify(config)});`,
  ].join("\n");
}
