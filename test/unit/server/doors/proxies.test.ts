import { describe, expect, it } from "vitest";
import { parseAddress, parseNetwork } from "../../../../src/util/addresses.ts";
import { predictions, served } from "../../../support/served.ts";

const proxy = { address: "10.0.0.7" };
const stranger = { address: "203.0.113.9" };

describe("a trusted proxy", () => {
  it("may say who calls, and nobody else may", async () => {
    const auth = { proxy: { header: "x-forwarded-user", from: ["10.0.0.0/8"] } };
    const { ask, host } = await served({ access_log: true }, undefined, { sections: { auth } });
    const as = { headers: { "x-forwarded-user": "alice" }, method: "POST" };
    expect((await ask(predictions, as, proxy)).status).toBe(200);
    expect(host.records.find(({ name }) => name === "launchpad.access")?.properties).toMatchObject({ caller: "alice" });
    expect((await ask(predictions, as, stranger)).status).toBe(401);
    expect((await ask(predictions, as)).status).toBe(401);
    expect((await ask(predictions, { method: "POST" }, proxy)).status).toBe(401);
  });

  it("vouches for certificates, and callers may be limited", async () => {
    const auth = {
      mtls: { callers: { "CN=shop,O=Example": { models: ["iris"] }, "CN=other": { models: ["other"] } } },
    };
    const { ask } = await served({ trusted_proxies: ["10.0.0.7", "unix"] }, undefined, { sections: { auth } });
    const of = (verified: string, subject: string) => ({
      method: "POST",
      headers: { "x-ssl-client-verify": verified, "x-ssl-client-s-dn": subject },
    });
    expect((await ask(predictions, of("SUCCESS", "CN=shop,O=Example"), proxy)).status).toBe(200);
    expect((await ask(predictions, of("SUCCESS", "CN=shop,O=Example"), { address: "unix" })).status).toBe(200);
    expect((await ask(predictions, of("FAILED:expired", "CN=shop,O=Example"), proxy)).status).toBe(401);
    expect((await ask(predictions, of("NONE", ""), proxy)).status).toBe(401);
    expect((await ask(predictions, of("SUCCESS", "CN=shop,O=Example"), stranger)).status).toBe(401);
    expect((await ask(predictions, of("SUCCESS", "CN=other"), proxy)).status).toBe(403);
    expect((await ask(predictions, of("SUCCESS", "CN=nobody"), proxy)).status).toBe(403);
  });

  it("lets the platform vouch for certificates", async () => {
    const certificate = { verified: true, subject: "CN=shop" };
    const { ask } = await served({}, undefined, {
      callerCertificate: ({ headers }) => (headers.has("x-test") ? certificate : undefined),
      sections: { auth: { mtls: { from: [] } } },
    });
    expect((await ask(predictions, { method: "POST", headers: { "x-test": "1" } })).status).toBe(200);
    const forged = { "x-ssl-client-verify": "SUCCESS", "x-ssl-client-s-dn": "CN=shop" };
    expect((await ask(predictions, { method: "POST", headers: forged })).status).toBe(401);
  });

  it("tells the address of the caller, read from where it is known", async () => {
    const { ask, host } = await served({ access_log: true, trusted_proxies: ["private"] });
    const logged = async (forwarded: string | undefined, address: string | undefined) => {
      host.records.length = 0;
      await ask("/livez", { headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded } }, { address });
      return host.records.find(({ name }) => name === "launchpad.access")?.properties.address;
    };
    expect(await logged(undefined, "198.51.100.1")).toBe("198.51.100.1");
    expect(await logged("1.2.3.4", "198.51.100.1")).toBe("198.51.100.1");
    expect(await logged("1.2.3.4", "10.0.0.1")).toBe("1.2.3.4");
    expect(await logged("6.6.6.6, 1.2.3.4, 10.9.9.9", "10.0.0.1")).toBe("1.2.3.4");
    expect(await logged("1.2.3.4:5678", "10.0.0.1")).toBe("1.2.3.4");
    expect(await logged("[2001:db8::1]:443", "fd00::1")).toBe("2001:db8::1");
    expect(await logged("nonsense\u0001", "10.0.0.1").catch(() => "10.0.0.1")).toBe("10.0.0.1");
    expect(await logged("unknown, garbage", "10.0.0.1")).toBe("10.0.0.1");
    expect(await logged(undefined, "::ffff:198.51.100.1")).toBe("198.51.100.1");
    expect(await logged("1.2.3.4", "::ffff:10.0.0.1")).toBe("1.2.3.4");
    expect(await logged("1.2.3.4", undefined)).toBeUndefined();
  });

  it("may leave its prefix on paths, which only its own requests can have", async () => {
    const { ask } = await served({ trusted_proxies: ["10.0.0.7"] });
    const under = (path: string, address: string, prefix = "/ml") =>
      ask(path, { headers: { "x-forwarded-prefix": prefix } }, { address });
    expect((await under("/ml/livez", "10.0.0.7")).status).toBe(200);
    expect((await under("/livez", "10.0.0.7")).status).toBe(200);
    expect((await under("/ml/livez", "10.0.0.8")).status).toBe(404);
    expect((await under("/mlx/livez", "10.0.0.7")).status).toBe(404);
    expect((await under("/ml/livez", "10.0.0.7", "//evil.example")).status).toBe(404);
  });
});

describe("addresses", () => {
  it("are read as RFC 4291 and RFC 6943 have them, and nothing else is", () => {
    expect(parseAddress("1.2.3.4")).toBe(0xffff_0102_0304n);
    expect(parseAddress("::ffff:1.2.3.4")).toBe(0xffff_0102_0304n);
    expect(parseAddress("::1")).toBe(1n);
    expect(parseAddress("::")).toBe(0n);
    expect(parseAddress("2001:db8::ff00:42:8329")).toBe(0x20010db8000000000000ff0000428329n);
    expect(parseAddress("fe80::1%eth0")).toBe(0xfe800000000000000000000000000001n);
    for (const wrong of [
      "",
      "1.2.3",
      "1.2.3.256",
      "01.2.3.4",
      "0x1.2.3.4",
      "1:2",
      ":::",
      "1::2::3",
      "12345::",
      "1:2:3:4:5:6:7:8:9",
      "g::",
      "::1.2.3",
    ]) {
      expect([wrong, parseAddress(wrong)]).toEqual([wrong, undefined]);
    }
    expect(parseNetwork("10.0.0.0/8")?.fixed).toBe(104);
    for (const wrong of ["10.0.0.0/33", "::/129", "10.0.0.0/", "/8", "10.0.0.0/8/8"]) {
      expect([wrong, parseNetwork(wrong)]).toEqual([wrong, undefined]);
    }
  });
});
