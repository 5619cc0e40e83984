import type { Lexicon } from "./lexicon.ts";

/** A query, taken apart where its parameters are. */
export interface ParsedQuery {
  /** The names of `:name` parameters, each once, in the order in which they first appear. */
  readonly names: readonly string[];
  /** Parameters in other forms (`?`, `$1`), as they are written. */
  readonly others: readonly string[];
  /** The text between the parameters: one more than there are of them. */
  readonly texts: readonly string[];
  /** The name of each parameter, as often as it is there. */
  readonly uses: readonly string[];
}

/** A query as a client takes it. */
export interface RenderedQuery {
  readonly sql: string;
  /** The name of the parameter that each value is for, in order. */
  readonly order: readonly string[];
}

/**
 * Finds the parameters of a query. Everything in which a colon is no parameter is passed over: strings, comments,
 * quoted names, casts.
 *
 * @param query SQL.
 * @param lexicon What the dialect's queries are made of.
 *
 * @returns The query, taken apart.
 */
export function parseQuery(query: string, lexicon: Lexicon): ParsedQuery {
  const others: string[] = [];
  const texts: string[] = [];
  const uses: string[] = [];
  let at = 0;
  let start = 0;
  while (at < query.length) {
    for (const [match, kind] of lexicon) {
      const end = endOf(match, query, at);
      if (end === undefined) continue;
      if (kind === "other") others.push(query.slice(at, end));
      if (kind === "name") {
        uses.push(query.slice(at + 1, end));
        texts.push(query.slice(start, at));
        start = end;
      }
      at = end;
      break;
    }
  }
  texts.push(query.slice(start));
  return { names: [...new Set(uses)], others, texts, uses };
}

function endOf(match: Lexicon[number][0], query: string, at: number): number | undefined {
  if (typeof match === "function") return match(query, at);
  match.lastIndex = at;
  return match.test(query) ? match.lastIndex : undefined;
}

/**
 * Creates the query that a client takes, with a placeholder for every parameter.
 *
 * @param query A query, taken apart.
 * @param dialect How parameters are written, and whether one that occurs twice is given twice.
 *
 * @returns The query, and which value goes where.
 */
export function renderQuery(
  query: ParsedQuery,
  dialect: { placeholder(position: number): string; readonly repeats?: boolean },
): RenderedQuery {
  const { texts, uses, names } = query;
  const order = dialect.repeats ? uses : names;
  const sql = texts.map((text, i) => {
    const name = uses[i];
    if (name === undefined) return text;
    return text + dialect.placeholder((dialect.repeats ? i : names.indexOf(name)) + 1);
  });
  return { sql: sql.join(""), order };
}
