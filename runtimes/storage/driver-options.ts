import { didYouMean, enumerate, LaunchpadError } from "../../src/internal.ts";

/** The options of one driver. Their values never appear in messages: they may be secrets. */
export interface DriverOptions {
  /** The value as it was given. */
  value(name: string): unknown;
  /** Text, or a number as text; undefined if it is not given or empty. CONFIG_INVALID for anything else. */
  text(name: string): string | undefined;
}

/** Keys of the section that are the store's own, whatever its location. */
const ofStores = ["location", "refresh", "sign_key", "verify_key", "options"];

/**
 * Creates the options of a driver from the section `model_store`: its mapping `options`, and what stands beside it.
 *
 * @param section The section without `location`, secrets filled in.
 * @param known The names that the driver takes.
 * @param scheme The scheme of the location, for messages.
 *
 * @returns The options.
 *
 * @throws CONFIG_INVALID for an unknown name, in the mapping or beside it, and for an option that is given in both places.
 */
export function createDriverOptions(
  section: Readonly<Record<string, unknown>>,
  known: readonly string[],
  scheme: string,
): DriverOptions {
  const given = section.options ?? {};
  if (typeof given !== "object" || Array.isArray(given)) throw invalid("options", "expected a mapping of options");
  const mapping = given as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(mapping)) {
    if (!known.includes(name)) {
      const expected = known.length > 0 ? `one of ${known.join(", ")}` : "no options at all";
      throw invalid(`options.${name}`, `expected ${expected} for a location that starts with ${scheme}`);
    }
    if (Object.hasOwn(section, name)) throw invalid(name, `found it here and in options, expected it in one place`);
  }
  for (const name of Object.keys(section)) {
    const base = name.endsWith("_var") ? name.slice(0, -4) : name;
    if (known.includes(base) || ofStores.includes(base)) continue;
    const names = [...known, ...ofStores.slice(0, 4)];
    const expected = `expected ${enumerate(names)} for a location that starts with ${scheme}.${didYouMean(base, names)}`;
    throw invalid(name, `found an unknown key, ${expected.replace(/\.$/, "")}`);
  }
  const value = (name: string) => {
    const holder = Object.hasOwn(mapping, name) ? mapping : section;
    return Object.hasOwn(holder, name) ? (holder[name] ?? undefined) : undefined;
  };
  return {
    value,
    text(name) {
      const found = value(name);
      if (found === undefined || found === "") return undefined;
      if (typeof found === "string" || typeof found === "number") return String(found);
      throw invalid(
        name,
        `found ${Array.isArray(found) ? "a list" : `a value of type ${typeof found}`}, expected text`,
      );
    },
  };
}

function invalid(name: string, message: string): LaunchpadError {
  return new LaunchpadError("CONFIG_INVALID", `model_store.${name}: ${message}`);
}
