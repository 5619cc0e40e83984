/** What stands in a secret's place. */
const mask = "***";

/** A key whose last word is one of these names a secret. */
const secretWords = new Set(
  (
    "password passwords passwd passphrase pass pwd pw secret secrets token credential credentials authorization " +
    "cookie apikey accesskey secretkey privatekey authkey accountkey accesstoken authtoken refreshtoken"
  ).split(" "),
);

/** A key that ends in one of these, followed by `key` or `keys`, names a secret; any other key is just a key. */
const secretKeyWords = new Set(
  "api access secret private auth account encryption sign signing subscription master ssh".split(" "),
);

/** Tokens of a text, and limits on them, are no secrets. */
const tokensOfText = new Set(
  "pad unk eos bos mask cls sep start end stop special next prev first last max min n num per by each".split(" "),
);

/** Tokens are secrets only where it says whose they are: `max_tokens` is a number of words. */
const tokenOwners = new Set("api access auth bearer refresh session".split(" "));

/** Parameters of signed URLs, which are secrets only there. */
const secretParameters = new Set(["sig", "signature"]);

// Repetitions are bounded so that hostile text costs linear time.
const userInfo = /(:\/\/)[^\s/?#"'<>]{0,2048}@/g;
/** A password with an unescaped `/`, `?` or `#`, which is wrong in a URL and common; a port is no password. */
const looseUserInfo = /(:\/\/)[^\s/?#:@"'<>]{0,256}:(?!\d{0,5}[/?#])[^\s@"'<>]{0,1024}@/g;
const parameter = /(^|[?&;,\s])([\w.%-]{1,64})(\s?=\s?)("[^"]*"|'[^']*'|\{[^}]*\}|[^\s&;#"']+)/g;
/** A private key of Ed25519 without its frame: PKCS #8 in base64 (RFC 8410). */
const bareKey = /MC4CAQAwBQYDK2VwBCIEI[A-Za-z0-9+/]{1,43}/g;
const privateKey = /-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY-----/;

/**
 * Creates a copy of a value without its secrets: the values of keys such as `password`, `auth_token` or `apiKey`, and
 * user names, passwords and tokens in URLs and connection strings, become `***`. A key ending in `_var` stays: it
 * holds the name of a variable. Objects that are not plain are kept as they are.
 *
 * @param value Any value; text is searched for URLs.
 *
 * @returns The copy.
 */
export function redact(value: string): string;
export function redact(value: unknown): unknown;
export function redact(value: unknown): unknown {
  return copied(value, new Map());
}

/**
 * Tells whether the value of a key is a secret.
 *
 * @param key The key, in any of the usual ways to write several words.
 *
 * @returns Whether its value must not be shown.
 */
export function isSecretKey(key: string): boolean {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  const last = words.at(-1)?.replace(/\d+$/, "") ?? "";
  const before = words.at(-2) ?? "";
  if (last === "var") return false;
  if (last === "key" || last === "keys") return secretKeyWords.has(before);
  if (last === "tokens") return tokenOwners.has(before);
  if (last === "token") return !tokensOfText.has(before);
  return secretWords.has(last) || /(password|passwd|passphrase)$/.test(last);
}

function copied(value: unknown, seen: Map<object, unknown>): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value !== "object" || value === null || !(Array.isArray(value) || isPlain(value))) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    seen.set(value, list);
    for (const item of value) list.push(copied(item, seen));
    return list;
  }
  const copy: Record<string, unknown> = {};
  seen.set(value, copy);
  for (const [key, inner] of Object.entries(value)) {
    const hidden = isSecretKey(key) && inner !== null && inner !== undefined && typeof inner !== "boolean";
    // Assigning would set the prototype for a key named __proto__.
    Object.defineProperty(copy, key, {
      value: hidden ? mask : copied(inner, seen),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return copy;
}

function redactText(text: string): string {
  if (privateKey.test(text)) return mask;
  return text
    .replace(bareKey, mask)
    .replace(looseUserInfo, `$1${mask}@`)
    .replace(userInfo, `$1${mask}@`)
    .replace(parameter, (whole, before: string, name: string, equals: string) =>
      isSecretKey(name) || secretParameters.has(name.toLowerCase().split("-").at(-1) ?? "")
        ? `${before}${name}${equals}${mask}`
        : whole,
    );
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
