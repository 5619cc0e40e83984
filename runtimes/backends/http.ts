import { LaunchpadError } from "../../src/internal.ts";
import { httpDriver } from "../storage/http-driver.ts";
import type { DriverContext, Locations, Stores } from "./backend.ts";

const options = ["headers", "redirects"];

/** A store behind a web server, read-only. */
export const stores: Stores = {
  "http:": { form: "http://host/folder", options: [...options, "max_bytes"], open },
  "https:": { form: "https://host/folder", options: [...options, "max_bytes"], open },
};

/** A file behind a web server, read-only, which the core opens. */
export const locations: Locations = {
  "http:": { form: "http://host/file", options },
  "https:": { form: "https://host/file", options },
};

function open({ location, options }: DriverContext) {
  const redirects = options.text("redirects") ?? "public";
  if (redirects !== "public" && redirects !== "any")
    throw invalid("redirects", `found ${redirects}, expected public or any`);
  const maxBytes = Number(options.text("max_bytes") ?? Number.NaN);
  if (options.text("max_bytes") !== undefined && !(Number.isSafeInteger(maxBytes) && maxBytes > 0)) {
    throw invalid("max_bytes", `found ${options.text("max_bytes")}, expected a whole number of bytes, at least 1`);
  }
  return httpDriver({
    base: location,
    headers: headersOf(options.value("headers")),
    redirectsAnywhere: redirects === "any",
    ...(Number.isNaN(maxBytes) ? {} : { maxBytes }),
  });
}

function invalid(name: string, message: string): LaunchpadError {
  return new LaunchpadError("CONFIG_INVALID", `model_store.${name}: ${message}`);
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
