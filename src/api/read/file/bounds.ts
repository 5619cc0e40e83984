const bounds = [
  ["minimum", "maximum"],
  ["minLength", "maxLength"],
  ["minItems", "maxItems"],
  ["minProperties", "maxProperties"],
] as const;

/**
 * Finds bounds that no value can keep.
 *
 * @param keywords What a schema says.
 *
 * @returns Each lower bound that is above its upper one, and what to say of it.
 */
export function crossedBounds(keywords: Readonly<Record<string, unknown>>): readonly (readonly [string, string])[] {
  return bounds.flatMap(([low, high]) => {
    const [least, most] = [keywords[low], keywords[high]];
    if (typeof least !== "number" || typeof most !== "number" || least <= most) return [];
    return [[low, `${least} is above ${high} ${most}: no value fits both`] as const];
  });
}
