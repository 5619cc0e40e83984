import process from "node:process";
import type { Metrics } from "../../src/internal.ts";
import { writeOutput } from "../process/capture-prints.ts";

/**
 * Writes a result to the standard output, where nothing but results goes.
 *
 * @param value What JSON can hold.
 */
export function printResult(value: unknown): void {
  writeOutput(`${JSON.stringify(value, null, 2)}\n`);
}

/**
 * Writes metrics to the standard output, but for the counts that curves are drawn from: those are for pages.
 *
 * @param metrics The metrics.
 */
export function printMetrics({ evaluation: _, ...metrics }: Metrics): void {
  printResult(metrics);
}

/**
 * Writes a result for whoever reads it: a table on a terminal, JSON when it is piped or asked for.
 *
 * @param value What JSON can hold.
 * @param json Whether JSON was asked for.
 * @param text Creates the text for a terminal.
 */
export function print(value: unknown, json: boolean, text: () => string): void {
  if (json || !process.stdout.isTTY) printResult(value);
  else writeOutput(text());
}

/**
 * Writes bytes to the standard output.
 *
 * @param bytes The bytes.
 */
export function writeStandardOutput(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    writeOutput(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

/** Resolves when everything written so far has left the process: a pipe may still hold some when the work is done. */
export async function flush(): Promise<void> {
  await Promise.all(
    [writeOutput, process.stderr.write.bind(process.stderr)].map(
      // Whoever closed the pipe does not want the rest: that is no failure.
      (write) => new Promise<void>((resolve) => void write("", () => resolve())),
    ),
  );
}

/** Lets a reader such as `head` go away early. */
export function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: Error & { code?: string }) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}

/**
 * Reads the standard input to its end.
 *
 * @returns The text.
 */
export async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin)
    chunks.push(typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk);
  return new Uint8Array(Buffer.concat(chunks));
}
