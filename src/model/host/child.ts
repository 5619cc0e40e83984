/** Child process, as a runtime starts it. */
export interface Child {
  /** Writes to it; resolves when more can be written. Never rejects: a child that has ended takes nothing. */
  write(pieces: readonly Uint8Array[]): Promise<void> | void;
  /** Ends it at once, and what it has started. */
  kill(): void;
}

/** What becomes of a child. */
export interface ChildEvents {
  /** Bytes that it wrote as its part of the protocol. */
  onBytes(bytes: Uint8Array): void;
  /** Bytes that its code printed. */
  onOutput(bytes: Uint8Array): void;
  /** It has ended, or could not be started: called once, with how: "with exit code 1". */
  onEnd(how: string): void;
}

/** Starts a child. What fails is told by `onEnd`. */
export type StartChild = (events: ChildEvents) => Child;
