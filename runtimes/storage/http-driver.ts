import type { Driver } from "unstorage";
import { bytesOf, staysOutside } from "../../src/internal.ts";
import { answerError, fetchOrExplain } from "../io/fetch-errors.ts";
import { objectDriver } from "./object-driver.ts";
import { decoded } from "./open-driver.ts";

export interface HttpOptions {
  /** The URL of the folder. Its parameters are sent with every request: signed URLs of storage services have them. */
  readonly base: URL;
  /** More headers, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The largest file that is read, in bytes. Default: 2 GiB. */
  readonly maxBytes?: number;
  /** Whether a redirect may lead from a public server to a private address. Default: false. */
  readonly redirectsAnywhere?: boolean;
}

const defaultMaxBytes = 2 ** 31;
/** Everything but the contents of a model is small, and read before any signature is looked at. */
const maxDescriptionBytes = 2 ** 26;

/** The file that lists all others. */
const indexName = "index.json";

/** As many parts has a key below a run, `iris/1.0.0/<run>/metrics/...`. */
const partsBelowRun = 4;

/**
 * Creates a driver that reads a model store behind any web server: the files have the names that they have in a folder.
 * A web server has no lists, and serving a model needs none, except of the metrics of retests, which then count as not
 * there. An `index.json` in the folder, an array of the paths of all files, makes everything else work: `launchpad models
 * index` writes it.
 *
 * @param options The URL and headers.
 *
 * @returns A driver, whose writing methods throw.
 */
export function httpDriver(options: HttpOptions): Driver {
  const { base, headers = {}, maxBytes = defaultMaxBytes, redirectsAnywhere = false } = options;
  const folder = new URL(base);
  folder.username = folder.password = folder.hash = "";
  folder.pathname = folder.pathname.replace(/\/*$/, "/");
  // Which run serves changes: no cache on the way may answer without asking.
  const sent = new Headers({ "cache-control": "no-cache", ...authorizationOf(base) });
  for (const [name, value] of Object.entries(headers)) sent.set(name, value);

  const send = <T>(method: "GET" | "HEAD", name: string, read: (response: Response) => Promise<T>) => {
    const url = new URL(folder);
    url.pathname += name.split("/").map(encodeURIComponent).join("/");
    return fetchOrExplain(url, async (): Promise<T | null> => {
      const response = await follow(url, method, sent, redirectsAnywhere);
      if (response.ok) return read(response);
      await response.body?.cancel();
      if (response.status === 404) return null;
      throw answerError(`${method} ${url.origin}${url.pathname} was answered with ${response.status}`, response.status);
    });
  };
  const get = (name: string) =>
    send("GET", name, async (response) => {
      const most = name.endsWith(".json") ? Math.min(maxBytes, maxDescriptionBytes) : maxBytes;
      if (response.body === null) return new Uint8Array();
      try {
        return await bytesOf(response.body, most);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        const message = `${folder.origin}${folder.pathname}${name} has more than ${most} bytes, which is refused`;
        throw Object.assign(new Error(`${message}. model_store.max_bytes sets how large a file may be`), {
          code: "EFBIG",
          status: 200,
        });
      }
    });
  const refuse = () =>
    Promise.reject(
      Object.assign(
        new Error(
          "it is read-only, as every location that starts with http: or https: is. Train into the folder or bucket behind it",
        ),
        { code: "EROFS" },
      ),
    );

  return objectDriver({
    name: "launchpad-http",
    prefix: "",
    separator: "/",
    get,
    has: async (name) => (await send("HEAD", name, async () => true)) ?? false,
    put: refuse,
    remove: refuse,
    async list(beginning) {
      const index = await get(indexName);
      if (index !== null) return readIndex(index).filter((name) => name.startsWith(beginning) && name !== indexName);
      if (beginning.split("/").length > partsBelowRun) return [];
      throw Object.assign(
        new Error(
          `a list needs the file ${indexName} in ${folder.origin}${folder.pathname}, and there is none. ` +
            "Write it in the folder or bucket behind it, after each training: launchpad models index",
        ),
        { code: "ENOENT" },
      );
    },
  });
}

const redirects = [301, 302, 303, 307, 308];
const maxRedirects = 10;

/** Headers are for the server that they were given for: they are sent nowhere else, wherever it redirects to. */
async function follow(first: URL, method: "GET" | "HEAD", headers: Headers, anywhere: boolean): Promise<Response> {
  let url = first;
  let sent = headers;
  for (let hops = 0; hops <= maxRedirects; hops++) {
    const response = await fetch(url, { method, headers: sent, redirect: "manual" });
    const location = response.headers.get("location");
    if (!redirects.includes(response.status) || location === null || !URL.canParse(location, url)) return response;
    await response.body?.cancel();
    const next = new URL(location, url);
    const isHttp = next.protocol === "https:" || (next.protocol === "http:" && url.protocol === "http:");
    if (!isHttp) {
      throw answerError(`${url.origin} redirects to ${next.protocol}//${next.host}, which is refused`, response.status);
    }
    if (!anywhere && !staysOutside(url, next)) {
      throw answerError(
        `${url.origin} redirects to ${next.host}, a private address, which is refused. If that is meant, set model_store.redirects to any`,
        response.status,
      );
    }
    next.username = next.password = "";
    if (next.origin !== url.origin) sent = new Headers({ "cache-control": "no-cache" });
    url = next;
  }
  throw answerError(`${first.origin} redirects more than ${maxRedirects} times`, 310);
}

function readIndex(bytes: Uint8Array): string[] {
  const index = parsed(new TextDecoder().decode(bytes));
  if (!Array.isArray(index) || !index.every((name) => typeof name === "string")) {
    throw Object.assign(new Error(`${indexName} is wrong: expected a JSON array of paths`), { code: "EINVAL" });
  }
  return index.map((name) => name.replace(/^\.?\//, "").replaceAll(":", "/"));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** fetch takes no URL with a password in it, and shows it in the error. */
function authorizationOf({ username, password }: URL): Record<string, string> {
  if (!username && !password) return {};
  const bytes = new TextEncoder().encode(`${decoded(username)}:${decoded(password)}`);
  return { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` };
}
