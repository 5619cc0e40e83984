/**
 * Tells whether an error of the file system has one of some codes.
 *
 * @param error Whatever was thrown.
 * @param codes Codes such as `ENOENT`.
 *
 * @returns Whether it has.
 */
export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
