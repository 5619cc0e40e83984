import { LaunchpadError } from "../../src/internal.ts";
import { answerError, fetchOrExplain } from "../io/fetch-errors.ts";

/** What a request carries. */
export interface AzureRequest {
  readonly body?: Uint8Array<ArrayBuffer> | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Requests to one container. */
export interface AzureClient {
  /** The URL of a blob, or of the container for no name at all, with these parameters. */
  urlOf(name: string, parameters?: Readonly<Record<string, string>>): URL;
  /** Sends a request and reads its answer; null for a blob that is not there. */
  send<T>(
    method: string,
    url: URL,
    read: (response: Response) => Promise<T>,
    request?: AzureRequest,
  ): Promise<T | null>;
}

/** The version of the service that is asked for: the first whose uploads in one piece are as long as anybody's. */
const serviceVersion = "2020-04-08";

/** What to do about an error, by the code that the service answers or, where it answers none, by the status. */
const remedies: Readonly<Record<string, string>> = {
  ContainerNotFound: "there is no such container: create it, or correct its name",
  AuthenticationFailed: "the account key or the token is wrong or has expired: check account_key or sas_token",
  AuthorizationFailure: "the token may not do this: it needs read, write, delete and list on the container",
  AuthorizationPermissionMismatch: "the token may not do this: it needs read, write, delete and list on the container",
  InvalidAuthenticationInfo: "the account key or the token is not well formed: check account_key or sas_token",
  PublicAccessNotPermitted: "the service wants to know who asks: give account_key or sas_token",
  NoAuthenticationInformation: "the service wants to know who asks: give account_key or sas_token",
  ResourceNotFound: "there is no such container for whoever asks without a key: give account_key or sas_token",
  400: "check account_name and endpoint",
  403: "check account_key or sas_token, and what they are allowed to do",
};

/**
 * Creates a client of a container of Azure Blob Storage (https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api).
 * It needs nothing but `fetch` and Web Crypto, so it runs everywhere.
 *
 * @param container The name of the container.
 * @param account Where the service is, and who asks.
 *
 * @returns A client that tries nothing twice.
 */
export function createAzureClient(container: string, account: AzureAccount): AzureClient {
  const { endpoint, sasToken } = account;
  const base = new URL(`${endpoint.pathname.replace(/\/*$/, "/")}${encoded(container)}/`, endpoint);
  const sign = signer(account);
  return {
    urlOf(name, parameters = {}) {
      const url = name === "" ? new URL(base.href.slice(0, -1)) : new URL(name.split("/").map(encoded).join("/"), base);
      url.search = [
        ...Object.entries(parameters).map(([parameter, value]) => `${parameter}=${encoded(value)}`),
        ...(sasToken ? [sasToken] : []),
      ].join("&");
      return url;
    },
    send: <T>(
      method: string,
      url: URL,
      read: (response: Response) => Promise<T>,
      { body, headers = {}, signal }: AzureRequest = {},
    ) =>
      fetchOrExplain(url, async (): Promise<T | null> => {
        const sent = {
          "x-ms-date": new Date().toUTCString(),
          "x-ms-version": serviceVersion,
          ...(body && { "content-type": "application/octet-stream" }),
          ...headers,
        };
        const authorization = await sign(method, url, sent, body?.length ?? 0);
        const response = await fetch(url, {
          method,
          headers: { ...sent, ...(authorization && { authorization }) },
          // A redirect would carry the signature to another host: it is an answer like any other.
          redirect: "manual",
          ...(body && { body }),
          ...(signal && { signal }),
        });
        if (response.ok) return read(response);
        await response.body?.cancel();
        const code = response.headers.get("x-ms-error-code") ?? "";
        // A service that says no more than 404 to HEAD means the blob.
        if (response.status === 404 && (code === "BlobNotFound" || code === "")) return null;
        const remedy = remedies[code] ?? remedies[response.status];
        throw answerError(
          `${method} in the container ${container} at ${url.origin} was answered with ${response.status}` +
            `${code && ` ${code}`}${remedy ? `: ${remedy}` : ""}`,
          response.status,
        );
      }),
  };
}

/** Headers that are signed by their place, in this order; none of the others but the length is ever sent. */
const signedHeaders =
  "content-encoding content-language content-length content-md5 content-type date if-modified-since if-match if-none-match if-unmodified-since range";

type Sign = (
  method: string,
  url: URL,
  headers: Readonly<Record<string, string>>,
  length: number,
) => Promise<string | undefined>;

/** Signs requests by the key of the account (https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key). */
function signer({ name, key }: AzureAccount): Sign {
  if (key === undefined) return async () => undefined;
  let imported: Promise<CryptoKey> | undefined;
  return async (method, url, headers, length) => {
    const placed = signedHeaders.split(" ").map((header) => {
      return header === "content-length" ? (length === 0 ? "" : String(length)) : (headers[header] ?? "");
    });
    const named = Object.keys(headers).filter((header) => header.startsWith("x-ms-"));
    const parameters = [...url.searchParams].map(([parameter, value]) => `\n${parameter.toLowerCase()}:${value}`);
    const text = [
      method,
      ...placed,
      ...named.sort().map((header) => `${header}:${headers[header]}`),
      `/${name}${url.pathname}${parameters.sort().join("")}`,
    ].join("\n");
    imported ??= crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const signature = new Uint8Array(await crypto.subtle.sign("HMAC", await imported, new TextEncoder().encode(text)));
    return `SharedKey ${name}:${btoa(String.fromCharCode(...signature))}`;
  };
}

/** Percent-encoding (RFC 3986). */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The names that an account is read from. */
export const azureSettings = ["account_name", "account_key", "sas_token", "connection_string", "endpoint"] as const;

/** Where a storage account is, and who asks. */
export interface AzureAccount {
  readonly name: string;
  readonly endpoint: URL;
  /** The bytes of a key of the account; undefined where a token or nothing says who asks. */
  readonly key: Uint8Array<ArrayBuffer> | undefined;
  /** A shared access signature, as the parameters of a URL. */
  readonly sasToken: string | undefined;
}

/** Where the settings of an account come from. */
export interface AzureSettings {
  /** The text of a setting; undefined if it is not given. */
  text(name: (typeof azureSettings)[number]): string | undefined;
  /** Reads an environment variable. */
  env(name: string): string | undefined;
  /** What a message begins with, about all of them or about one: `model_store`, `model_store.sas_token`. */
  at(name?: string): string;
}

/** Who asks comes from one place: a token belongs to its account. */
type Given = Readonly<Partial<Record<(typeof azureSettings)[number], string | undefined>>>;

/**
 * Reads who asks for a container, and where it is. What the settings do not say comes from the environment variables of
 * Azure's command line.
 *
 * @param container The name of the container.
 * @param settings What was configured.
 *
 * @returns The account.
 *
 * @throws CONFIG_INVALID when there is no account, or a setting is not as it should be.
 */
export function readAzureAccount(container: string, { text, env, at }: AzureSettings): AzureAccount {
  const settings: Given = Object.fromEntries(azureSettings.map((name) => [name, text(name)]));
  const { endpoint: _, ...identity } = settings;
  const isGiven = Object.values(identity).some((value) => value !== undefined);
  const environment: Given = {
    account_name: env("AZURE_STORAGE_ACCOUNT") || env("AZURE_STORAGE_ACCOUNT_NAME"),
    account_key: env("AZURE_STORAGE_KEY") || env("AZURE_STORAGE_ACCOUNT_KEY"),
    sas_token: env("AZURE_STORAGE_SAS_TOKEN"),
    connection_string: env("AZURE_STORAGE_CONNECTION_STRING"),
  };
  const found = isGiven ? settings : { ...environment, endpoint: settings.endpoint };
  const parts = partsOf(found.connection_string, at("connection_string"));
  const name = found.account_name || parts.get("accountname");
  const key = found.account_key || parts.get("accountkey");
  const sasToken = (found.sas_token || parts.get("sharedaccesssignature"))?.replace(/^\?/, "");
  const suffix = parts.get("endpointsuffix") ?? "core.windows.net";
  const written = found.endpoint ?? parts.get("blobendpoint") ?? (name && `https://${name}.blob.${suffix}`);
  if (written === undefined || (name === undefined && key !== undefined) || !(key || sasToken)) {
    const missing = name === undefined ? "account_name" : "account_key and no sas_token";
    throw invalid(
      at(),
      `found no ${missing} for az://${container}, expected account_name with account_key_var or sas_token_var, or ` +
        "connection_string_var, beside the location; or AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_KEY in the environment",
    );
  }
  if (sasToken !== undefined && !/^[\x21-\x7e]*\bsig=[\x21-\x7e]+$/.test(sasToken)) {
    throw invalid(at("sas_token"), "expected a shared access signature such as sv=...&sig=..., in one line");
  }
  return {
    name: name ?? "",
    endpoint: endpointOf(written, at("endpoint")),
    key: keyOf(key, at("account_key")),
    sasToken,
  };
}

/** `AccountName=...;AccountKey=...` by names in lower case. */
function partsOf(text: string | undefined, at: string): ReadonlyMap<string, string> {
  const parts = (text ?? "").split(";").filter((part) => part.trim() !== "");
  return new Map(
    parts.map((part) => {
      const [, name = "", value = ""] = /^\s*(\w+)=(.*?)\s*$/.exec(part) ?? [];
      if (name === "") throw invalid(at, "expected AccountName=...;AccountKey=... as Azure shows it");
      return [name.toLowerCase(), value];
    }),
  );
}

function endpointOf(text: string, at: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search) return url;
  throw invalid(at, "expected the URL of the service without a token, such as https://account.blob.core.windows.net");
}

function keyOf(text: string | undefined, at: string): Uint8Array<ArrayBuffer> | undefined {
  if (!text) return undefined;
  try {
    return Uint8Array.from(atob(text.trim()), (character) => character.charCodeAt(0));
  } catch {
    throw invalid(at, "expected a key in Base64, as Azure shows it");
  }
}

function invalid(at: string, message: string): LaunchpadError {
  return new LaunchpadError("CONFIG_INVALID", `${at}: ${message}`);
}
