import { LaunchpadError } from "../../src/internal.ts";
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
  throw misnamed(url, where, wrong);
}

/**
 * Creates the beginning of the names of the objects below the URL of a folder in a bucket, `s3://bucket/some/`.
 *
 * @param url The URL, with a slash at its end.
 * @param where Where it stands, for messages.
 *
 * @returns Nothing, or what ends with a slash.
 *
 * @throws CONFIG_INVALID for a URL that holds more than a bucket or binding and a folder, or less.
 */
export function folderKey(url: URL, where: string): string {
  const wrong = [
    url.username || url.password ? "a user name or password before the @" : undefined,
    url.search || url.hash ? 'parameters after the name ("?" is written %3F, "#" is written %23)' : undefined,
    url.host === "" ? "no name after //" : undefined,
  ].find((problem) => problem !== undefined);
  if (wrong !== undefined) throw misnamed(url, where, wrong);
  return decoded(url.pathname).replace(/^\/+/, "");
}

function misnamed(url: URL, where: string, wrong: string): LaunchpadError {
  return new LaunchpadError(
    "CONFIG_INVALID",
    `${where}: path: found ${wrong}, expected ${url.protocol}//name/some/file. Keys and settings belong beside it: ` +
      "endpoint, access_key_id_var, secret_access_key_var, ...",
  );
}
