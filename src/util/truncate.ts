const maxLength = 200;

/**
 * Excerpt of a value that somebody sent, for an error.
 *
 * @param value Whatever was received.
 *
 * @returns The value; if it is long, the beginning of it as text, 200 characters at most.
 */
export function truncateValue(value: unknown): unknown {
  if (typeof value === "string") return truncateText(value);
  if (value instanceof File) return truncateText(`${value.name} (${value.type || "no type"}, ${value.size} bytes)`);
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch {
    return truncateText(String(value));
  }
  return json === undefined || json.length <= maxLength ? value : truncateText(json);
}

/**
 * Creates the beginning of a text.
 *
 * @param text Any text.
 *
 * @returns The text, 200 characters at most; an ellipsis stands for the rest.
 */
export function truncateText(text: string): string {
  // Half of a surrogate pair is no character.
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
