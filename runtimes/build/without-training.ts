import type { Node, ObjectExpression, Program, Property } from "acorn";

/** The code of a model's module without what only trains and tests. */
export interface Stripped {
  readonly code: string;
  /** Whether `train` and `test` were found and removed. */
  readonly removed: boolean;
}

const dropped = new Set(["train", "test"]);

/**
 * Removes `train` and `test` from the module of a model, and the functions and imports that only they used, so that no
 * package that trains gets into a bundle. Understood are `export default defineModel({ ... })`, `export default { ... }`,
 * and a variable with one of these that is exported by default. Anything else is left as it is.
 *
 * @param code JavaScript, a module.
 *
 * @returns The code, with spaces in the place of what was removed.
 */
export async function withoutTraining(code: string): Promise<Stripped> {
  const { parse } = await import("acorn");
  let program: Program;
  try {
    program = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  } catch {
    return { code, removed: false };
  }
  const model = modelOf(program);
  const properties = model?.properties.filter(isTraining) ?? [];
  if (model === undefined || properties.length === 0) return { code, removed: false };
  const gone: Node[] = [...properties];
  const isGone = (node: Node) => gone.some(({ start, end }) => node.start >= start && node.end <= end);
  if (reachesTraining(program, isGone)) return { code, removed: false };

  const before = countNames(program, () => false);
  for (;;) {
    const names = countNames(program, isGone);
    const unused = program.body.flatMap(declaredAlone).filter(({ node, name }) => {
      // What nothing used before is there for another reason.
      return !isGone(node) && (names.get(name) ?? 0) <= 1 && (before.get(name) ?? 0) > 1;
    });
    if (unused.length === 0) break;
    gone.push(...unused.map(({ node }) => node));
  }
  for (const node of program.body) {
    const isEmptied =
      node.type === "ImportDeclaration" && node.specifiers.length > 0 && node.specifiers.every((one) => isGone(one));
    if (isEmptied) gone.push(node);
  }
  return { code: without(code, gone), removed: true };
}

/** The object that is the model. */
function modelOf(program: Program): ObjectExpression | undefined {
  const exported = program.body.find((node) => node.type === "ExportDefaultDeclaration")?.declaration;
  if (exported !== undefined && exported.type !== "Identifier") return objectOf(exported);
  const [name] = namesOfDefault(program);
  return name === undefined ? undefined : objectOf(initialOf(program.body, name));
}

/** The variable that is exported by default: `export default model`, `export { model as default }`. */
function namesOfDefault({ body }: Program): string[] {
  return body.flatMap((node) => {
    if (node.type === "ExportDefaultDeclaration") {
      return node.declaration.type === "Identifier" ? [node.declaration.name] : [];
    }
    if (node.type !== "ExportNamedDeclaration" || node.source) return [];
    return node.specifiers.flatMap(({ exported, local }) => {
      const name = exported.type === "Identifier" ? exported.name : exported.value;
      return name === "default" && local.type === "Identifier" ? [local.name] : [];
    });
  });
}

function initialOf(body: Program["body"], name: string): Node | undefined {
  for (const node of body) {
    if (node.type !== "VariableDeclaration") continue;
    for (const { id, init } of node.declarations)
      if (id.type === "Identifier" && id.name === name) return init ?? undefined;
  }
  return undefined;
}

function objectOf(node: Node | undefined): ObjectExpression | undefined {
  if (node?.type === "ObjectExpression") return node as ObjectExpression;
  if (node?.type !== "CallExpression") return undefined;
  const { callee, arguments: args } = node as unknown as { callee: Node & { name?: string }; arguments: Node[] };
  const [only] = args;
  return callee.name === "defineModel" && args.length === 1 ? objectOf(only) : undefined;
}

function isTraining(property: ObjectExpression["properties"][number]): property is Property {
  return (
    property.type === "Property" &&
    !property.computed &&
    property.key.type === "Identifier" &&
    dropped.has(property.key.name)
  );
}

/** Whether what stays may call what would go: `this.train`, or `model.test` where the model has that name. */
function reachesTraining(program: Program, isGone: (node: Node) => boolean): boolean {
  const names = namesOfDefault(program);
  let reaches = false;
  walk(program, isGone, (node) => {
    if (node.type !== "MemberExpression") return;
    const { object, property } = node as unknown as Record<"object" | "property", Node & { name?: string }>;
    const isModel = object.type === "ThisExpression" || (object.name !== undefined && names.includes(object.name));
    if (isModel && dropped.has(property.name ?? "")) reaches = true;
  });
  return reaches;
}

/** The declarations of a statement that do nothing until they are used. */
function declaredAlone(node: Program["body"][number]): { readonly node: Node; readonly name: string }[] {
  if (node.type === "FunctionDeclaration") return [{ node, name: node.id.name }];
  if (node.type === "ImportDeclaration") return node.specifiers.map((one) => ({ node: one, name: one.local.name }));
  if (node.type !== "VariableDeclaration" || node.declarations.length !== 1) return [];
  const [{ id, init } = { id: undefined, init: undefined }] = node.declarations;
  const isHarmless = ["ArrowFunctionExpression", "FunctionExpression", "Literal"].includes(init?.type ?? "");
  return id?.type === "Identifier" && isHarmless ? [{ node, name: id.name }] : [];
}

/** How often each name stands anywhere, its declaration included: too often rather than too seldom. */
function countNames(program: Program, isGone: (node: Node) => boolean): Map<string, number> {
  const counts = new Map<string, number>();
  walk(program, isGone, (node) => {
    if (node.type !== "Identifier") return;
    const { name } = node as unknown as { name: string };
    counts.set(name, (counts.get(name) ?? 0) + 1);
  });
  return counts;
}

function walk(value: unknown, isGone: (node: Node) => boolean, visit: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const inner of value) walk(inner, isGone, visit);
    return;
  }
  if (typeof value !== "object" || value === null || !("type" in value)) return;
  const node = value as Node;
  if (isGone(node)) return;
  visit(node);
  // `import { x }` has one node for both names, in two places.
  const isSame = (key: string) =>
    node.type === "ImportSpecifier" &&
    key === "imported" &&
    Reflect.get(node, "imported").start === Reflect.get(node, "local").start;
  for (const [key, inner] of Object.entries(node)) if (!isSame(key)) walk(inner, isGone, visit);
}

/** Spaces keep every line where it was; commas between properties go with them. */
function without(code: string, gone: readonly Node[]): string {
  let text = code;
  for (const { start, end, type } of gone) {
    const rest = /^\s*,/.exec(code.slice(end))?.[0] ?? "";
    const until = type === "Property" || type.startsWith("Import") ? end + rest.length : end;
    const blank = code.slice(start, until).replace(/[^\r\n]/g, " ");
    text = text.slice(0, start) + blank + text.slice(until);
  }
  return text;
}
