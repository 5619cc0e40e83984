/** The kinds of bodies that requests have. */
export type Media = "json" | "form" | "multipart" | "text" | "file";

/** The one table of the media types of bodies. */
export const mediaTypes: Readonly<Record<string, Media>> = {
  "application/json": "json",
  "application/x-www-form-urlencoded": "form",
  "multipart/form-data": "multipart",
};

/**
 * Finds the kind of a media type: what is neither JSON nor a form is text or a file.
 *
 * @param type As it is written, with parameters or without: `application/json; charset=utf-8`.
 *
 * @returns The kind; undefined for what is no media type of a body.
 */
export function mediaOf(type: string): Media | undefined {
  const essence = essenceOf(type);
  if (Object.hasOwn(mediaTypes, essence)) return mediaTypes[essence];
  if (/^application\/[\w.*+-]+\+json$/.test(essence) || essence === "application/*" || essence === "*/*") return "json";
  if (!/^[\w.+-]+\/([\w.+-]+|\*)$/.test(essence) || essence.startsWith("multipart/")) return undefined;
  return essence.startsWith("text/") ? "text" : "file";
}

/**
 * Media type without its parameters.
 *
 * @param type As it is written.
 *
 * @returns It in lower case.
 */
export function essenceOf(type: string): string {
  return type.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}
