/** One promise of a contract. It runs on every runtime, so it knows no test runner: what is wrong is thrown. */
export interface Check<Setup> {
  readonly name: string;
  run(setup: Setup): Promise<void>;
}

/**
 * Checks that two values are the same as JSON.
 *
 * @param actual What there is.
 * @param expected What there should be.
 */
export function equal(actual: unknown, expected: unknown): void {
  const [found, wanted] = [actual, expected].map((value) => JSON.stringify(value) ?? "undefined");
  if (found !== wanted) throw new Error(`expected ${wanted}, found ${found}`);
}

/**
 * Checks that something fails as it should.
 *
 * @param action What should fail, at once or later.
 * @param code What its error's code should be.
 * @param message What its message should match.
 */
export async function refused(action: () => unknown, code: RegExp, message = /./): Promise<void> {
  let result: unknown;
  try {
    result = await action();
  } catch (thrown) {
    const found = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "no code";
    if (code.test(found) && message.test((thrown as Error).message)) return;
    throw new Error(`expected an error ${code} ${message}, found ${found}: ${String(thrown)}`);
  }
  throw new Error(`expected an error ${code} ${message}, found ${String(result)}`);
}
