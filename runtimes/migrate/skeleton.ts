import type { ApiDefinition, Config } from "../../src/internal.ts";

/**
 * Text of a model in TypeScript with the sources, arguments and metrics of one in Python, for a person to fill.
 *
 * @param config The configuration.
 * @param definition The API, where there is one.
 * @param metrics Names of the metrics that were measured.
 *
 * @returns TypeScript; what is missing throws, so that nothing predicts by mistake.
 */
export function skeletonOf(config: Config, definition: ApiDefinition | undefined, metrics: readonly string[]): string {
  const seen = (section: "datasources" | "datasinks", action: string) =>
    Object.entries(config[section]).flatMap(([name, { tags }]) =>
      tags.length === 0 || tags.includes(action) ? [name] : [],
    );
  const reads = (action: string) =>
    seen("datasources", action).map(
      (name) => `    const ${identifier(name)} = await source(${JSON.stringify(name)}).frame();`,
    );
  const writes = (action: string) =>
    seen("datasinks", action).map((name) => `    // await sink(${JSON.stringify(name)}).write(frame);`);
  const names = [
    ...new Set(definition?.resources.flatMap(({ parameters }) => parameters.map(({ name }) => name)) ?? []),
  ];
  const args = names.map((name) => JSON.stringify(name)).join(", ");
  const measured = metrics.length > 0 ? metrics : ["accuracy"];
  return `import { defineModel } from "mllaunchpad";

const todo = (what: string): never => {
  throw new Error(\`\${what} is not written yet\`);
};

// Set model.module to this file when it does what ${config.model.module} does.
export default defineModel({
  async train({ ${used("train")} }) {
${[...reads("train"), ...writes("train")].join("\n")}
    return todo("train");
  },
  async test(model, { ${used("test")} }) {
${[...reads("test"), ...writes("test")].join("\n")}
    return { ${measured.map((name) => `${/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)}: todo(${JSON.stringify(name)})`).join(", ")} };
  },
  async predict(model, args, { ${used("predict")} }) {
    // ${args ? `Arguments: ${args}` : "Arguments: as the API describes them"}
${[...reads("predict"), ...writes("predict")].join("\n")}
    return todo("predict");
  },
});
`;

  function used(action: string): string {
    return [
      ...(seen("datasources", action).length > 0 ? ["source"] : []),
      ...(seen("datasinks", action).length > 0 ? ["sink"] : []),
      "log",
    ].join(", ");
  }
}

function identifier(name: string): string {
  const plain = name.replace(/\W+(\w?)/g, (_, letter: string) => letter.toUpperCase());
  return /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`;
}
