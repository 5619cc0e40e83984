import * as v from "valibot";
import { isNetwork, networkForm } from "../../util/addresses.ts";
import { enumerate } from "../../util/suggest.ts";
import { keyOfVariable } from "../variable-keys.ts";
import { isKeyDigest, isKeySetUrl } from "./key-digest.ts";
import { parseRate, rateForm } from "./rate.ts";

// Sections that decide who may come in: an unknown key in them is a mistake, because it may be a door that is left open.

const text = (expected: string) => v.pipe(v.string(expected), v.nonEmpty(expected));
const strict = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.strictObject(entries, `none but the keys ${Object.keys(entries).join(", ")}`);
const isMapping = (given: unknown) => typeof given === "object" && given !== null && !Array.isArray(given);
const between = (least: number, most: number, expected: string) =>
  v.pipe(v.number(expected), v.finite(expected), v.minValue(least, expected), v.maxValue(most, expected));
const whole = (least: number, expected: string) =>
  v.pipe(v.number(expected), v.integer(expected), v.minValue(least, expected));

/** The longest time that a timer can wait, in seconds. */
const maxSeconds = 2_147_483;

const digestForm =
  "the SHA-256 of a key, sha256: and 64 hexadecimal digits, as launchpad keys create prints it (never the key itself)";

const models = "a list of names of models";
const routes = 'a list of paths, such as "/metrics" or "/iris/v0/*"';
const isRoute = (given: string) => /^\/[^\s?#]*$/.test(given) && !/\*./.test(given);
const access = {
  models: v.nullish(v.array(text(models), models)),
  routes: v.nullish(v.array(v.pipe(v.string(routes), v.check(isRoute, routes)), routes)),
};

const digest = v.custom<string>(isKeyDigest, digestForm);
const keyMapping = v.pipe(
  strict({ sha256: v.nullish(digest), sha256_var: v.nullish(text("the name of an environment variable")), ...access }),
  v.check(({ sha256, sha256_var }) => (sha256 ?? sha256_var) != null, `${digestForm}: as sha256, or sha256_var`),
);
const variableName = text("the name of an environment variable");
const keys = v.pipe(
  v.custom<Record<string, unknown>>(isMapping, `a mapping of names of callers to ${digestForm}`),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    let bad = false;
    for (const [name, given] of Object.entries(dataset.value)) {
      const schema = keyOfVariable(name) !== undefined ? variableName : isMapping(given) ? keyMapping : digest;
      for (const issue of v.safeParse(schema, given).issues ?? []) {
        bad = true;
        const step = { type: "object", origin: "value", input: dataset.value, key: name, value: given } as const;
        addIssue({ message: issue.message, path: [step, ...((issue.path ?? []) as v.ObjectPathItem[])] });
      }
      if (keyOfVariable(name) === undefined && !/^[\w.@-]{1,64}$/.test(name)) {
        bad = true;
        const step = { type: "object", origin: "key", input: dataset.value, key: name, value: name } as const;
        addIssue({ message: "a name of 1 to 64 letters, digits and . _ @ -", path: [step] });
      }
    }
    return bad ? NEVER : dataset.value;
  }),
);

/** What a public key of a token may be used with. A shared secret signs tokens as well as it checks them. */
export const tokenAlgorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
] as const;

const algorithm = v.picklist(tokenAlgorithms, `a list of ${enumerate(tokenAlgorithms)}`);
const keySetForm =
  'the URL of the keys of the issuer, such as "https://login.example.com/jwks.json" (https:, or http: on this machine)';

const audienceForm = "the audience that tokens are for, or a list of them";
const claimForm = "the name of a claim";
const variable = v.nullish(variableName);
const scopes = v.lazy((given) =>
  Array.isArray(given)
    ? v.pipe(v.array(text("the name of a scope")), v.minLength(1, "at least one scope"))
    : v.record(v.string(), strict(access), "a list of scopes, or a mapping of scopes to models and routes"),
);
const jwt = v.pipe(
  strict({
    issuer: v.nullish(text("the issuer of tokens, as their claim iss has it")),
    issuer_var: variable,
    audience: v.nullish(
      v.lazy((given) => (Array.isArray(given) ? v.array(text(audienceForm), audienceForm) : text(audienceForm))),
    ),
    audience_var: variable,
    jwks: v.nullish(v.custom<string>(isKeySetUrl, keySetForm)),
    jwks_var: variable,
    algorithms: v.nullish(
      v.pipe(v.array(algorithm, "a list of algorithms"), v.minLength(1, "at least one algorithm")),
      () => ["RS256", "ES256", "EdDSA"],
    ),
    clock_skew: v.nullish(between(0, 600, "a number of seconds from 0 to 600"), 30),
    name: v.nullish(text(claimForm), "sub"),
    scopes: v.nullish(scopes),
  }),
  v.check(
    (it) => (it.issuer ?? it.issuer_var) != null,
    "issuer (or issuer_var) as well: any token would do without it",
  ),
  v.check(
    (it) => (it.audience ?? it.audience_var) != null,
    "audience (or audience_var) as well: tokens for any other service would do without it",
  ),
  v.check((it) => (it.jwks ?? it.jwks_var) != null, `jwks (or jwks_var) as well: ${keySetForm}`),
);

/** `api.trusted_proxies`, and the addresses that may say who calls. */
export const networks = v.nullish(v.array(v.custom<string>(isNetwork, networkForm), networkForm));

const headerForm = "the name of a header";
const header = v.pipe(v.string(headerForm), v.regex(/^[!#$%&'*+.^`|~\w-]+$/, headerForm));
const callers = v.nullish(v.record(v.string(), strict(access), "a mapping of names of callers to models and routes"));
const mtls = v.lazy((given) =>
  isMapping(given)
    ? strict({
        from: networks,
        verified: v.nullish(header, "x-ssl-client-verify"),
        subject: v.nullish(header, "x-ssl-client-s-dn"),
        callers,
      })
    : v.pipe(
        v.literal(true, "true, or a mapping with from, verified, subject and callers"),
        v.transform(() => ({ verified: "x-ssl-client-verify", subject: "x-ssl-client-s-dn" })),
      ),
);
const proxy = strict({ from: networks, header, callers });
const path = "a list of paths, such as /livez";
const resourceForm = 'the URL of this API as callers know it, such as "https://models.example.com"';

/** The section `auth`. */
export const auth = v.object({
  api_keys: v.nullish(keys),
  jwt: v.nullish(jwt),
  mtls: v.nullish(mtls),
  proxy: v.nullish(proxy),
  public: v.nullish(v.array(v.pipe(v.string(path), v.check(isRoute, path)), path), () => ["/livez", "/readyz"]),
  resource: v.nullish(
    v.custom<string>(
      (given) => typeof given === "string" && /^https?:\/\/[^\s?#]+$/.test(given) && URL.canParse(given),
      resourceForm,
    ),
  ),
});

const rate = v.custom<string>((given) => typeof given === "string" && parseRate(given) !== undefined, rateForm);
const counts = v.lazy((given) =>
  isMapping(given)
    ? v.pipe(
        strict({
          requests: v.nullish(rate),
          burst: v.nullish(whole(1, "a whole number of requests at once, at least 1")),
          concurrent: v.nullish(whole(1, "a whole number of requests at the same time, at least 1")),
          binding: v.nullish(text("the name of a rate limiting binding")),
        }),
        v.check(
          (it) => (it.requests ?? it.concurrent ?? it.binding) != null,
          "at least one of requests, concurrent, binding",
        ),
      )
    : v.pipe(
        rate,
        v.transform((requests) => ({ requests })),
      ),
);
const bytes = "a whole number of bytes, at least 1";
const time = between(0.05, maxSeconds, `a number of seconds from 0.05 to ${maxSeconds}`);

/** The section `limits`. */
export const limits = v.object({
  by_key: v.nullish(counts),
  by_address: v.nullish(counts),
  model: v.nullish(
    strict({
      concurrent: whole(1, "a whole number of predictions at the same time, at least 1"),
      queue: v.nullish(whole(0, "a whole number of requests that may wait, or 0"), 0),
      wait: v.nullish(time, 10),
    }),
  ),
  max_url_bytes: v.nullish(whole(1, bytes)),
  max_header_bytes: v.nullish(whole(1, bytes)),
  max_fields: v.nullish(whole(1, "a whole number of fields, at least 1")),
  max_parts: v.nullish(whole(1, "a whole number of parts, at least 1")),
  max_field_bytes: v.nullish(whole(1, bytes)),
  header_timeout: v.nullish(time),
  body_timeout: v.nullish(time),
  stall_timeout: v.nullish(time),
});
