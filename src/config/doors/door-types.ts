/** What a caller may ask: everything, where neither is named. */
export interface AccessConfig {
  /** Models by name. */
  readonly models?: readonly string[] | null;
  /** Paths as they are described, `/metrics`; all that begin so with a `*` at the end. */
  readonly routes?: readonly string[] | null;
}

/** `auth.jwt` */
export interface JwtConfig {
  readonly issuer: string;
  readonly audience: string | readonly string[];
  /** Where the issuer's public keys are. */
  readonly jwks: string;
  readonly algorithms: readonly string[];
  /** In seconds. */
  readonly clock_skew: number;
  /** The claim that names the caller. */
  readonly name: string;
  /** Scopes of which a token needs one, and what each lets a caller ask. */
  readonly scopes?: readonly string[] | Readonly<Record<string, AccessConfig>> | null;
}

/** `auth.proxy`, and what `auth.mtls` has in common with it. */
export interface ProxyConfig {
  /** The addresses that may say who calls; those of `api.trusted_proxies` if absent. */
  readonly from?: readonly string[] | null;
  /** What each caller may ask; nobody else may come in, where it is there. */
  readonly callers?: Readonly<Record<string, AccessConfig>> | null;
}

/** The `auth` section, variables filled in. */
export interface AuthConfig extends Readonly<Record<string, unknown>> {
  /** Digests of keys by the names of callers; a text of them where it comes from a variable. */
  readonly api_keys?: string | Readonly<Record<string, string | (AccessConfig & { readonly sha256?: string | null })>>;
  readonly jwt?: JwtConfig;
  readonly mtls?: ProxyConfig & { readonly verified: string; readonly subject: string };
  readonly proxy?: ProxyConfig & { readonly header: string };
  /** Paths that anybody may ask. */
  readonly public: readonly string[];
  /** The URL of the API, as callers know it. */
  readonly resource?: string;
}

/** `limits.by_key` and `limits.by_address` */
export interface CountsConfig {
  /** `100/s` */
  readonly requests?: string | null;
  /** How many may come at once; as many as in the rate if absent. */
  readonly burst?: number | null;
  /** Requests at the same time. */
  readonly concurrent?: number | null;
  /** The rate limiting binding of a Worker. */
  readonly binding?: string | null;
}

/** The `limits` section. */
export interface LimitsConfig extends Readonly<Record<string, unknown>> {
  readonly by_key?: CountsConfig;
  readonly by_address?: CountsConfig;
  /** Predictions at the same time, how many requests may wait for one, and how long, in seconds. */
  readonly model?: { readonly concurrent: number; readonly queue: number; readonly wait: number };
  readonly max_url_bytes?: number;
  readonly max_header_bytes?: number;
  readonly max_fields?: number;
  readonly max_parts?: number;
  readonly max_field_bytes?: number;
  /** Seconds in which the headers of a request must have come. */
  readonly header_timeout?: number;
  /** Seconds in which the body of a request must have come. */
  readonly body_timeout?: number;
  /** Seconds after which a process is replaced that computes without a pause. */
  readonly stall_timeout?: number;
}
