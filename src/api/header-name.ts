/**
 * Tells whether a request can have a header of a name (RFC 9110, `token`).
 *
 * @param name The name.
 *
 * @returns Whether it can.
 */
export function isHeaderName(name: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name);
}

/** What is said of a name that no header has. */
export function wrongHeaderName(name: string): string {
  return `found ${JSON.stringify(name)}, expected the name of a header: letters, digits and ! # $ % & ' * + - . ^ _ \` | ~`;
}
