import type { Driver } from "unstorage";
import { describe, expect, it } from "vitest";
import { createLaunchpad, defineConfig, generateSigningKeys, isLaunchpadError } from "../../../../src/internal.ts";
import { addChecksum } from "../../../../src/store/signing/checksum.ts";
import { createSigner, createVerifier } from "../../../../src/store/signing/signature.ts";
import type { Meta } from "../../../../src/store/types.ts";
import { canonicalJson } from "../../../../src/util/canonical-json.ts";
import type { Json } from "../../../../src/util/json.ts";
import { testHost } from "../../../support/host.ts";
import { sumModel } from "../../../support/project.ts";

const keys = await generateSigningKeys();
const others = await generateSigningKeys();

/** Launchpads over one store that differ in what they know of keys. */
function setUp(env: Record<string, string> = { SIGN_KEY: keys.sign_key }) {
  const host = testHost({ env });
  const open = (store: object = {}) =>
    createLaunchpad({
      config: {
        model_store: { location: "memory:", ...store },
        model: { name: "sum", version: "1.0.0", module: "m" },
      },
      model: sumModel,
      host,
    });
  return { host, open, driver: host.openStorage("memory:", {}) as Driver };
}
const signs = { sign_key_var: "SIGN_KEY", verify_key: keys.verify_key };

describe("keys", () => {
  it("are made in the forms that the configuration takes", () => {
    expect(keys.verify_key).toMatch(/^MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=$/);
    expect(keys.sign_key).not.toBe(others.sign_key);
    const model = { name: "sum", version: "1.0.0", module: "m" };
    const read = (verify_key: unknown) => defineConfig({ model_store: { location: "memory:", verify_key }, model });
    expect(read(keys.verify_key).model_store.verify_key).toEqual([keys.verify_key]);
    expect(read([keys.verify_key, others.verify_key]).model_store.verify_key).toHaveLength(2);
    for (const wrong of ["abc", keys.sign_key, [], [1], {}, 5]) {
      expect(() => read(wrong)).toThrow(/model_store\.verify_key/);
    }
  });

  it("that are secret may not stand in the configuration, and are not shown", () => {
    const model = { name: "sum", version: "1.0.0", module: "m" };
    const config = { model_store: { location: "memory:", sign_key: keys.sign_key }, model };
    expect(() => defineConfig(config)).toThrow(/model_store\.sign_key: found \*\*\*, expected none here.*sign_key_var/);
    const misplaced = { model_store: { location: "memory:", verify_key: keys.sign_key }, model };
    expect(() => defineConfig(misplaced)).toThrow(/expected a public key/);
    expect(() => defineConfig(misplaced)).not.toThrow(new RegExp(keys.sign_key.slice(20, 40).replace(/[+/]/g, ".")));
  });
});

describe("a signed model", () => {
  it("is loaded by whoever has the public key alone", async () => {
    const { host, open } = setUp();
    const { meta } = await open(signs).train();
    expect(meta?.signature).toEqual({
      algorithm: "Ed25519",
      key: expect.stringMatching(/^[0-9a-f]{16}$/),
      value: expect.stringMatching(/^[A-Za-z0-9+/]{86}==$/),
    });
    expect(JSON.stringify(meta)).not.toContain(keys.sign_key);
    expect(JSON.stringify(host.records)).not.toContain(keys.sign_key);
    const server = createLaunchpad({
      config: {
        model_store: { location: "memory:", sign_key_var: "NOT_HERE", verify_key: keys.verify_key },
        model: { name: "sum", version: "1.0.0", module: "m" },
      },
      model: sumModel,
      host,
    });
    expect(await server.predict({ x: 1 })).toEqual({ y: 2 });
    expect(await open({ verify_key: [others.verify_key, keys.verify_key] }).predict({ x: 1 })).toEqual({ y: 2 });
    // Who has no private key can test it, and not add to what is stored.
    expect((await server.retest({ persist: false })).sum).toBe(1);
    await expect(server.retest()).rejects.toMatchObject({ code: "VARIABLE_NOT_SET" });
    expect((await open(signs).retest()).sum).toBe(1);
    expect(await server.predict({ x: 1 })).toEqual({ y: 2 });
  });

  it("is loaded with a public key from a variable", async () => {
    const { open } = setUp({ SIGN_KEY: keys.sign_key, KEYS: `${others.verify_key}, ${keys.verify_key}\n`, NONE: " " });
    await open(signs).train();
    expect(await open({ verify_key_var: "KEYS" }).predict({ x: 1 })).toEqual({ y: 2 });
    for (const [name, code] of [
      ["NONE", "VARIABLE_NOT_SET"],
      ["MISSING", "VARIABLE_NOT_SET"],
      ["SIGN_KEY", "CONFIG_INVALID"],
    ]) {
      const error = await open({ verify_key_var: name })
        .predict({ x: 1 })
        .catch((thrown: Error) => thrown);
      expect(error).toMatchObject({ code });
      expect(String(error)).not.toContain(keys.sign_key);
    }
  });

  it("is refused with another key, and so is one without a signature", async () => {
    const { open } = setUp();
    await open().train();
    const unsigned = await open({ verify_key: keys.verify_key })
      .predict({ x: 1 })
      .catch((thrown) => thrown);
    expect(unsigned).toMatchObject({ code: "STORE_UNTRUSTED", status: 503, exitCode: 1 });
    expect(String(unsigned)).toContain("is not signed");
    await open(signs).train({ fresh: true });
    expect(await open({ verify_key: keys.verify_key }).predict({ x: 1 })).toEqual({ y: 2 });
    const foreign = await open({ verify_key: others.verify_key })
      .predict({ x: 1 })
      .catch((thrown) => thrown);
    expect(foreign).toMatchObject({ code: "STORE_UNTRUSTED" });
    expect(String(foreign)).toContain("signed with another key");
  });

  it("is refused as a previous model, too", async () => {
    const { open } = setUp();
    await open().train();
    await expect(open(signs).train()).rejects.toMatchObject({ code: "STORE_UNTRUSTED" });
    expect(await open(signs).train({ fresh: true })).toMatchObject({ promoted: true });
  });

  it("is refused while serving: what is trusted goes on", async () => {
    const { open } = setUp();
    await open(signs).train();
    const server = open({ verify_key: keys.verify_key });
    await server.ready().catch(() => {});
    expect(await server.predict({ x: 1 })).toEqual({ y: 2 });
    await open().train();
    await expect(server.refresh()).rejects.toMatchObject({ code: "STORE_UNTRUSTED" });
    expect(await server.predict({ x: 1 })).toEqual({ y: 2 });
  });

  it("is refused whatever of its metadata was altered, with a fresh seal", async () => {
    const { open, driver } = setUp();
    const { meta } = await open(signs).train();
    const key = `sum:1.0.0:${meta?.run}:meta.json`;
    let refused = 0;
    const names = Object.keys(meta ?? {}).filter((name) => !["name", "version", "run"].includes(name));
    for (const name of names) {
      const altered = { ...meta, [name]: alter(meta?.[name]) } as Meta;
      await driver.setItem?.(key, (await addChecksum(altered)).text, {});
      const error = await open({ verify_key: keys.verify_key })
        .predict({ x: 1 })
        .catch((thrown: unknown) => thrown);
      expect([name, isLaunchpadError(error) && error.code]).toEqual([
        name,
        expect.stringMatching(/^STORE_(UNTRUSTED|CORRUPT)$/),
      ]);
      refused++;
    }
    const added = { ...meta, added: 1 } as unknown as Meta;
    await driver.setItem?.(key, (await addChecksum(added)).text, {});
    await expect(open({ verify_key: keys.verify_key }).predict({ x: 1 })).rejects.toMatchObject({
      code: "STORE_UNTRUSTED",
    });
    const signature = (await open(signs).train({ fresh: true })).meta?.signature;
    const swapped = { ...meta, signature } as Meta;
    await expect(createVerifier([keys.verify_key])(swapped)).rejects.toMatchObject({ code: "STORE_UNTRUSTED" });
    console.log(`${refused} keys of the metadata altered, ${refused} refused`);
    expect(refused).toBeGreaterThan(10);
  });

  it("belongs to its name, version and run", async () => {
    const { meta } = await setUp().open(signs).train();
    const verify = createVerifier([keys.verify_key]);
    await verify(meta as Meta);
    for (const name of ["name", "version", "run"]) {
      await expect(verify({ ...meta, [name]: "other" } as Meta)).rejects.toMatchObject({ code: "STORE_UNTRUSTED" });
    }
  });
});

describe("a training", () => {
  const untrainable = (env: Record<string, string>) => {
    const { host } = setUp(env);
    return (store: object) =>
      createLaunchpad({
        config: {
          model_store: { location: "memory:", ...store },
          model: { name: "sum", version: "1.0.0", module: "m" },
        },
        model: { ...sumModel, train: () => expect.unreachable() },
        host,
      })
        .train()
        .catch((thrown: unknown) => thrown);
  };

  it("does not begin without the key, with a key that is none, or with one that nobody trusts", async () => {
    const train = untrainable({ SIGN_KEY: keys.sign_key, BROKEN: "c2VjcmV0LXNlY3JldA==", EMPTY: "" });
    expect(await train({ sign_key_var: "MISSING" })).toMatchObject({ code: "VARIABLE_NOT_SET" });
    expect(await train({ sign_key_var: "EMPTY" })).toMatchObject({ code: "VARIABLE_NOT_SET" });
    const broken = await train({ sign_key_var: "BROKEN" });
    expect(broken).toMatchObject({ code: "CONFIG_INVALID" });
    expect(String(broken)).toContain("the environment variable BROKEN holds no private key");
    expect(String(broken)).not.toContain("c2VjcmV0");
    expect(await train({ ...signs, verify_key: others.verify_key })).toMatchObject({ code: "CONFIG_INVALID" });
    expect(await train({ verify_key: keys.verify_key })).toMatchObject({ code: "CONFIG_INVALID" });
  });

  it("signs without verify_key, and with a key in PEM", async () => {
    const lines = keys.sign_key.match(/.{1,64}/g)?.join("\n");
    const { open } = setUp({ SIGN_KEY: `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n` });
    await open({ sign_key_var: "SIGN_KEY" }).train();
    expect(await open({ verify_key: keys.verify_key }).predict({ x: 1 })).toEqual({ y: 2 });
  });
});

describe("canonical JSON", () => {
  it("is that of RFC 8785, section 3.2.2 and 3.2.3", () => {
    const numbers = [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 1e-27];
    const value = { numbers, string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/", literals: [null, true, false] };
    expect(canonicalJson(value as Json)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    expect(canonicalJson({ b: 1, "😀": 2, "\ufb33": 3, a: undefined } as unknown as Json)).toBe(
      '{"b":1,"😀":2,"\ufb33":3}',
    );
  });
});

describe("a signer", () => {
  it("signs as RFC 8032, section 7.1, says", async () => {
    // The secret key of test 1, after the 16 bytes that every PKCS #8 of Ed25519 begins with.
    const secret = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    const pkcs8 = Buffer.from(`302e020100300506032b657004220420${secret}`, "hex").toString("base64");
    const { verifyKey } = await createSigner(pkcs8, "test");
    expect(Buffer.from(verifyKey, "base64").subarray(12).toString("hex")).toBe(
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    );
  });
});

function alter(value: Json | undefined): Json {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (typeof value === "string") return value.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10)) || "x";
  if (Array.isArray(value)) return [...(value as Json[]), 1];
  if (typeof value === "object" && value !== null) return { ...value, altered: 1 };
  return "altered";
}
