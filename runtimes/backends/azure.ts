import type { OpenDataLocation } from "../../src/internal.ts";
import { type AzureClient, azureSettings, createAzureClient, readAzureAccount } from "../azure/client.ts";
import { folderKey, objectKey } from "../places/object-key.ts";
import { objectLocation, sendInTime, settingText } from "../places/object-location.ts";
import { objectDriver } from "../storage/object-driver.ts";
import { prefixOf } from "../storage/open-driver.ts";
import { readText, textsOf } from "../util/xml.ts";
import type { BackendContext, Locations, Stores } from "./backend.ts";

/** `az://container/prefix`, in Azure Blob Storage. */
export const stores: Stores = {
  "az:": {
    form: "az://container/prefix",
    options: azureSettings,
    open({ location, options, env }) {
      const at = (name?: string) => (name === undefined ? "model_store" : `model_store.${name}`);
      const account = readAzureAccount(location.host, { text: options.text, env, at });
      const prefix = prefixOf(location);
      const { send, urlOf } = createAzureClient(location.host, account);
      return objectDriver({
        name: "launchpad-azure",
        prefix,
        separator: "/",
        get: (name) => send("GET", urlOf(name), async (response) => new Uint8Array(await response.arrayBuffer())),
        has: async (name) => (await send("HEAD", urlOf(name), async () => true)) ?? false,
        put: async (name, body) => void (await send("PUT", urlOf(name), ended, { body, headers: wholeBlob })),
        remove: async (name) => void (await send("DELETE", urlOf(name), ended)),
        list: (beginning) => listNames({ send, urlOf }, beginning),
      });
    },
  },
};

/** `az://container/file` */
export const locations: Locations = {
  "az:": { form: "az://container/file", options: azureSettings, open: (context) => azureLocation(context) },
};

const wholeBlob = { "x-ms-blob-type": "BlockBlob" };

/** All names that begin so, page by page (https://learn.microsoft.com/rest/api/storageservices/list-blobs). */
async function listNames({ send, urlOf }: AzureClient, beginning: string): Promise<string[]> {
  const names: string[] = [];
  for (let marker: string | undefined; ; ) {
    const next = marker === undefined ? {} : { marker };
    const url = urlOf("", { restype: "container", comp: "list", prefix: beginning, ...next });
    const page = (await send("GET", url, (response) => response.text())) ?? "";
    const found = textsOf(page, "Name");
    if (!page.trimEnd().endsWith("</EnumerationResults>") || found.length !== (page.match(/<Blob>/g)?.length ?? 0)) {
      throw new Error("the answer is not a list of blobs: is this the endpoint of Azure Blob Storage?");
    }
    names.push(...found);
    const following = readText(page, "NextMarker");
    if (following === undefined) return names;
    if (following === marker) throw new Error(`the list of blobs at ${url.origin} does not go on`);
    marker = following;
  }
}

function azureLocation({ env }: BackendContext): OpenDataLocation {
  return (url, { entry, where, timeout, isFolder = false }) => {
    const key = isFolder ? folderKey(url, where) : objectKey(url, where);
    const at = (name?: string) => (name === undefined ? where : `${where}: ${name}`);
    const text = (name: string) => settingText(entry[name], at(name));
    const client = createAzureClient(url.host, readAzureAccount(url.host, { text, env, at }));
    const { send, urlOf } = client;
    const list = async () => (await listNames(client, key)).map((name) => name.slice(key.length));
    const put = (target: URL, body: Uint8Array<ArrayBuffer>, signal?: AbortSignal, headers = {}) =>
      sendInTime(target.origin, timeout, { body, signal }, (signal) =>
        send("PUT", target, ended, { body, headers, signal }),
      );
    const place = objectLocation({
      async get(headers, signal) {
        const response = await send("GET", urlOf(key), async (answer) => answer, { headers, signal });
        if (response === null) throw new Error("it does not exist: there is no such blob in the container");
        return response;
      },
      put: (body, headers, signal) => put(urlOf(key), body, signal, { ...wholeBlob, ...headers }),
      remove: (signal) => send("DELETE", urlOf(key), ended, { signal }),
      target: (signal) => ({
        put: (body) => put(urlOf(key), body, signal, wholeBlob),
        async begin() {
          // Blocks of another upload of the same blob must not be taken for these.
          const upload = crypto.randomUUID();
          const ids: string[] = [];
          return {
            async part(number, body) {
              const id = btoa(`${upload}-${String(number).padStart(6, "0")}`);
              ids.push(id);
              await put(urlOf(key, { comp: "block", blockid: id }), body, signal);
            },
            complete() {
              const list = ids.map((id) => `<Latest>${id}</Latest>`).join("");
              const body = new TextEncoder().encode(`<BlockList>${list}</BlockList>`);
              return put(urlOf(key, { comp: "blocklist" }), body, signal);
            },
            // The service throws blocks away that nobody lists within a week, and has no request that does it.
            abort: async () => {},
          };
        },
      }),
    });
    return { ...place, list };
  };
}

async function ended(response: Response): Promise<void> {
  await response.arrayBuffer();
}
