/** What a caller prefers (RFC 7240). */
export interface Preferences {
  /** Whether the answer may come in its own time. */
  readonly isAsync: boolean;
  /** Seconds for which the caller waits nevertheless. */
  readonly wait: number;
}

const none: Preferences = { isAsync: false, wait: 0 };

/** The longest that a caller can wait, in seconds. */
const maxWait = 60;

/**
 * Reads the header `Prefer`; what it does not know it ignores, as the standard wants.
 *
 * @param text The header, or several of them with commas between.
 *
 * @returns What the caller prefers. The first of two that contradict each other counts.
 */
export function preferencesOf(text: string | null): Preferences {
  if (text === null) return none;
  let isAsync = false;
  let wait: number | undefined;
  for (const preference of text.split(",")) {
    const [token = ""] = preference.split(";");
    const [name = "", value = ""] = token.split("=").map((part) => part.trim());
    if (name.toLowerCase() === "respond-async") isAsync = true;
    if (name.toLowerCase() === "wait" && /^"?\d{1,9}"?$/.test(value)) {
      wait ??= Math.min(maxWait, Number(value.replaceAll('"', "")));
    }
  }
  return { isAsync, wait: wait ?? 0 };
}
