import { lstat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Node, Program } from "acorn";

/** How a module asks where it is. */
export type Kind = "url" | "dirname" | "filename" | "__dirname" | "__filename";

/**
 * Finds where a module asks where it is.
 *
 * @param program The module.
 *
 * @returns The expressions, in the order of the code.
 */
export function placesIn(program: Program): { readonly node: Node; readonly kind: Kind }[] {
  const found: { node: Node; kind: Kind }[] = [];
  let declares = false;
  visit(program, (node, parent) => {
    const { type, object, property, name } = node as Node & {
      object?: Node;
      property?: { name?: string };
      name?: string;
    };
    if (type === "MemberExpression" && object?.type === "MetaProperty") {
      const kind = property?.name;
      if (kind === "url" || kind === "dirname" || kind === "filename") found.push({ node, kind });
    } else if (type === "Identifier" && (name === "__dirname" || name === "__filename")) {
      const {
        type: above,
        property,
        id,
        key,
        computed,
        shorthand,
      } = parent as Node & {
        property?: Node;
        id?: Node;
        key?: Node;
        computed?: boolean;
        shorthand?: boolean;
      };
      const isKey = above === "Property" && (shorthand || (key === node && !computed));
      // One of its own, made of import.meta.url: that is what counts.
      if (above === "VariableDeclarator" && id === node) declares = true;
      else if (!isKey && property !== node) found.push({ node, kind: name });
    }
  });
  return found
    .filter(({ kind }) => !declares || !kind.startsWith("__"))
    .sort((one, other) => one.node.start - other.node.start);
}

/**
 * Finds the texts of a module that name something beside it.
 *
 * @param program The module.
 * @param folder The folder of its file.
 *
 * @returns The texts, relative to the folder.
 */
export async function namedFiles(program: Program, folder: string): Promise<string[]> {
  const texts = new Set<string>();
  visit(program, (node, parent) => {
    const { type, value, quasis, expressions } = node as Node & {
      value?: unknown;
      quasis?: { value: { cooked?: string } }[];
      expressions?: unknown[];
    };
    if (type === "Literal" && typeof value === "string" && isPlace(value, parent)) texts.add(value);
    if (type !== "TemplateLiteral") return;
    if (expressions?.length === 0) texts.add(quasis?.[0]?.value.cooked ?? "");
    // `${folder}/w.json`
    else texts.add((quasis?.at(-1)?.value.cooked ?? "").replace(/^\/(?=.)/, "./"));
  });
  const found: string[] = [];
  for (const text of texts) {
    // `folder + "/w.json"`
    const name = text.startsWith("/") ? `.${text}` : text;
    if (!/^[^\0\n\\:]{1,300}$/.test(name) || /^[./]*$/.test(name)) continue;
    const entry = await lstat(resolve(folder, name)).catch(() => undefined);
    // A word may be the name of a folder by chance.
    if (entry?.isFile() || entry?.isSymbolicLink() || (entry?.isDirectory() && name.includes("/"))) found.push(name);
  }
  // Code that is named is imported, and in the package.
  return found.filter((name) => !/\.(ts|tsx|mts|cts)$/.test(name));
}

/** Whether a text can be part of a path: what is imported is none, and a mere word only where it is put together with others. */
function isPlace(text: string, parent: Node): boolean {
  const { type, arguments: args } = parent as Node & { arguments?: unknown[] };
  if (/^(Import|Export)/.test(type)) return false;
  return text.includes("/") || type === "BinaryExpression" || (args?.length ?? 0) > 1;
}

/**
 * Parses a module, or a script of the older kind.
 *
 * @param code JavaScript.
 *
 * @returns What is in it; undefined if it is neither.
 */
export async function parsed(code: string): Promise<Program | undefined> {
  const { parse } = await import("acorn");
  for (const sourceType of ["module", "script"] as const) {
    try {
      return parse(code, { ecmaVersion: "latest", sourceType, allowHashBang: true, allowReturnOutsideFunction: true });
    } catch {
      // The other kind, or esbuild says what is wrong.
    }
  }
  return undefined;
}

function visit(node: Node, each: (node: Node, parent: Node) => void, parent: Node = node): void {
  each(node, parent);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === "object" && child !== null && typeof child.type === "string") visit(child, each, node);
    }
  }
}
