/** How the text of a file is cut into rows and cells; each sign is one character. */
export interface Dialect {
  /** What stands between cells; undefined: any run of spaces and tabs. */
  readonly sep: string | undefined;
  /** What stands between cells where that takes a regular expression; nothing is in quotes then. */
  readonly pattern?: RegExp | undefined;
  /** What ends a line. */
  readonly newline: string;
  /** What a cell is put in that holds the separator; undefined: nothing. */
  readonly quote: string | undefined;
  /** Whether a quote in a quoted cell is written twice. */
  readonly doubled: boolean;
  /** What makes the character behind it an ordinary one. */
  readonly escape: string | undefined;
  /** What begins a comment, which goes to the end of the line. */
  readonly comment: string | undefined;
  /** Whether spaces behind a separator are passed over. */
  readonly skipSpace: boolean;
  /** Whether blank lines are passed over. */
  readonly skipBlank: boolean;
  /** Which lines are passed over, counted from 0 at the start of the file; a line end in quotes does not count. */
  readonly skipLines: ReadonlySet<number>;
}
