import { LaunchpadError } from "../../src/index.ts";
import { decoded } from "../storage/open-driver.ts";

/**
 * Creates the name of an object from the URL of a file in a bucket, `s3://bucket/some/file.csv`.
 *
 * @param url The URL.
 * @param where Where it stands, for messages.
 *
 * @returns The name.
 *
 * @throws CONFIG_INVALID for a URL that holds more than a bucket or binding and a name, or less.
 */
export function objectKey(url: URL, where: string): string {
  const key = decoded(url.pathname).replace(/^\/+/, "");
  const wrong = [
    url.username || url.password ? "a user name or password before the @" : undefined,
    url.search || url.hash ? 'parameters after the name ("?" is written %3F, "#" is written %23)' : undefined,
    url.host === "" ? "no name after //" : undefined,
    key === "" || key.endsWith("/") ? "no name of a file at its end" : undefined,
  ].find((problem) => problem !== undefined);
  if (wrong === undefined) return key;
  throw new LaunchpadError(
    "CONFIG_INVALID",
    `${where}: path: found ${wrong}, expected ${url.protocol}//name/some/file. Keys and settings belong beside it: ` +
      "endpoint, access_key_id_var, secret_access_key_var, ...",
  );
}
