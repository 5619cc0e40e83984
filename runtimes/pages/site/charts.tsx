import { short } from "./data.ts";

/** A line of points in the coordinates of its plot. */
export interface Line {
  readonly points: readonly (readonly [number, number])[];
  readonly kind?: "second" | "ideal";
}

/** What a plot shows. */
export interface PlotProps {
  /** What somebody is told who does not see it. */
  readonly label: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly Line[];
  readonly dots?: readonly (readonly [number, number])[];
  /** Bars from 0 up: left, right, height. */
  readonly bars?: readonly (readonly [number, number, number])[];
  readonly xRange?: readonly [number, number];
  readonly yRange?: readonly [number, number];
}

const [width, height, left, bottom, top, right] = [360, 240, 62, 36, 10, 12];

/** Plot of lines, dots and bars with two axes. */
export function Plot({ label, x, y, lines, dots = [], bars = [], xRange, yRange }: PlotProps) {
  const all = [
    ...lines.flatMap((line) => line.points),
    ...dots,
    ...bars.flatMap(
      ([a, b, h]) =>
        [
          [a, 0],
          [b, h],
        ] as const,
    ),
  ];
  const [x0, x1] = xRange ?? rangeOf(all.map(([one]) => one));
  const [y0, y1] = yRange ?? rangeOf(all.map(([, one]) => one));
  const px = (value: number) => left + ((value - x0) / (x1 - x0)) * (width - left - right);
  const py = (value: number) => height - bottom - ((value - y0) / (y1 - y0)) * (height - bottom - top);
  return (
    <svg class="plot" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {ticks(x0, x1).map((tick) => (
        <g key={`x${tick}`}>
          <line class="axis" x1={px(tick)} x2={px(tick)} y1={top} y2={height - bottom} />
          <text x={px(tick)} y={height - bottom + 14} text-anchor="middle">
            {short(tick)}
          </text>
        </g>
      ))}
      {ticks(y0, y1).map((tick) => (
        <g key={`y${tick}`}>
          <line class="axis" x1={left} x2={width - right} y1={py(tick)} y2={py(tick)} />
          <text x={left - 5} y={py(tick) + 4} text-anchor="end">
            {short(tick)}
          </text>
        </g>
      ))}
      {bars.map(([a, b, h]) => (
        <rect
          class="fill-accent"
          key={a}
          x={px(a)}
          y={py(h)}
          width={Math.max(1, px(b) - px(a) - 1)}
          height={Math.max(0, py(0) - py(h))}
        />
      ))}
      {lines.map(({ points, kind }, at) => (
        <polyline
          class={`line ${kind ?? ""}`}
          key={at}
          points={points.map(([a, b]) => `${px(a).toFixed(1)},${py(b).toFixed(1)}`).join(" ")}
        />
      ))}
      {dots.map(([a, b], at) => (
        <circle class="fill-accent" key={at} cx={px(a)} cy={py(b)} r="4" />
      ))}
      <text x={(left + width - right) / 2} y={height - 4} text-anchor="middle">
        {x}
      </text>
      <text transform={`translate(11 ${(top + height - bottom) / 2}) rotate(-90)`} text-anchor="middle">
        {y}
      </text>
    </svg>
  );
}

function rangeOf(values: readonly number[]): readonly [number, number] {
  const least = Math.min(...values);
  const most = Math.max(...values);
  if (!Number.isFinite(least)) return [0, 1];
  const room = most > least ? (most - least) * 0.05 : Math.abs(least) * 0.1 || 1;
  return [least === 0 ? 0 : least - room, most + room];
}

function ticks(from: number, to: number): number[] {
  const rough = (to - from) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
  const found: number[] = [];
  for (let at = Math.ceil(from / step); at * step <= to + step / 1e6 && found.length < 12; at++) found.push(at * step);
  return found;
}

/** Bars with names and numbers; negative ones have the other colour. */
export function Bars({
  values,
  unit,
}: {
  readonly values: readonly (readonly [string, number])[];
  readonly unit?: "percent";
}) {
  const most = unit === "percent" ? 1 : Math.max(...values.map(([, value]) => Math.abs(value)), Number.MIN_VALUE);
  return (
    <ul class="bars">
      {values.map(([name, value]) => (
        <li key={name}>
          <span>{name}</span>
          <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect class="fill-soft" width="100" height="10" />
            <rect
              class={value < 0 ? "fill-second" : "fill-accent"}
              width={(Math.abs(value) / most) * 100}
              height="10"
            />
          </svg>
          <span>{unit === "percent" ? `${(value * 100).toFixed(1)} %` : short(value)}</span>
        </li>
      ))}
    </ul>
  );
}

/** Small bars without axes. */
export function Small({ counts, label }: { readonly counts: readonly number[]; readonly label: string }) {
  const most = Math.max(...counts, 1);
  return (
    <svg viewBox="0 0 120 24" role="img" aria-label={label} width="120" height="24">
      {counts.map((count, at) => {
        const high = (count / most) * 22;
        const wide = 120 / counts.length;
        return (
          <rect
            class="fill-accent"
            key={at}
            x={at * wide}
            y={24 - high}
            width={Math.max(0.5, wide - 1)}
            height={high}
          />
        );
      })}
    </svg>
  );
}

/** A table that scrolls within itself; numbers stand to the right. */
export function Table({
  head,
  rows,
  caption,
}: {
  readonly head: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly caption?: string;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section class="scroll" tabIndex={0} aria-label={caption ?? head.join(", ")}>
      <table>
        <thead>
          <tr>
            {head.map((cell) => (
              <th key={cell} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, column) =>
                column === 0 ? (
                  <th key={column} scope="row">
                    {cell as string}
                  </th>
                ) : (
                  <td key={column} class={typeof cell === "number" ? "number" : undefined}>
                    {typeof cell === "number" ? short(cell) : (cell as string)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
