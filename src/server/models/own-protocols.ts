/** Paths of protocols that name the model which they ask, by what they begin with. */
const paths: Readonly<Record<string, string>> = {
  "v2/models": "oip",
  "v1/models": "kserve-v1",
  endpoints: "sagemaker",
  models: "sagemaker",
  bigquery: "bigquery",
  snowflake: "snowflake",
};
const form = /^\/(v[12]\/models|endpoints|models|bigquery|snowflake)\/([^/:]+)/;

/**
 * Name of the model that a path asks by a protocol which is not on for all: the model itself answers, if its own configuration names
 * the protocol.
 *
 * @param path The path.
 * @param shared Protocols that are on for all models.
 *
 * @returns The name; undefined for a path that names none, or is answered for all models.
 */
export function askedByOwnProtocol(path: string, shared: readonly string[]): string | undefined {
  const [, start = "", name] = form.exec(path) ?? [];
  return shared.includes(paths[start] ?? "") ? undefined : name;
}

/** Protocols whose paths name no model: which one is asked where several serve is for all of them to say. */
export function withoutNames(protocols: readonly string[]): readonly string[] {
  return protocols.filter((name) => !Object.values(paths).includes(name));
}
