const longest = 200;

/**
 * Creates what an error shows of a value that somebody sent.
 *
 * @param value Whatever was received.
 *
 * @returns The value; if it is long, the beginning of it as text, 200 characters at most.
 */
export function shorten(value: unknown): unknown {
  if (typeof value === "string") return shortenText(value);
  if (value instanceof File) return shortenText(`${value.name} (${value.type || "no type"}, ${value.size} bytes)`);
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch {
    return shortenText(String(value));
  }
  return json === undefined || json.length <= longest ? value : shortenText(json);
}

/**
 * Creates the beginning of a text.
 *
 * @param text Any text.
 *
 * @returns The text, 200 characters at most; an ellipsis stands for the rest.
 */
export function shortenText(text: string): string {
  // Half of a surrogate pair is no character.
  return text.length <= longest ? text : `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
