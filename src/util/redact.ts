/** What stands in a secret's place. */
const mask = "***";

/** A key whose last word is one of these names a secret. */
const secretWords = new Set(
  (
    "password passwords passwd passphrase pass pwd pw secret secrets token credential credentials authorization " +
    "cookie apikey accesskey secretkey privatekey authkey accountkey accesstoken authtoken refreshtoken sslkey sslpassword"
  ).split(" "),
);

/** A key whose last word is one of these names a secret if it holds text; with more below it, that is looked at. */
const secretTextWords = new Set("auth bearer jwt creds cred passcode pat otp".split(" "));

/** What services call their tokens, which are secrets wherever they stand. */
const tokens = new RegExp(
  [
    // OpenAI, Anthropic, Stripe: dashes between short words alone are a name.
    "\\b[sr]k[-_](?:[a-z0-9]{1,10}[-_]){0,3}(?:\\w{16,200}|(?=[A-Za-z_]{0,20}\\d)\\w{8,200})",
    "\\bgh[pousr]_\\w{16,255}|\\bgithub_pat_\\w{16,255}|\\bglpat-[\\w-]{16,64}|\\bnpm_\\w{30,64}|\\bhf_\\w{20,64}|\\bdckr_pat_[\\w-]{16,64}",
    "\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b|\\bAIza[\\w-]{30,64}|\\bya29\\.[\\w-]{16,2048}",
    "\\bxox[abeoprs]-[\\w-]{10,255}|\\bSG\\.[\\w-]{16,64}\\.[\\w-]{16,64}|\\bpypi-[\\w-]{32,512}",
    // What launchpad keys create prints.
    "\\blp_[\\w-]{43}",
    // A JSON Web Token.
    "\\beyJ[\\w-]{8,4096}\\.[\\w-]{2,8192}(?:\\.[\\w-]{0,4096})?",
    "\\bBearer [\\w.~+/=-]{8,4096}|\\bBasic (?=[A-Za-z+/]{0,64}[\\d=])[A-Za-z0-9+/]{6,1024}={0,2}",
  ].join("|"),
  "g",
);

/** Addresses that anybody who knows them may post to. */
const webhooks =
  /(\bhooks\.slack\.com\/(?:services|workflows)\/|\bdiscord(?:app)?\.com\/api\/webhooks\/|\bwebhook\.office\.com\/)[^\s"'<>]{1,512}/g;

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
 * Creates a copy of a value without its secrets: the values of keys such as `password`, `auth_token` or `apiKey`, all
 * below `headers`, user names, passwords and tokens in URLs and connection strings, and what services' tokens look like,
 * become `***`. A key ending in `_var` stays: it
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
  if (last === "id") return before === "key" && words.at(-3) === "access";
  if (last === "header") return before === "auth" || before === "authorization";
  return secretWords.has(last) || /(password|passwd|passphrase)$/.test(last);
}

/** Tells whether a key names a secret where it holds text: it may also be a section. */
function isSecretText(key: string): boolean {
  const last = /([a-z]+)\d*$/.exec(key.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase())?.[1] ?? "";
  return secretTextWords.has(last);
}

/** What stands below `headers` is for whoever is asked, and nobody else. */
function copied(value: unknown, seen: Map<object, unknown>, isHeaders = false): unknown {
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
    const isText = typeof inner === "string" || typeof inner === "number";
    const named = isSecretKey(key) || (isText && (isHeaders ? !/_var$/i.test(key) : isSecretText(key)));
    const hidden = named && inner !== null && inner !== undefined && typeof inner !== "boolean";
    // Assigning would set the prototype for a key named __proto__.
    Object.defineProperty(copy, key, {
      value: hidden ? mask : copied(inner, seen, /(^|_)headers$/i.test(key)),
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
    .replace(tokens, mask)
    .replace(webhooks, `$1${mask}`)
    .replace(looseUserInfo, `$1${mask}@`)
    .replace(userInfo, `$1${mask}@`)
    .replace(parameter, (whole, before: string, name: string, equals: string) =>
      isSecretKey(name) || isSecretText(name) || secretParameters.has(name.toLowerCase().split("-").at(-1) ?? "")
        ? `${before}${name}${equals}${mask}`
        : whole,
    );
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
