import { follow, type Path, type Tree } from "../../source/tree.ts";
import { didYouMean, enumerate } from "../../util/suggest.ts";
import { auth, limits } from "./schema-doors.ts";

/** What callers can show. */
const credentials = ["api_keys", "jwt", "mtls", "proxy"];

/**
 * Checks what decides who may come in: a key that nothing reads, or a section in another place, would be a door left open.
 *
 * @param tree The configuration.
 * @param report Takes what is wrong.
 */
export function checkDoors(tree: Tree, report: (path: Path, message: string) => void): void {
  const at = (path: Path) => {
    const { node, length } = follow(tree, path);
    return length === path.length && !(node.kind === "scalar" && node.value === null) ? node : undefined;
  };
  for (const name of ["auth", "limits"]) {
    if (at(["api", name]))
      report(["api", name], `found it below api, expected ${name} at the top level. Move it there`);
  }
  for (const [name, schema] of Object.entries({ auth, limits })) {
    const node = at([name]);
    if (node?.kind !== "map") continue;
    const known = Object.keys(schema.entries);
    for (const key of node.children.keys()) {
      const base = name === "auth" ? key.replace(/_var$/, "") : key;
      if (known.includes(base)) continue;
      report([name, key], `found an unknown key, expected ${enumerate(known)}.${didYouMean(key, known)}`);
    }
  }
  const doors = at(["auth"]);
  if (doors?.kind !== "map") return;
  if (!credentials.some((key) => at(["auth", key]) ?? at(["auth", `${key}_var`]))) {
    report(["auth"], `found none of ${enumerate(credentials)}, expected at least one: nobody could come in`);
  }
  for (const key of ["mtls", "proxy"]) {
    if (!at(["auth", key]) || at(["auth", key, "from"]) || at(["api", "trusted_proxies"])) continue;
    report(
      ["auth", key],
      "found no addresses, expected from (or api.trusted_proxies): those that may say who calls. On Workers write from: []",
    );
  }
}
