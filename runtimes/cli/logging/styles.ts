/** Part of a format: a text, or a field and how its value is written. */
export type Piece = string | { readonly field: string; write(value: string | number): string };

/** Ways to write a format, by what Python calls them. */
export const styles = ["%", "{", "$"] as const;

/** Way to write a format. */
export type Style = (typeof styles)[number];

/**
 * Takes a format of Python's logging apart.
 *
 * @param format The format.
 * @param style Its way: `%(name)s`, `{name}` or `$name`.
 *
 * @returns Its pieces.
 *
 * @throws Error that says which part is not understood.
 */
export function readFormat(format: string, style: Style): Piece[] {
  return readers[style](format);
}

const readers: Readonly<Record<Style, (format: string) => Piece[]>> = {
  "%": (format) =>
    pieces(format, /%(?:%|\((\w+)\)([-+ 0#]*)(\d+)?(?:\.(\d+))?([a-zA-Z])?)?/g, (found) => {
      if (found[0] === "%%") return "%";
      const [all, field, flags = "", width, precision, conversion] = found;
      if (field === undefined || conversion === undefined || !"sradioufFeEgGxXc".includes(conversion)) {
        throw new Error(`found "${all}", expected %% or a field such as %(levelname)-8s`);
      }
      const fill = flags.includes("0") ? "0" : " ";
      const type = "sra".includes(conversion) ? "s" : "fFeEgG".includes(conversion) ? "f" : "d";
      const digits = precision === undefined ? undefined : Number(precision);
      // Python pads with zeros on the left only.
      const align = flags.includes("-") ? "<" : fill === "0" && type !== "s" ? "=" : ">";
      return {
        field,
        write: written({ type, fill: align === "=" ? fill : " ", align, width: Number(width ?? 0), digits }),
      };
    }),
  "{": (format) =>
    pieces(format, /\{\{|\}\}|\{([^{}]*)\}|[{}]/g, (found) => {
      if (found[0] === "{{" || found[0] === "}}") return found[0].slice(1);
      const parts = /^(\w+)(?:![sra])?(?::(?:(.)?([<>^=]))?(0)?(\d+)?(?:\.(\d+))?([sdfn])?)?$/.exec(found[1] ?? "");
      if (parts === null) throw new Error(`found "${found[0]}", expected a field such as {levelname:<8}`);
      const [, field = "", given, aligned, zero, width, precision, type] = parts;
      const digits = precision === undefined ? undefined : Number(precision);
      return {
        field,
        write(value) {
          const isText = typeof value === "string";
          const align = aligned ?? (zero && !isText ? "=" : isText ? "<" : ">");
          const own = type === "f" ? "f" : type === "d" ? "d" : isText || digits === undefined ? "s" : "f";
          return written({ type: own, fill: given ?? zero ?? " ", align, width: Number(width ?? 0), digits })(value);
        },
      };
    }),
  $: (format) =>
    pieces(format, /\$(?:\$|(\w+)|\{(\w+)\})?/g, ([all, plain, braced]) => {
      if (all === "$$") return "$";
      const field = plain ?? braced;
      if (field === undefined) throw new Error(`found "${all}", expected $$ or a field such as \${levelname}`);
      return { field, write: String };
    }),
};

function pieces(format: string, pattern: RegExp, read: (match: RegExpExecArray) => Piece): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of format.matchAll(pattern)) {
    found.push(format.slice(end, match.index), read(match));
    end = match.index + match[0].length;
  }
  found.push(format.slice(end));
  return found.filter((piece) => piece !== "");
}

/** How a value is written. */
interface Written {
  readonly type: "s" | "d" | "f";
  readonly fill: string;
  /** Left, right, middle, or right with what fills it after the sign. */
  readonly align: string;
  readonly width: number;
  readonly digits: number | undefined;
}

function written({ type, fill, align, width, digits }: Written): (value: string | number) => string {
  return (value) => {
    const number = Number(value);
    const text =
      type === "f" && Number.isFinite(number)
        ? number.toFixed(digits ?? 6)
        : type === "d" && Number.isFinite(number)
          ? String(Math.trunc(number))
          : String(value).slice(0, digits);
    if (align === "<") return text.padEnd(width, fill);
    if (align === "^")
      return text.padStart(text.length + Math.floor(Math.max(0, width - text.length) / 2), fill).padEnd(width, fill);
    const sign = align === "=" && text.startsWith("-") ? "-" : "";
    return sign + text.slice(sign.length).padStart(width - sign.length, fill);
  };
}
