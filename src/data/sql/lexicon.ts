/** What a piece of a query is: `name` is a parameter, `other` a parameter in another form than `:name`. */
export type TokenKind = "passed" | "name" | "other";

/** A piece of a query: a sticky pattern, or a function that finds where a piece that begins at a position ends. */
export type Token = readonly [match: RegExp | ((query: string, at: number) => number | undefined), kind: TokenKind];

/** What a query is made of, as far as it matters here; the first that matches at a position is it. */
export type Lexicon = readonly Token[];

const singleQuoted: Token = [/'(?:[^']|'')*(?:'|$)/y, "passed"];
const doubleQuoted: Token = [/"(?:[^"]|"")*(?:"|$)/y, "passed"];
const backticks: Token = [/`(?:[^`]|``)*(?:`|$)/y, "passed"];
const lineComment: Token = [/--[^\n]*/y, "passed"];
const blockComment: Token = [/\/\*[\s\S]*?(?:\*\/|$)/y, "passed"];
const cast: Token = [/::/y, "passed"];
const parameter: Token = [/:([A-Za-z_]\w*)/y, "name"];
/** Names and numbers; a `$` within them begins nothing. */
const word: Token = [/[\p{L}\p{N}_$]+/uy, "passed"];
const anything: Token = [/[\s\S]/y, "passed"];

/** A comment that holds comments, as the standard has it. */
const nestedComment: Token = [
  (query, at) => {
    if (!query.startsWith("/*", at)) return undefined;
    const edge = /\/\*|\*\//g;
    edge.lastIndex = at;
    let depth = 0;
    for (let match = edge.exec(query); match !== null; match = edge.exec(query)) {
      depth += match[0] === "/*" ? 1 : -1;
      if (depth === 0) return edge.lastIndex;
    }
    return query.length;
  },
  "passed",
];

/** https://www.sqlite.org/lang_expr.html and https://www.sqlite.org/lang_keywords.html */
export const sqlite: Lexicon = [
  singleQuoted,
  doubleQuoted,
  backticks,
  [/\[[^\]]*(?:\]|$)/y, "passed"],
  lineComment,
  blockComment,
  cast,
  parameter,
  [/\?\d*|[$@][A-Za-z_]\w*|[$:]\d+/y, "other"],
  word,
  anything,
];

/** Strings between `$tag$` and `$tag$`. */
const dollarQuoted: Token = [
  (query, at) => {
    const open = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;
    open.lastIndex = at;
    const tag = open.exec(query)?.[0];
    if (tag === undefined) return undefined;
    const end = query.indexOf(tag, at + tag.length);
    return end < 0 ? query.length : end + tag.length;
  },
  "passed",
];

/** https://www.postgresql.org/docs/current/sql-syntax-lexical.html; `?` and `@` are operators there. */
export const postgres: Lexicon = [
  [/[eE]'(?:[^'\\]|''|\\[\s\S])*(?:'|$)/y, "passed"],
  singleQuoted,
  doubleQuoted,
  dollarQuoted,
  lineComment,
  nestedComment,
  cast,
  [/:=/y, "passed"],
  // A colon right behind a value is that of a slice: `[low:high]`.
  [/(?<=[\p{L}\p{N}_$)\]"]):/uy, "passed"],
  parameter,
  [/\$\d+/y, "other"],
  word,
  anything,
];

/** https://dev.mysql.com/doc/refman/8.4/en/language-structure.html; `@name` is a variable of the session there. */
export const mysql: Lexicon = [
  [/'(?:[^'\\]|''|\\[\s\S])*(?:'|$)/y, "passed"],
  [/"(?:[^"\\]|""|\\[\s\S])*(?:"|$)/y, "passed"],
  backticks,
  // Without a blank behind them, two dashes are two minuses.
  [/--(?=\s|$)[^\n]*/y, "passed"],
  [/#[^\n]*/y, "passed"],
  blockComment,
  [/:=/y, "passed"],
  parameter,
  [/\?|:\d+/y, "other"],
  [/@@?[\w.$]+/y, "passed"],
  word,
  anything,
];

/** https://learn.microsoft.com/sql/t-sql/language-elements; `@name` may be declared in the query itself. */
export const mssql: Lexicon = [
  singleQuoted,
  doubleQuoted,
  [/\[(?:[^\]]|\]\])*(?:\]|$)/y, "passed"],
  lineComment,
  nestedComment,
  cast,
  parameter,
  [/\?|:\d+/y, "other"],
  [/[@#]+[\w$#@]+/y, "passed"],
  word,
  anything,
];

/** What closes `q'[`. */
const closing: Readonly<Record<string, string>> = { "[": "]", "{": "}", "(": ")", "<": ">" };

/** Strings such as `q'[it's]'`. */
const quoteDelimited: Token = [
  (query, at) => {
    const open = /n?q'([^\s])/iy;
    open.lastIndex = at;
    const delimiter = open.exec(query)?.[1];
    if (delimiter === undefined) return undefined;
    const end = query.indexOf(`${closing[delimiter] ?? delimiter}'`, open.lastIndex);
    return end < 0 ? query.length : end + 2;
  },
  "passed",
];

/** https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/Literals.html */
export const oracle: Lexicon = [
  quoteDelimited,
  singleQuoted,
  doubleQuoted,
  lineComment,
  blockComment,
  [/:=/y, "passed"],
  parameter,
  [/\?|:\d+/y, "other"],
  // `#` and `$` belong to names.
  [/[\p{L}\p{N}_$#]+/uy, "passed"],
  anything,
];
