/** The table of protocols, from where `src` is. */
export const protocolTable = "src/server/protocols/table.ts";

/**
 * Creates the text of the table of protocols with only those that a package needs.
 *
 * @param code The text of the table.
 * @param protocols The names of those.
 *
 * @returns A module that exports the table.
 */
export function usedProtocols(code: string, protocols: readonly string[]): string {
  // A protocol is exported by its name: kserveV1 for kserve-v1.
  const names = protocols.map((name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase()));
  const imports = Array.from(code.matchAll(/^import \{ (\w+) \} from .*$/gm)).filter(([, name]) =>
    names.includes(String(name)),
  );
  const exported = imports.map(([, name]) => name).join(", ");
  return `${imports.map(([line]) => line).join("\n")}\nexport const protocols = [${exported}];\n`;
}
