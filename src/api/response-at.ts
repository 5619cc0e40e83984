import type { ApiDefinition, Resource } from "./definition.ts";

/**
 * Finds where an API file describes the response of a resource.
 *
 * @param definition The API.
 * @param resource The resource.
 *
 * @returns `./iris.raml line 12, /varieties`; undefined where no file describes it.
 */
export function responseAt({ source }: ApiDefinition, { path, methods }: Resource): string | undefined {
  if (source === undefined) return undefined;
  const line = methods.map((method) => source.lines[`${path} ${method}`]).find((one) => one !== undefined);
  return `${source.file}${line === undefined ? "" : ` line ${line}`}, ${path}`;
}
