import { LaunchpadError, messageOf } from "../../errors.ts";
import type { OpenDataLocation, Parts } from "../../host.ts";
import { staysOutside } from "../../util/private-host.ts";
import { redact } from "../../util/redact.ts";

const maxRedirects = 10;
const redirects = [301, 302, 303, 307, 308];

/** What to do about an answer, by its status. */
const remedies: Readonly<Record<number, string>> = {
  401: "give a user name and password in the URL, or `headers`",
  403: "check the user name and password in the URL, or `headers`",
  404: "there is no such file: check the path",
};

/** A request as it goes on from redirect to redirect. */
interface Asked {
  readonly url: URL;
  readonly headers: Headers;
  /** Whether the headers hold what only this server may see. */
  readonly secret: boolean;
}

/** Files behind a web server, to be read only. */
export const httpLocation: OpenDataLocation = (url, { entry, where }) => {
  const first = request(url, headersOf(entry.headers, where));
  const anywhere = redirectsOf(entry.redirects, where) === "any";

  async function ask(more: Record<string, string>, signal?: AbortSignal): Promise<Response> {
    let asked = first;
    for (let hops = 0; hops <= maxRedirects; hops++) {
      const headers = new Headers(asked.headers);
      for (const [name, value] of Object.entries(more)) headers.set(name, value);
      const response = await send(asked.url, headers, signal);
      if (!redirects.includes(response.status)) return response;
      await response.body?.cancel();
      asked = follow(asked, response, anywhere);
    }
    throw new Error(`more than ${maxRedirects} redirects`);
  }

  return {
    async stream(signal) {
      const response = await ask({}, signal);
      if (!response.ok || response.body === null) throw await refused(response);
      return {
        bytes: response.body,
        mediaType: response.headers.get("content-type") ?? undefined,
        mayBeDecoded: true,
      };
    },
    async parts(signal) {
      // Not HEAD: a signed address is signed for GET, and some servers answer nothing else.
      const answer = await ask(rangeOf(0, 1), signal);
      await answer.body?.cancel();
      const size = /^bytes 0-0\/(\d+)$/.exec(answer.headers.get("content-range") ?? "")?.[1];
      if (answer.status === 416) return { size: 0, read: () => Promise.reject(new Error("the file is empty")) };
      if (!answer.ok) throw await refused(answer);
      if (answer.status !== 206 || size === undefined) return undefined;
      const etag = answer.headers.get("etag");
      return { size: Number(size), read: readPart } satisfies Parts;

      async function readPart(start: number, end: number, signal?: AbortSignal) {
        const response = await ask(rangeOf(start, end), signal);
        const changed = response.headers.get("etag") !== etag;
        if (response.status === 206 && response.body !== null && !changed) return response.body;
        if (changed && response.ok) {
          await response.body?.cancel();
          throw new Error("it was changed while it was read");
        }
        throw await refused(response);
      }
    },
  };
};

/** Parts of a compressed answer would be parts of something else. */
function rangeOf(start: number, end: number): Record<string, string> {
  return { range: `bytes=${start}-${end - 1}`, "accept-encoding": "identity" };
}

async function send(url: URL, headers: Headers, signal: AbortSignal | undefined): Promise<Response> {
  try {
    return await fetch(url, { headers, redirect: "manual", ...(signal && { signal }) });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Error(`${url.origin} cannot be reached (${reasonOf(cause)})`, { cause: withoutQuery(cause, url) });
  }
}

/** The innermost cause that says something: Node's own message is `fetch failed`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const deeper = error.cause instanceof Error ? reasonOf(error.cause) : "";
  const code = "code" in error ? String(error.code) : "";
  return deeper || redact(error.message) || code || error.name;
}

/** What a runtime throws can hold the whole URL, and is printed as well. */
function withoutQuery(cause: unknown, url: URL): unknown {
  return url.search !== "" && messageOf(cause).includes(url.search) ? undefined : cause;
}

/** Where a redirect leads, if it may be followed. */
function follow({ url, headers, secret }: Asked, response: Response, anywhere: boolean): Asked {
  const location = response.headers.get("location") ?? "";
  if (location === "" || !URL.canParse(location, url))
    throw new Error(`the server answered ${response.status} without saying where to`);
  const target = new URL(location, url);
  if (target.protocol !== "http:" && target.protocol !== "https:") {
    throw new Error(`the server redirects to ${target.protocol}, which is refused: only http: and https: are followed`);
  }
  if (!anywhere && !staysOutside(url, target)) {
    const advice = "If that is meant, write `redirects: any` beside the path";
    throw new Error(`the server redirects to ${target.host}, a private address, which is refused. ${advice}`);
  }
  if (target.origin === url.origin) return { url: withoutUser(target), headers, secret };
  if (url.protocol === "https:" && target.protocol === "http:" && secret) {
    throw new Error(`the server redirects from https: to http://${target.host}, which is refused with credentials`);
  }
  // Credentials belong to the server that they were given for.
  return { url: withoutUser(target), headers: new Headers(), secret };
}

async function refused(response: Response): Promise<Error> {
  await response.body?.cancel();
  const status = `${response.status} ${response.statusText}`.trim();
  const remedy = remedies[response.status];
  return new Error(`a file expected, the server answered ${status}${remedy ? `; ${remedy}` : ""}`);
}

/** Fetch refuses credentials in a URL, and would print them in its message. */
function request(url: URL, headers: Headers): Asked {
  const { username, password } = url;
  const secret = username !== "" || password !== "" || [...headers.keys()].length > 0;
  if (username !== "" || password !== "") {
    const bytes = new TextEncoder().encode(`${decoded(username)}:${decoded(password)}`);
    headers.set("authorization", `Basic ${btoa(String.fromCharCode(...bytes))}`);
  }
  return { url: withoutUser(url), headers, secret };
}

function withoutUser(url: URL): URL {
  const plain = new URL(url);
  plain.username = "";
  plain.password = "";
  return plain;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function redirectsOf(given: unknown, where: string): "public" | "any" {
  if (given === undefined || given === null || given === "public") return "public";
  if (given === "any") return "any";
  throw new LaunchpadError(
    "CONFIG_INVALID",
    `${where}: redirects: public or any expected, found ${JSON.stringify(given)}`,
  );
}

function headersOf(given: unknown, where: string): Headers {
  if (given === undefined || given === null) return new Headers();
  const entries = typeof given === "object" && !Array.isArray(given) ? Object.entries(given) : undefined;
  if (entries?.every((entry): entry is [string, string] => isHeader(...entry))) return new Headers(entries);
  throw new LaunchpadError(
    "CONFIG_INVALID",
    `${where}: headers: a section from names of HTTP headers to their texts expected, such as authorization_var: DATA_AUTHORIZATION`,
  );
}

/** A header that fetch refuses would be shown in its error. */
function isHeader(name: string, value: unknown): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name) && typeof value === "string" && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}
