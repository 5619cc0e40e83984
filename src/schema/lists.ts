import { type At, type Check, refuse, refused, tried } from "./check.ts";
import type { Step } from "./compile-context.ts";
import { countFor, schemaFor, schemasFor } from "./schema-error.ts";

/** `prefixItems` for the first items of a list, `items` for the others. */
export const items: Step = (schema, scope) => {
  if (schema.prefixItems === undefined && schema.items === undefined) return undefined;
  const first =
    schema.prefixItems === undefined
      ? []
      : schemasFor(schema.prefixItems, scope.where("prefixItems")).map((one, index) =>
          scope.item(one, `prefixItems[${index}]`),
        );
  const rest =
    schema.items === undefined ? undefined : scope.item(schemaFor(schema.items, scope.where("items")), "items");
  return itemsCheck(first, rest);
};

/** How many items fit `contains`. */
export const contains: Step = (schema, scope) => {
  if (schema.contains === undefined) return undefined;
  const contained = schemaFor(schema.contains, scope.where("contains"));
  const check: Check = scope.item(contained, "contains");
  const least = schema.minContains === undefined ? 1 : countFor(schema.minContains, scope.where("minContains"));
  const most =
    schema.maxContains === undefined
      ? Number.POSITIVE_INFINITY
      : countFor(schema.maxContains, scope.where("maxContains"));
  const words = scope.words(contained).join(" or ");
  const expected =
    most === Number.POSITIVE_INFINITY
      ? `expected ${least} values or more that are ${words}`
      : `expected from ${least} to ${most} values that are ${words}`;
  return (value, at, run) => {
    if (!Array.isArray(value)) return value;
    const here: At = { parent: at, key: 0 };
    let count = 0;
    for (const [index, item] of value.entries()) {
      here.key = index;
      if (tried(check, item, here, run) !== refused) count++;
    }
    return count >= least && count <= most ? value : refuse(run, at, expected, value);
  };
};

/**
 * Creates a check of a list's items.
 *
 * @param first The checks of the first items, one each.
 * @param rest The check of the others; undefined if they can be anything.
 *
 * @returns A check that lets everything pass that is no list.
 */
export function itemsCheck(first: readonly Check[], rest: Check | undefined): Check {
  return (value, at, run) => {
    if (!Array.isArray(value)) return value;
    const here: At = { parent: at, key: 0 };
    let copy: unknown[] | undefined;
    let fits = true;
    for (let index = 0; index < value.length; index++) {
      const check = index < first.length ? first[index] : rest;
      if (!check) break;
      here.key = index;
      const result = check(value[index], here, run);
      if (result === refused) {
        fits = false;
        if (run.quiet > 0 || run.full) return refused;
      } else if (result !== value[index]) {
        copy ??= [...value];
        copy[index] = result;
      }
    }
    return fits ? (copy ?? value) : refused;
  };
}
