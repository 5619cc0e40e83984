import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Driver } from "unstorage";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHost } from "../../runtimes/node.ts";
import { s3Driver } from "../../runtimes/storage/s3-driver.ts";
import { storeContract } from "../contract/store.ts";
import { freePort, type RunningServer, s3Keys, startS3, startWeb } from "./servers.ts";

const { openStorage } = createHost();

let server: RunningServer;
let folders = 0;

beforeAll(async () => {
  server = await startS3("models");
});

afterAll(() => server.stop());

const open = (location: string, options: Record<string, unknown> = {}) =>
  Promise.resolve(openStorage(location, { endpoint: `http://127.0.0.1:${server.port}`, options: s3Keys, ...options }));

/**
 * The signature of a request as it was received, and what it should be
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 */
function signatures({ method, url, headers }: IncomingMessage, secret: string) {
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/(\d+)\/([^/]+)\/s3\/aws4_request, SignedHeaders=(.*), Signature=(.*)$/;
  const [, day = "", region = "", names = "", found] = pattern.exec(headers.authorization ?? "") ?? [];
  const [path, query = ""] = (url ?? "").split("?");
  const lines = names.split(";").map((name) => `${name}:${headers[name]}\n`);
  const parameters = query.split("&").sort().join("&");
  const canonical = [method, path, parameters, lines.join(""), names, headers["x-amz-content-sha256"]].join("\n");
  const digest = createHash("sha256").update(canonical).digest("hex");
  const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], `${day}/${region}/s3/aws4_request`, digest].join("\n");
  const key = [day, region, "s3", "aws4_request"].reduce<string | Buffer>(
    (before, part) => createHmac("sha256", before).update(part).digest(),
    `AWS4${secret}`,
  );
  return { found, expected: createHmac("sha256", key).update(text).digest("hex") };
}

const bytes = (...values: number[]) => Uint8Array.from(values);

storeContract("a bucket of S3", () => open(`s3://models/store-${folders++}`), 3);

describe("s3:", () => {
  it("names objects as a local store names files, and keeps to its prefix", async () => {
    const whole = await open("s3://models");
    const part = await open("s3://models/some/pre fix/");
    await part.setItemRaw?.("iris:1.0.0:current.json", bytes(1, 255), {});
    await part.setItemRaw?.("iris/1.0.0/x", bytes(2), {});
    await whole.setItemRaw?.("some:pre fixed:other", bytes(3), {});
    expect(await whole.getItemRaw?.("some:pre fix:iris:1.0.0:current.json", {})).toEqual(bytes(1, 255));
    expect([...(await part.getKeys("", {}))].sort()).toEqual(["iris:1.0.0:current.json", "iris:1.0.0:x"]);
    expect(await part.getKeys("iris:1.0.0:", {})).toHaveLength(2);
    expect(await part.getKeys("iris:1.0:", {})).toEqual([]);
  });

  it("keeps names that a URL or XML would read as syntax", async () => {
    const driver = await open("s3://models/odd");
    const keys = ["a b", "a+b", "a%20b", "a&b", "<a>", "a?b", "a#b", "日本", "'a'(b)!*", '"', "&amp;", "~"].map(
      (key) => `k:${key}`,
    );
    for (const [index, key] of keys.entries()) await driver.setItemRaw?.(key, bytes(index), {});
    for (const [index, key] of keys.entries()) expect(await driver.getItemRaw?.(key, {}), key).toEqual(bytes(index));
    expect([...(await driver.getKeys("k:", {}))].sort()).toEqual([...keys].sort());
    for (const key of keys) await driver.removeItem?.(key, {});
    expect(await driver.getKeys("", {})).toEqual([]);
  });

  it("has nothing where nothing is", async () => {
    const driver = await open("s3://models/nothing");
    expect(await driver.getItemRaw?.("a", {})).toBeNull();
    expect(await driver.hasItem("a", {})).toBe(false);
    await driver.removeItem?.("a", {});
    await driver.setItem?.("a", "text", {});
    expect(await driver.hasItem("a", {})).toBe(true);
    expect(await driver.getItem("a", {})).toBe("text");
  });

  it("lists more than two pages", async () => {
    const driver = await open("s3://models/many");
    for (let at = 0; at < 2100; at += 100) {
      await Promise.all(
        Array.from({ length: 100 }, (_, index) => driver.setItemRaw?.(`a:${at + index}`, bytes(1), {})),
      );
    }
    expect(new Set(await driver.getKeys("a:", {})).size).toBe(2100);
  });

  it("refuses keys that lead out of the prefix", async () => {
    const driver = await open("s3://models/inside");
    for (const key of ["..:other", "a:..:b", "a::b", ".", ""]) {
      expect(() => driver.getItemRaw?.(key, {}), key).toThrow("is refused");
    }
  });

  it("says what is wrong with a bucket or a key, and shows no secret", async () => {
    const read = async (driver: Driver) => {
      const error = await Promise.resolve(driver.getItemRaw?.("a", {})).catch((error: unknown) => error);
      expect(String(error)).not.toContain("hidden");
      return error;
    };
    expect(await read(await open("s3://nowhere/x"))).toMatchObject({
      message: expect.stringMatching(/GET in the bucket nowhere .* 404 NoSuchBucket: there is no such bucket/),
      status: 404,
    });
    const unknown = { options: { access_key_id: "hidden", secret_access_key: "hidden" } };
    expect(String(await read(await open("s3://models", unknown)))).toContain("403 InvalidAccessKeyId");
    const port = await freePort();
    const away = { endpoint: `http://127.0.0.1:${port}` };
    const error = await read(await open("s3://models", away));
    expect(String(error)).toMatch(new RegExp(`http://127.0.0.1:${port} cannot be reached: .*ECONNREFUSED`));
  });

  it("takes no answer of another kind for a list, nor a list that does not end", async () => {
    const answers: Record<string, string> = {
      "": "is not a list of objects",
      "<html><body>Log in</body></html>": "is not a list of objects",
      "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key><![CDATA[a]]></Key></Contents></ListBucketResult>":
        "is not a list of objects",
      "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a</Key></Contents>": "is not a list of objects",
      "<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>": "is not a list of objects",
      "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>": "lacks ListObjectsV2",
      "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken></ListBucketResult>":
        "does not go on",
    };
    let answer = "";
    const web = await startWeb((_, response) => void response.end(answer));
    try {
      const driver = await open("s3://models", { endpoint: web.origin });
      for (const [text, message] of Object.entries(answers)) {
        answer = text;
        await expect(driver.getKeys("", {}), text).rejects.toThrow(new RegExp(`^the (answer|list).*${message}`));
      }
      answer =
        '<?xml version="1.0"?>\n<ListBucketResult xmlns="x"><IsTruncated>false</IsTruncated><Contents><Key>a&amp;b&#x65E5;&#10;&lt;&unknown;</Key></Contents></ListBucketResult>\n';
      expect(await driver.getKeys("", {})).toEqual(["a&b日\n<&unknown;"]);
    } finally {
      await web.stop();
    }
  });

  it("shows no secret that the service repeats", async () => {
    const web = await startWeb((_, response) => {
      response.writeHead(403, { "content-type": "application/xml" });
      response.end(
        "<Error><Code>SignatureDoesNotMatch</Code><Message>hidden</Message><AWSAccessKeyId>hidden</AWSAccessKeyId></Error>",
      );
    });
    try {
      const driver = await open("s3://models", { endpoint: web.origin });
      const error = await Promise.resolve(driver.getItemRaw?.("a", {})).catch((error: unknown) => error);
      expect(String(error)).toContain("403 SignatureDoesNotMatch: the signature is wrong: check secret_access_key");
      expect(String(error)).not.toContain("hidden");
    } finally {
      await web.stop();
    }
  });

  it("signs every request as Amazon documents it, whatever the name", async () => {
    const web = await startWeb((_, response) => void response.end());
    try {
      const driver = await open("s3://models/pre fix+", { endpoint: web.origin, options: s3Keys });
      for (const key of ["a b", "a+b", "(a)'!*~", "日本", "a%2Fb", "a=&?#;"]) {
        await driver.setItemRaw?.(key, bytes(1), {});
        await driver.removeItem?.(key, {});
        await Promise.resolve(driver.getKeys(`${key}:`, {})).catch(() => {});
      }
      expect(web.requests).toHaveLength(18);
      for (const request of web.requests) {
        const { expected, found } = signatures(request, s3Keys.secret_access_key);
        expect(found, request.url).toBe(expected);
      }
    } finally {
      await web.stop();
    }
  });

  it("follows no redirect with its signature, and says in which region the bucket is", async () => {
    const web = await startWeb((_, response) => {
      response.writeHead(301, { location: "/elsewhere", "x-amz-bucket-region": "eu-west-1" });
      response.end("<Error><Code>PermanentRedirect</Code></Error>");
    });
    try {
      const driver = await open("s3://models", { endpoint: web.origin });
      await expect(driver.getItemRaw?.("a", {})).rejects.toThrow(/301 PermanentRedirect.*another region.*eu-west-1/);
      expect(web.requests.map(({ url }) => url)).toEqual(["/models/a"]);
    } finally {
      await web.stop();
    }
  });

  it("signs for the region, with the session token, and says what it uploads", async () => {
    const web = await startWeb((_, response) => void response.end());
    try {
      const options = { ...s3Keys, region: "eu-central-1", session_token: "temporary" };
      const driver = await open("s3://my.bucket/p", { endpoint: `${web.origin}/gateway/`, options });
      await driver.setItemRaw?.("a", new TextEncoder().encode("abc"), {});
      const request = web.requests[0];
      expect(request?.url).toBe("/gateway/my.bucket/p/a");
      expect(request?.headers.authorization).toContain("/eu-central-1/s3/aws4_request");
      expect(request?.headers).toMatchObject({
        "x-amz-security-token": "temporary",
        "x-amz-content-sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      });
    } finally {
      await web.stop();
    }
  });

  it("asks Amazon's own hosts without an endpoint", async () => {
    const asked: string[] = [];
    const { fetch } = globalThis;
    globalThis.fetch = async (request) => {
      asked.push((request as Request).url);
      return new Response(null, { status: 404 });
    };
    try {
      const places = [
        ["models", "us-east-1"],
        ["models", "cn-north-1"],
        ["my.models", "eu-west-1"],
      ] as const;
      for (const [bucket, region] of places) {
        await s3Driver({ bucket, region, prefix: "", accessKeyId: "a", secretAccessKey: "b" }).hasItem("x", {});
      }
    } finally {
      globalThis.fetch = fetch;
    }
    expect(asked).toEqual([
      "https://models.s3.us-east-1.amazonaws.com/x",
      "https://models.s3.cn-north-1.amazonaws.com.cn/x",
      "https://s3.eu-west-1.amazonaws.com/my.models/x",
    ]);
  });
});
