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

  it("is masked wherever services' tokens stand, and all of it below headers", () => {
    const secret = [
      "sk-proj-abcdefghijkl1234567890",
      "sk-ant-api03-AbCdEf123456789012",
      "sk_live_abcdefghijk123456",
      "ghp_0123456789abcdefABCDEF0123456789abcd",
      "github_pat_11ABCDEFG0123456789abcdef",
      "glpat-abcdefgh12345678",
      "AKIAIOSFODNN7EXAMPLE",
      "xoxb-123456789012-abcdefghijkl",
      "AIzaSyA1234567890abcdefghijklmnopqrstuv",
      "hf_abcdefghijklmnopqrstuvwxyz123456",
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
      "Bearer abcdefgh123",
      "Basic dXNlcjpoaWRkZW4=",
    ];
    for (const text of secret) {
      expect(redact({ note: text }), text).toEqual({ note: "***" });
      expect(redact(`asked with ${text}, refused`)).toBe("asked with ***, refused");
    }
    expect(redact("https://hooks.slack.com/services/T000/B000/hidden")).toBe("https://hooks.slack.com/services/***");
    const headers = { "X-Custom": "hidden", "x-auth": "hidden", api: "hidden", n: 5, "x-functions-key_var": "NAME" };
    const masked = { "X-Custom": "***", "x-auth": "***", api: "***", n: "***", "x-functions-key_var": "NAME" };
    expect(redact({ headers, response_headers: [] })).toEqual({ headers: masked, response_headers: [] });
    for (const key of [
      "bearer",
      "auth",
      "creds",
      "passcode",
      "github_pat",
      "jwt",
      "authorization_header",
      "otp",
      "access_key_id",
      "sslkey",
    ]) {
      expect(redact({ [key]: "hidden" }), key).toEqual({ [key]: "***" });
    }
    expect(redact("postgres://host/db?sslkey=hidden")).toBe("postgres://host/db?sslkey=***");
  });

  it("is not what only resembles one", () => {
    for (const text of [
      "sk-learn-pipeline-model",
      "task-force-1 done",
      "the basic statistics",
      "Basic information",
      "ghp_ is a prefix",
      "eyJ.x",
      "risk-adjusted",
    ]) {
      expect(redact({ note: text })).toEqual({ note: text });
    }
    const auth = {
      auth: { jwt: { issuer: "https://id.example.com", audience: "iris" } },
      path: "a",
      header: 0,
      pattern: "x",
    };
    expect(redact(auth)).toEqual(auth);
  });
});
