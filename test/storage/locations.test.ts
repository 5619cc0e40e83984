import { describe, expect, it } from "vitest";
import { openRedis } from "../../runtimes/backends/redis.ts";
import { createHost } from "../../runtimes/node.ts";
import { LaunchpadError } from "../../src/index.ts";

const { openStorage } = createHost();

/** The message of the CONFIG_INVALID with which a location is refused. */
async function refusal(location: string, section: Record<string, unknown> = {}): Promise<string> {
  const error = await Promise.resolve()
    .then(() => openStorage(location, section))
    .catch((error: unknown) => error);
  expect(error).toBeInstanceOf(LaunchpadError);
  expect(error).toMatchObject({ code: "CONFIG_INVALID" });
  expect(String(error)).not.toContain("hidden");
  return String(error);
}

const keys = { access_key_id: "id", secret_access_key: "hidden" };

describe("the location of a model store", () => {
  it("of an unknown scheme is refused with those there are", async () => {
    for (const location of ["ftp://user:hidden@host/x", "constructor:hidden", "toString:", "r2://BINDING/x"]) {
      expect(await refusal(location)).toContain(
        "expected one of a folder, redis://host:6379/0?prefix=models, rediss://host:6379/0?prefix=models, memory:, " +
          "s3://bucket/prefix, az://container/prefix, http://host/folder, https://host/folder",
      );
    }
    expect(await refusal("no scheme at all")).toContain('found "no scheme at all"');
  });

  it("takes no option that its driver does not know, nor one given twice", async () => {
    expect(await refusal("s3://models", { options: { ...keys, regoin: "hidden" } })).toContain(
      "model_store.options.regoin: expected one of endpoint, region, access_key_id, secret_access_key, session_token",
    );
    expect(await refusal("memory:", { options: { size: "hidden" } })).toContain("expected no options at all");
    expect(await refusal("s3://models", { ...keys, options: { secret_access_key: "hidden" } })).toContain(
      "model_store.secret_access_key: found it here and in options",
    );
    expect(await refusal("s3://models", { options: ["hidden"] })).toContain("expected a mapping");
    expect(await refusal("s3://models", { ...keys, secret_access_key: ["hidden"] })).toContain("found a list");
    // Settings of the store stand beside it, too.
    await openStorage("memory:", { refresh: 30, verify_key: "..." });
  });

  it("of S3 holds a bucket and a prefix, and needs keys and a real endpoint", async () => {
    expect(await refusal("s3://id:hidden@models", keys)).toContain("a user name or password before the @");
    expect(await refusal("s3://models/x?secret=hidden", keys)).toContain("parameters after the prefix");
    expect(await refusal("s3:///x", keys)).toContain("no name after //");
    expect(await refusal("s3://models", { access_key_id: "id" })).toContain("found no secret_access_key");
    expect(await refusal("s3://models", { ...keys, session_token: "hidden\n" })).toContain(
      "model_store.session_token: found",
    );
    for (const endpoint of ["s3.example.com", "ftp://host", "https://id:hidden@host"]) {
      expect(await refusal("s3://models", { ...keys, endpoint })).toContain("model_store.endpoint: expected the URL");
    }
  });

  it("of Redis holds a server, a database and a prefix", async () => {
    expect(await refusal("redis://host/models")).toContain("found a path that is not the number of a database");
    expect(await refusal("redis://host?password=hidden")).toContain("found the parameter password");
  });

  it("of a web server takes headers that can be sent", async () => {
    for (const headers of ["hidden", ["hidden"], { a: 1 }, { "a b": "x" }, { a: "hidden\n" }]) {
      expect(await refusal("https://host", { headers })).toContain("model_store.headers: expected a mapping");
    }
  });

  it("of Redis says which package to install", async () => {
    const place = {
      location: new URL("redis://host"),
      options: { value: () => undefined, text: () => undefined },
      env: () => undefined,
    };
    const missing = () => Promise.reject(new Error("Cannot find package 'ioredis'"));
    await expect(openRedis(place, missing)).rejects.toMatchObject({
      code: "MODULE_NOT_FOUND",
      message: expect.stringContaining("npm install ioredis"),
    });
  });
});
