import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { predictions, served } from "../../../support/served.ts";
import { type Issuer, startIssuer } from "./issuer.ts";

let issuer: Issuer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer.close());

const bearing = (token: string) => ({ authorization: `Bearer ${token}` });
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("an API with tokens", () => {
  it("answers who bears one of its issuer, and asks the issuer for its keys once", async () => {
    const { predict } = await served({}, undefined, { sections: { auth: { jwt: issuer.jwt } } });
    const before = issuer.asked();
    for (let at = 0; at < 5; at++) expect((await predict({}, bearing(await issuer.sign()))).status).toBe(200);
    expect(issuer.asked() - before).toBe(1);
  });

  it("refuses every token that is not", async () => {
    const { predict } = await served({}, undefined, { sections: { auth: { jwt: issuer.jwt } } });
    const now = Math.floor(Date.now() / 1000);
    const good = await issuer.sign();
    const [header = "", payload = "", signature = ""] = good.split(".");
    const secret = new TextEncoder().encode(JSON.stringify(issuer.publicKey()));
    const wrong: Record<string, string> = {
      expired: await issuer.sign({ exp: now - 31 }),
      "without end": await issuer.sign({ exp: undefined }),
      "not yet": await issuer.sign({ nbf: now + 60 }),
      "of another issuer": await issuer.sign({ iss: "https://evil.example" }),
      "for another audience": await issuer.sign({ aud: ["billing"] }),
      "without audience": await issuer.sign({ aud: undefined }),
      "of nobody": await issuer.sign({ sub: undefined }),
      "of an unknown key": await issuer.sign({}, { kid: "no-such-key" }),
      unsigned: `${base64({ alg: "none" })}.${payload}.`,
      "signed with the public key as a secret": await new SignJWT({
        iss: issuer.issuer,
        aud: "iris-api",
        sub: "x",
        exp: now + 60,
      })
        .setProtectedHeader({ alg: "HS256", kid: issuer.publicKey().kid ?? "" })
        .sign(secret),
      "changed payload": `${header}.${base64({ iss: issuer.issuer, aud: "iris-api", sub: "root", exp: now + 60 })}.${signature}`,
      "without signature": `${header}.${payload}.`,
      "with its own key": `${base64({ alg: "ES256", jwk: issuer.publicKey() })}.${payload}.${signature}`,
      "with a critical extension": `${base64({ alg: "ES256", kid: issuer.publicKey().kid, crit: ["x"], x: 1 })}.${payload}.${signature}`,
      "no JSON": `eyJ.${payload}.${signature}`,
      "too long": `${header}.${"a".repeat(20_000)}.${signature}`,
      "no token": "lp_something",
    };
    for (const [what, token] of Object.entries(wrong)) {
      const response = await predict({}, bearing(token));
      expect([what, response.status]).toEqual([what, 401]);
      expect(response.headers.get("www-authenticate")).toContain('error="invalid_token"');
      expect(await response.text()).not.toContain(signature);
    }
    expect((await predict({}, bearing(await issuer.sign({ exp: now - 20 })))).status).toBe(200);
  });

  it("lets scopes decide what a token opens", async () => {
    const scopes = { "iris:predict": { models: ["iris"] }, ops: { routes: ["/metrics"] } };
    const { ask, predict } = await served({}, undefined, { sections: { auth: { jwt: { ...issuer.jwt, scopes } } } });
    const as = async (claims: object) => ({ headers: bearing(await issuer.sign(claims)) });
    expect((await predict({}, (await as({ scope: "openid iris:predict" })).headers)).status).toBe(200);
    expect((await predict({}, (await as({ scp: ["ops"] })).headers)).status).toBe(403);
    expect((await ask("/metrics", await as({ scp: ["ops"] }))).status).toBe(200);
    const none = await ask(predictions, await as({}));
    expect([none.status, none.headers.get("www-authenticate")]).toEqual([
      403,
      expect.stringContaining("insufficient_scope"),
    ]);
  });

  it("takes the next key of its issuer, and is asked no oftener for nonsense", async () => {
    const { predict } = await served({}, undefined, { sections: { auth: { jwt: issuer.jwt } } });
    expect((await predict({}, bearing(await issuer.sign()))).status).toBe(200);
    const before = issuer.asked();
    for (let at = 0; at < 20; at++) await predict({}, bearing(await issuer.sign({}, { kid: `nonsense-${at}` })));
    expect(issuer.asked() - before).toBeLessThanOrEqual(1);
    await issuer.rotate();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 31_000 });
    expect((await predict({}, bearing(await issuer.sign()))).status).toBe(200);
    vi.useRealTimers();
  });

  it("says 503, and nothing of why, while the keys of its issuer cannot be had", async () => {
    const floods: [string, NonNullable<Issuer["answer"]>][] = [
      ["an error", (response) => response.writeHead(500).end()],
      ["no JSON", (response) => response.end("<html>")],
      ["a redirect", (response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end()],
      ["megabytes", (response) => response.end(`{"keys":[],"x":"${"x".repeat(1_000_000)}"}`)],
    ];
    for (const [what, answer] of floods) {
      issuer.answer = answer;
      const { host, predict } = await served({}, undefined, { sections: { auth: { jwt: issuer.jwt } } });
      const response = await predict({}, bearing(await issuer.sign()));
      const problem = await response.json();
      expect([what, response.status, problem.code]).toEqual([what, 503, "KEYS_UNAVAILABLE"]);
      expect(JSON.stringify(problem)).not.toContain("127.0.0.1");
      expect(host.records.some(({ level }) => level === "error")).toBe(true);
    }
    issuer.answer = undefined;
  });

  it("says who gives out tokens (RFC 9728)", async () => {
    const { ask } = await served({ trusted_proxies: ["loopback"] }, undefined, {
      sections: { auth: { jwt: { ...issuer.jwt, scopes: ["predict"] } } },
    });
    const refused = await ask(predictions);
    expect(refused.headers.get("www-authenticate")).toBe(
      'Bearer realm="iris", resource_metadata="http://127.0.0.1:5000/.well-known/oauth-protected-resource"',
    );
    const told = await ask("/.well-known/oauth-protected-resource");
    expect([told.status, await told.json()]).toEqual([
      200,
      {
        resource: "http://127.0.0.1:5000",
        authorization_servers: [issuer.issuer],
        bearer_methods_supported: ["header"],
        scopes_supported: ["predict"],
      },
    ]);
    const forwarded = {
      "x-forwarded-host": "models.example.com",
      "x-forwarded-proto": "https",
      "x-forwarded-prefix": "/ml",
    };
    const outside = async (address: string) =>
      (await (await ask("/.well-known/oauth-protected-resource", { headers: forwarded }, { address })).json()).resource;
    expect(await outside("127.0.0.1")).toBe("https://models.example.com/ml");
    expect(await outside("203.0.113.9")).toBe("http://127.0.0.1:5000");
  });
});
