import {
  createFrame,
  defineSink,
  defineSource,
  encodeUtf8,
  expected,
  type Frame,
  LaunchpadError,
  type OpenContext,
  openLocation,
  readOptions,
} from "mllaunchpad/plugin";

/** How wide each column is, in characters. */
type Widths = readonly (readonly [name: string, width: number])[];

/** Reads the option; one that is missing, unknown or wrong is an error that says where it stands. */
function widthsOf({ where, entry }: OpenContext): Widths {
  const { widths } = readOptions<{ widths: Widths }>(where, entry.options, {
    widths(value) {
      const widths = typeof value === "object" && value !== null ? Object.entries(value) : [];
      if (widths.length > 0 && widths.every(([, width]) => Number.isInteger(width) && width > 0)) return widths;
      throw expected("a section with the width of each column");
    },
  });
  if (widths === undefined) throw new LaunchpadError("CONFIG_INVALID", `${where}: options.widths: it is missing`);
  return widths;
}

/** Text files whose columns have fixed widths, read a batch at a time. */
export const source = defineSource({
  serves: ["fixed_width"],
  open(context) {
    const widths = widthsOf(context);
    const location = openLocation(context);
    return {
      async *batches({ signal, size }) {
        let lines: string[] = [];
        let given = false;
        for await (const line of linesOf(await location.stream(signal))) {
          lines.push(line);
          if (lines.length < size) continue;
          yield frameOf(lines, widths);
          lines = [];
          given = true;
        }
        // A file without rows has columns all the same.
        if (lines.length > 0 || !given) yield frameOf(lines, widths);
      },
      stream: ({ signal }) => location.stream(signal),
    };
  },
});

/** The same as a sink; what was there is replaced when everything is written. */
export const sink = defineSink({
  serves: ["fixed_width"],
  open(context) {
    const widths = widthsOf(context);
    const location = openLocation(context);
    return { write: (frames, signal) => location.write(encodeUtf8(textOf(frames, widths, location.shown)), signal) };
  },
});

function frameOf(lines: readonly string[], widths: Widths): Frame {
  const columns: Record<string, (string | null)[]> = {};
  let start = 0;
  for (const [name, width] of widths) {
    const [from, to] = [start, start + width];
    columns[name] = lines.map((line) => line.slice(from, to).trim() || null);
    start = to;
  }
  return createFrame(columns, Object.fromEntries(widths.map(([name]) => [name, "str"])));
}

async function* linesOf(bytes: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const reader = bytes.getReader();
  let rest = "";
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const lines = (rest + decoder.decode(next.value, { stream: true })).split(/\r?\n/);
      rest = lines.pop() ?? "";
      yield* lines;
    }
    rest += decoder.decode();
    if (rest !== "") yield rest;
  } finally {
    // Whoever has seen enough lets go of the file.
    await reader.cancel();
  }
}

async function* textOf(frames: AsyncIterable<Frame>, widths: Widths, at: string): AsyncGenerator<string> {
  for await (const frame of frames) {
    let text = "";
    for (const row of frame.rows()) {
      for (const [name, width] of widths) {
        const cell = String(row[name] ?? "");
        if (cell.length > width) {
          const message = `${at}: column "${name}": at most ${width} characters expected, found "${cell}"`;
          throw new LaunchpadError("DATA_INVALID", message);
        }
        text += cell.padEnd(width);
      }
      text += "\n";
    }
    yield text;
  }
}
