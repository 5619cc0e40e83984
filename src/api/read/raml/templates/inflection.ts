/** English nouns whose other number no rule tells. */
const irregular: readonly (readonly [singular: string, plural: string])[] = [
  ["person", "people"],
  ["man", "men"],
  ["woman", "women"],
  ["child", "children"],
  ["mouse", "mice"],
  ["foot", "feet"],
  ["tooth", "teeth"],
  ["goose", "geese"],
  ["datum", "data"],
  ["index", "indices"],
  ["matrix", "matrices"],
  ["vertex", "vertices"],
  ["analysis", "analyses"],
  ["axis", "axes"],
  ["leaf", "leaves"],
  ["life", "lives"],
  ["half", "halves"],
];

const unchanging = new Set(["series", "species", "sheep", "fish", "news", "information", "equipment", "metadata"]);

const toPlural: readonly (readonly [RegExp, string])[] = [
  [/([^aeiou])y$/i, "$1ies"],
  [/(s|x|z|ch|sh)$/i, "$1es"],
  [/$/, "s"],
];

const toSingular: readonly (readonly [RegExp, string])[] = [
  [/([^aeiou])ies$/i, "$1y"],
  [/(ss|x|z|ch|sh)es$/i, "$1"],
  [/(us|ss|is)$/i, "$1"],
  [/(us|as)es$/i, "$1"],
  [/s$/i, ""],
];

/** What can stand after `|` in `<<name | !singularize>>`, in RAML 1.0; RAML 0.8 has the first two. */
export const textFunctions: Readonly<Record<string, (text: string) => string>> = {
  singularize: (text) => inflected(text, 0, toSingular),
  pluralize: (text) => inflected(text, 1, toPlural),
  uppercase: (text) => text.toUpperCase(),
  lowercase: (text) => text.toLowerCase(),
  lowercamelcase: (text) => lowerFirst(camel(text)),
  uppercamelcase: (text) => upperFirst(camel(text)),
  lowerunderscorecase: (text) => words(text).join("_").toLowerCase(),
  upperunderscorecase: (text) => words(text).join("_").toUpperCase(),
  lowerhyphencase: (text) => words(text).join("-").toLowerCase(),
  upperhyphencase: (text) => words(text).join("-").toUpperCase(),
};

function inflected(text: string, to: 0 | 1, rules: readonly (readonly [RegExp, string])[]): string {
  // Only the last word is a noun: user_ids, UserIds.
  const [last = ""] = /[A-Z]?[a-z]+$/.exec(text) ?? [text];
  const before = text.slice(0, text.length - last.length);
  const lower = last.toLowerCase();
  if (unchanging.has(lower)) return text;
  const pair = irregular.find((one) => one.includes(lower));
  const found = pair?.[to] ?? lower.replace(...(rules.find(([rule]) => rule.test(lower)) ?? [/$/, ""]));
  return before + (last[0] === lower[0] ? found : upperFirst(found));
}

function camel(text: string): string {
  return words(text)
    .map((word, index) => (index === 0 ? word : upperFirst(word)))
    .join("");
}

/** The words of `userId`, `user-id` and `user_id`. */
function words(text: string): string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[\s_-]+/)
    .filter(Boolean);
}

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
