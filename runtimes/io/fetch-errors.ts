/**
 * Creates the error for an answer that is not what was asked for.
 *
 * @param message Who answered what to which request, and what to do. Secrets must not be in it.
 * @param status The status of the answer, by which the store knows whether another try is worth while.
 *
 * @returns An error.
 */
export function answerError(message: string, status: number): Error {
  return Object.assign(new Error(message), { status });
}

/**
 * Runs a request and reads its answer, and says of a failure on the way who could not be reached, and why. What a
 * runtime says of it can hold the whole URL: of that only the part that is no secret is shown.
 *
 * @param url What is asked for.
 * @param exchange Sends the request and reads the answer.
 *
 * @returns What the exchange returned.
 */
export async function fetchOrExplain<T>(url: URL, exchange: () => Promise<T>): Promise<T> {
  try {
    return await exchange();
  } catch (error) {
    if (error instanceof Error && "status" in error) throw error;
    throw new Error(`${url.origin} cannot be reached: ${reasonOf(error, url)}`);
  }
}

/** The innermost cause that says something. */
function reasonOf(error: unknown, url: URL): string {
  if (!(error instanceof Error)) return String(error);
  // Node tries every address of a name, and the error for all of them has a code and no message.
  const deeper = error.cause instanceof Error ? reasonOf(error.cause, url) : "";
  const code = "code" in error ? String(error.code) : "";
  const text = deeper || error.message || code || error.name;
  return url.search === "" ? text : text.replaceAll(url.search, "?***");
}
