import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

/** An issuer of tokens with a server of its own. */
export interface Issuer {
  readonly issuer: string;
  /** The `jwt` section that trusts it. */
  readonly jwt: { readonly issuer: string; readonly audience: string; readonly jwks: string };
  /** How often its keys were asked for. */
  asked(): number;
  /** What its server answers instead of the keys; undefined for the keys. */
  answer: ((response: import("node:http").ServerResponse) => void) | undefined;
  /** Signs with a new key, and forgets the one before. */
  rotate(): Promise<void>;
  sign(claims?: object, options?: { readonly alg?: string; readonly kid?: string }): Promise<string>;
  readonly publicKey: () => JWK;
  close(): Promise<void>;
}

/** Starts an issuer whose tokens are signed with ES256. */
export async function startIssuer(): Promise<Issuer> {
  let count = 0;
  let pair = await newPair(0);
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    if (self.answer) self.answer(response);
    else response.setHeader("content-type", "application/json").end(JSON.stringify({ keys: [pair.jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const self: Issuer = {
    issuer: origin,
    jwt: { issuer: origin, audience: "iris-api", jwks: `${origin}/jwks.json` },
    asked: () => asked,
    answer: undefined,
    async rotate() {
      count += 1;
      pair = await newPair(count);
    },
    sign(claims = {}, { alg = "ES256", kid = pair.jwk.kid } = {}) {
      const now = Math.floor(Date.now() / 1000);
      const all = { iss: origin, aud: "iris-api", sub: "alice", exp: now + 300, ...claims };
      const payload = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
      return new SignJWT(payload).setProtectedHeader({ alg, ...(kid !== undefined && { kid }) }).sign(pair.privateKey);
    },
    publicKey: () => pair.jwk,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return self;
}

async function newPair(count: number) {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid: `key-${count}`, alg: "ES256", use: "sig" } };
}
