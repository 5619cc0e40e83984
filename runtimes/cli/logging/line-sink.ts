/** Place that lines go to. */
export interface LineSink {
  /** Writes lines that end with a line feed, of a level of Python's logging. */
  write(text: string, level: number): void;
  close?(): void | Promise<void>;
}
