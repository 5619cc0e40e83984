/* Models byte by byte, also such as no library would write. */

/** Number of Protocol Buffers: seven bits a byte. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest % 128) + (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return bytes;
}

/** Field of a number. */
export const numbered = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)];
/** Field of bytes. */
export const held = (field: number, content: readonly number[]): number[] => [
  ...varint(field * 8 + 2),
  ...varint(content.length),
  ...content,
];
/** Field of a text. */
export const named = (field: number, text: string): number[] => held(field, [...new TextEncoder().encode(text)]);

/** Input or output of a graph: float, [rows, columns]. */
export const value = (name: string, columns: number): number[] => {
  const shape = [...held(1, named(2, "n")), ...held(1, numbered(1, columns))];
  return [...named(1, name), ...held(2, held(1, [...numbered(1, 1), ...held(2, shape)]))];
};
/** Node of a graph. */
export const node = (
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: readonly number[] = [],
  domain = "",
): number[] => [
  ...inputs.flatMap((name) => named(1, name)),
  ...named(2, output),
  ...named(3, `the ${operator}`),
  ...named(4, operator),
  ...attributes,
  ...(domain ? named(7, domain) : []),
];
/** Model of nodes from x to y, each float [n, 2]. */
export const graph = (nodes: readonly number[][], more: readonly number[] = []): Uint8Array =>
  Uint8Array.from([
    ...numbered(1, 8),
    ...held(7, [
      ...nodes.flatMap((each) => held(1, each)),
      ...more,
      ...held(11, value("x", 2)),
      ...held(12, value("y", 2)),
    ]),
    ...held(8, numbered(2, 17)),
  ]);
/** Initializer of sixteen bytes, whatever its shape says. */
export const tensor = (name: string, dims: readonly number[], type = 7): number[] =>
  held(5, [
    ...dims.flatMap((dim) => numbered(1, dim)),
    ...numbered(2, type),
    ...named(8, name),
    ...held(9, new Array(16).fill(0)),
  ]);
/** Attribute of whole numbers. */
export const attribute = (name: string, list: readonly number[]): number[] =>
  held(5, [...named(1, name), ...list.flatMap((each) => numbered(8, each)), ...numbered(20, 7)]);
