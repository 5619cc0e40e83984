/** Whose fault it is: of the file, of what a row holds, or of nobody: the reader has not got it. */
export type Blame = "model" | "arguments" | "unsupported";

/** Error inside an operator or a message, before the place of it is known; the reader adds the place and the code. */
export class OnnxFault extends Error {
  readonly blame: Blame;

  /**
   * Creates a fault.
   *
   * @param message What was expected, what was found.
   * @param blame Whose fault it is.
   */
  constructor(message: string, blame: Blame = "model") {
    super(message);
    this.blame = blame;
  }
}

/** Throws a fault of the file, where a condition does not hold. */
export function must(condition: unknown, message: () => string): asserts condition {
  if (!condition) throw new OnnxFault(message());
}

/** Puts the place before the message of a fault. */
export function within<Result>(place: () => string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof OnnxFault) throw new OnnxFault(`${place()}: ${cause.message}`, cause.blame);
    throw cause;
  }
}
