import * as v from "valibot";

/** The section `model.card`: what people say of a model. */
export interface CardConfig {
  /** What it is, in Markdown. */
  readonly description?: string;
  readonly intended_use?: readonly string[];
  /** What it cannot do, or must not be used for. */
  readonly limits?: readonly string[];
  readonly ethics?: readonly string[];
  /** People or addresses. */
  readonly contacts?: readonly string[];
  /** An identifier of SPDX, `apache-2.0`. */
  readonly license?: string;
  readonly tags?: readonly string[];
  /** Languages of texts that it takes, `en`. */
  readonly languages?: readonly string[];
}

const text = (expected: string) => v.pipe(v.string(expected), v.nonEmpty(expected));

/** One text is as good as a list of one. */
const texts = (what: string) =>
  v.nullish(
    v.pipe(
      v.unknown(),
      v.transform((given) => (typeof given === "string" ? [given] : given)),
      v.array(text(`${what}: a text, or a list of texts`), `${what}: a text, or a list of texts`),
    ),
  );

const entries = {
  description: v.nullish(text("what the model is, as text")),
  intended_use: texts("what the model is for"),
  limits: texts("what the model cannot do"),
  ethics: texts("what to consider"),
  contacts: texts("whom to ask"),
  license: v.nullish(text("an identifier of SPDX, such as apache-2.0")),
  tags: texts("words that the model is found by"),
  languages: texts("codes of languages, such as en"),
};

/** What `model.card` may hold. An unknown key is a mistake: nothing else reads what is in it. */
export const card = v.nullish(v.strictObject(entries, `none but the keys ${Object.keys(entries).join(", ")}`));

/**
 * What people said of a model, as metadata keep it.
 *
 * @param value The section, as it was written.
 *
 * @returns The section; empty where it is none.
 */
export function cardConfigOf(value: unknown): CardConfig {
  const read = v.safeParse(card, value);
  if (!read.success || !read.output) return {};
  const told = Object.entries(read.output).filter(([, one]) => one !== null && one !== undefined);
  return Object.fromEntries(told) as CardConfig;
}
