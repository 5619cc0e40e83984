import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSecretKey, redact } from "../../../src/util/redact.ts";

describe("a key", () => {
  it.each(
    (
      "password passwd pwd db_password DB_PASSWORD dbPassword userpassword passphrase pass secret client_secret clientSecret " +
      "token auth_token authToken access_token api_key apiKey apikey API-KEY access_key secret_access_key accessKey " +
      "private_key privateKey ssl_private_key credential credentials password2 AccountKey api_tokens Authorization"
    ).split(" "),
  )("%s names a secret", (key) => {
    expect(isSecretKey(key)).toBe(true);
    expect(redact({ [key]: "hunter2" })).toEqual({ [key]: "***" });
  });

  it.each(
    (
      "key keys primary_key public_key foreign_key tokenizer tokens max_tokens token_count pad_token eos_token password_var " +
      "api_key_var secretary keyword monkey compass passenger bypass_rate author_name name location tokenize_text"
    ).split(" "),
  )("%s is innocent", (key) => {
    expect(redact({ [key]: "value" })).toEqual({ [key]: "value" });
  });
});

describe("a text", () => {
  it.each([
    ["postgres://me:hunter2@host:5432/db", "postgres://***@host:5432/db"],
    ["postgres://me:p@ss@host/db", "postgres://***@host/db"],
    ["postgres://me:p/w#x@host/db", "postgres://***@host/db"],
    ["https://TOKEN@github.com/x", "https://***@github.com/x"],
    ["cannot reach mysql://a:b@c/d, nor mysql://e:f@g", "cannot reach mysql://***@c/d, nor mysql://***@g"],
    ["libsql://host?authToken=abc.def&tls=0", "libsql://host?authToken=***&tls=0"],
    ["https://x/y?sig=abc&X-Amz-Signature=def&page=2#top", "https://x/y?sig=***&X-Amz-Signature=***&page=2#top"],
    ["host=db password='a b' user=me", "host=db password=*** user=me"],
    ["Server=db;User Id=me;Password=a,b;Port=1", "Server=db;User Id=me;Password=***;Port=1"],
    ["AccountName=x;AccountKey=abc==;End=1", "AccountName=x;AccountKey=***;End=1"],
    ["-----BEGIN RSA PRIVATE KEY-----\nabc", "***"],
  ])("loses its secrets: %s", (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each([
    "https://example.com:8080/@scope/package?page=1",
    "me@example.com",
    "12:30 mail a@b",
    "file:///a/b@c.csv",
    "max_tokens=5&key=3",
    "./iris.csv",
    "SELECT * FROM t WHERE a = :a",
  ])("without any stays as it is: %s", (text) => {
    expect(redact(text)).toBe(text);
  });

  it("takes no longer than its length deserves", () => {
    for (const piece of ["://a:", "://", "?a=", "a@", "password=", ":"]) redact(piece.repeat(100_000));
  });
});

describe("a value", () => {
  it("is copied, at any depth, and never changed", () => {
    const value = { list: [{ token: "t", n: 1 }], url: "x://a:b@c", nothing: null, password: null, secret: false };
    expect(redact(value)).toEqual({
      list: [{ token: "***", n: 1 }],
      url: "x://***@c",
      nothing: null,
      password: null,
      secret: false,
    });
    expect(value.list[0]?.token).toBe("t");
  });

  it("that is not plain is kept, and one that contains itself ends", () => {
    const date = new Date(0);
    const value: Record<string, unknown> = { date, password: 5 };
    value.self = value;
    const copy = redact(value) as Record<string, unknown>;
    expect(copy.date).toBe(date);
    expect(copy.password).toBe("***");
    expect(copy.self).toBe(copy);
  });

  it("of any shape keeps its keys and pollutes nothing", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const copy = redact(JSON.parse(JSON.stringify(value)));
        const keys = (part: unknown): unknown =>
          typeof part === "object" && part !== null ? Object.keys(part) : typeof part;
        expect(keys(copy)).toEqual(keys(JSON.parse(JSON.stringify(value))));
      }),
    );
    const hostile = redact(JSON.parse('{"__proto__": {"polluted": 1}}')) as object;
    expect(Object.keys(hostile)).toEqual(["__proto__"]);
    expect("polluted" in hostile).toBe(false);
  });
});
