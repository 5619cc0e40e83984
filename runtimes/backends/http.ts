import { LaunchpadError } from "../../src/index.ts";
import { httpDriver } from "../storage/http-driver.ts";
import type { DriverContext, Locations, Stores } from "./backend.ts";

const options = ["headers"];

/** A store behind a web server, read-only. */
export const stores: Stores = {
  "http:": { form: "http://host/folder", options, open },
  "https:": { form: "https://host/folder", options, open },
};

/** A file behind a web server, read-only, which the core opens. */
export const locations: Locations = {
  "http:": { form: "http://host/file", options },
  "https:": { form: "https://host/file", options },
};

function open({ location, options }: DriverContext) {
  return httpDriver({ base: location, headers: headersOf(options.value("headers")) });
}

function headersOf(given: unknown): Record<string, string> {
  if (given === undefined) return {};
  const entries =
    typeof given === "object" && given !== null && !Array.isArray(given) ? Object.entries(given) : undefined;
  if (entries?.every((entry): entry is [string, string] => isHeader(...entry))) return Object.fromEntries(entries);
  throw new LaunchpadError(
    "CONFIG_INVALID",
    "model_store.headers: expected a mapping from names of HTTP headers to their texts, such as authorization_var: STORE_AUTHORIZATION",
  );
}

/** A header that fetch refuses would be shown in its error. */
function isHeader(name: string, value: unknown): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name) && typeof value === "string" && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}
