import process from "node:process";
import type { Logger, LogLevel } from "../../src/internal.ts";

type Print = (...values: unknown[]) => void;

/** Methods whose level is known; whatever else prints is information, or a warning where it goes to the error stream. */
const levels: Readonly<Record<string, LogLevel>> = {
  log: "info",
  info: "info",
  debug: "debug",
  warn: "warning",
  error: "error",
};

/** Writes to the standard output, also while what code of a model prints goes to the log. */
export const writeOutput: typeof process.stdout.write = process.stdout.write.bind(process.stdout);

/**
 * Puts what code of a model prints into the log: the standard output is for results.
 *
 * @param log The log of the model.
 *
 * @returns Lets it print again; the beginning of a line that has no end yet is logged.
 */
export function capturePrints(log: Logger): () => void {
  const output = lineStream((line) => log.info(line));
  const errors = lineStream((line) => log.warning(line));
  // Bun and Deno take their time to load these modules: most models print nothing.
  const format = (...values: unknown[]) => process.getBuiltinModule("node:util").format(...values);
  let own: Record<string, unknown> | undefined;
  const ownMethod = (name: string): Print | undefined => {
    if (own === undefined) {
      const { Console } = process.getBuiltinModule("node:console");
      own = new Console({ stdout: output.stream(), stderr: errors.stream() }) as unknown as Record<string, unknown>;
    }
    const method = own[name];
    return typeof method === "function" ? (...values) => method.apply(own, values) : undefined;
  };
  const { console } = globalThis;
  const before = { ...console } as Record<string, unknown>;
  const target = console as unknown as Record<string, unknown>;
  for (const [name, method] of Object.entries(before)) {
    const level = levels[name];
    if (level) target[name] = ((...values) => logLines(log, level, format(...values))) satisfies Print;
    else if (typeof method === "function" && name !== "Console") {
      target[name] = ((...values) => (ownMethod(name) ?? (method as Print))(...values)) satisfies Print;
    }
  }
  const { write } = process.stdout;
  process.stdout.write = ((chunk: Uint8Array | string, encoding?: unknown, done?: unknown) => {
    output.add(typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk));
    const callback = typeof encoding === "function" ? encoding : done;
    if (typeof callback === "function") queueMicrotask(() => callback());
    return true;
  }) as typeof write;
  return () => {
    Object.assign(target, before);
    process.stdout.write = write;
    output.end();
    errors.end();
  };
}

function logLines(log: Logger, level: LogLevel, text: string): void {
  for (const line of text.split("\n")) log[level](line);
}

/** A stream that hands over what is written to it line by line. */
function lineStream(onLine: (line: string) => void) {
  let rest = "";
  const add = (text: string) => {
    // A carriage return begins a line anew, as progress bars do.
    const lines = (rest + text).split(/\r?\n|\r/);
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") onLine(line);
  };
  const stream = () => {
    const { Writable } = process.getBuiltinModule("node:stream");
    return new Writable({
      decodeStrings: false,
      write(chunk, _encoding, done) {
        add(String(chunk));
        done();
      },
    });
  };
  return {
    stream,
    add,
    end() {
      if (rest !== "") onLine(rest);
      rest = "";
    },
  };
}
