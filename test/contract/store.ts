import type { Driver } from "unstorage";
import { describe, expect, it } from "vitest";
import { createLogger } from "../../src/log.ts";
import { createStore } from "../../src/store/store.ts";
import type { Meta, NewMeta, Store } from "../../src/store/types.ts";
import { operationsContract } from "./store-operations.ts";

/** The keys of one run and of what makes it current. */
interface Keys {
  readonly contents: string;
  readonly meta: string;
  readonly current: string;
}

const start = Date.UTC(2026, 10, 23, 18, 4, 5, 123);

/** What a training says of itself. */
export function newMeta(changes: Partial<NewMeta> = {}): NewMeta {
  return {
    name: "iris",
    version: "0.0.2",
    created: "2026-11-23T18:04:05.000Z",
    created_by: "jane",
    system: { platform: "linux-x64" },
    train_report: { petals: { rows: 130 } },
    metrics: {
      accuracy: 0.9,
      confusion_matrix: [
        [7, 0],
        [1, 6],
      ],
    },
    config_snapshot: { model: { name: "iris" } },
    have_columns_been_ordered: true,
    note: "whatever else the model section holds: Größe, 花",
    ...changes,
  };
}

/** A store over a driver, with a clock that moves one second at each look, and the warnings that it logged. */
export function openStore(driver: Driver, clock?: () => number) {
  let time = start;
  const warnings: string[] = [];
  const log = createLogger((level, _, message) => level === "warning" && warnings.push(message));
  const now = clock ?? (() => (time += 1000));
  return { store: createStore({ driver, location: "./model_store", now, log }), warnings };
}

const keysOf = ({ name, version, run }: Pick<Meta, "name" | "version" | "run">): Keys => ({
  contents: `${name}:${version}:${run}:contents`,
  meta: `${name}:${version}:${run}:meta.json`,
  current: `${name}:${version}:current.json`,
});

const bytes = (...values: number[]) => Uint8Array.from(values);

async function readRaw(driver: Driver, key: string): Promise<Uint8Array> {
  const found = await (driver.getItemRaw ?? driver.getItem)(key, {});
  if (!(found instanceof Uint8Array)) throw new Error(`nothing to read at ${key}`);
  return new Uint8Array(found);
}

async function writeRaw(driver: Driver, key: string, data: Uint8Array | string): Promise<void> {
  await driver.setItemRaw?.(key, typeof data === "string" ? new TextEncoder().encode(data) : data, {});
}

async function remove(driver: Driver, key: string): Promise<void> {
  await driver.removeItem?.(key, {});
}

const allKeys = async (driver: Driver) => (await driver.getKeys("", {})).map((key) => key.replaceAll("/", ":")).sort();

/** An error as the file system throws it: to try again would not help. */
const coded = (code: string, text: string) => Object.assign(new Error(`${code}: ${text}`), { code });

/** All of ASCII, some that Unicode adds, and what turns text around. */
const controls = [
  ...Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)),
  ...["\x7f", "\x80", "\x9f", "\u00ad", "\u200b", "\u202e", "\u2028", "\ufeff", "\ud800"],
];

/** A driver that fails at its n-th write: before it, after it, or halfway through. */
function failingAt(driver: Driver, n: number, how: "before" | "halfway" | "after") {
  let writes = 0;
  const failing: Driver = {
    ...driver,
    async setItemRaw(key, value: Uint8Array, options) {
      writes++;
      if (writes !== n) return driver.setItemRaw?.(key, value, options);
      if (how === "halfway") await driver.setItemRaw?.(key, value.slice(0, value.length / 2), options);
      if (how === "after") await driver.setItemRaw?.(key, value, options);
      throw coded("ENOSPC", "no space left on device");
    },
  };
  return { failing, hasFailed: () => writes >= n };
}

async function loaded(store: Store, name = "iris", version = "0.0.2") {
  const model = await store.load(name, version);
  if (!model) throw new Error("nothing was loaded");
  return model;
}

/**
 * Runs the promises of a model store over a driver.
 *
 * @param name What the driver is called in the report.
 * @param makeDriver Makes a driver over an empty storage, with raw methods.
 * @param positions In how many places a file is damaged, at most: at every one where writing takes no time.
 */
export function storeContract(name: string, makeDriver: () => Driver | Promise<Driver>, positions = 12): void {
  describe(`a model store over ${name}`, () => {
    it("has nothing where nothing was trained", async () => {
      const { store } = openStore(await makeDriver());
      expect(await store.load("iris", "0.0.2")).toBeUndefined();
      expect(Object.keys(await store.models())).toEqual([]);
    });

    it("gives back what was saved, byte for byte", async () => {
      const { store } = openStore(await makeDriver());
      const contents = Uint8Array.from({ length: 1000 }, (_, at) => at % 256);
      const meta = await store.save(newMeta(), contents);
      const model = await loaded(store);
      expect([...model.contents]).toEqual([...contents]);
      expect(model.meta).toEqual(meta);
      expect(model.meta).toMatchObject(newMeta());
    });

    it("keeps contents of no bytes at all", async () => {
      const { store } = openStore(await makeDriver());
      await store.save(newMeta(), bytes());
      expect((await loaded(store)).contents).toEqual(bytes());
    });

    it("describes the contents by size and SHA-256", async () => {
      const { store } = openStore(await makeDriver());
      const meta = await store.save(newMeta(), new TextEncoder().encode("abc"));
      expect(meta.contents).toEqual({
        size: 3,
        sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      });
    });

    it("lays out its keys as documented", async () => {
      const driver = await makeDriver();
      const { store } = openStore(driver);
      const meta = await store.save(newMeta(), bytes(1));
      await store.addMetrics(meta, { accuracy: 1 }, start + 60_000);
      const { contents, meta: metadata, current } = keysOf(meta);
      expect(meta.run).toMatch(/^20261123T180406123Z-[0-9a-f]{8}$/);
      const keys = await allKeys(driver);
      const named = keys.filter((key) => !/:metrics:|:promotions:/.test(key));
      expect(named).toEqual([contents, metadata, current].sort());
      expect(keys.find((key) => key.includes(":promotions:"))).toMatch(
        /^iris:0\.0\.2:promotions:20261123T180407123Z-[0-9a-f]{8}\.json$/,
      );
      expect(keys.find((key) => key.includes(":metrics:"))).toMatch(
        new RegExp(`^iris:0.0.2:${meta.run}:metrics:20261123T180505123Z-[0-9a-f]{8}\\.json$`),
      );
    });

    it("is not disturbed when what it handed out is changed", async () => {
      const { store } = openStore(await makeDriver());
      const contents = bytes(1, 2, 3);
      await store.save(newMeta(), contents);
      contents.fill(9);
      (await loaded(store)).contents.fill(9);
      expect((await loaded(store)).contents).toEqual(bytes(1, 2, 3));
    });

    it("serves the newest training and keeps the others", async () => {
      const { store } = openStore(await makeDriver());
      const runs = [
        await store.save(newMeta(), bytes(1)),
        await store.save(newMeta(), bytes(2)),
        await store.save(newMeta(), bytes(3)),
      ].map((meta) => meta.run);
      expect((await loaded(store)).contents).toEqual(bytes(3));
      const { iris } = await store.models();
      expect(iris?.["0.0.2"]?.run).toBe(runs[2]);
      expect(iris?.backups.map((meta) => meta.run)).toEqual([runs[1], runs[0]]);
    });

    it("keeps names and versions apart, whatever is a prefix of what", async () => {
      const { store } = openStore(await makeDriver());
      await store.save(newMeta({ name: "my" }), bytes(1));
      await store.save(newMeta({ name: "my_model" }), bytes(2));
      await store.save(newMeta({ name: "my", version: "0.0.20" }), bytes(3));
      expect((await loaded(store, "my")).contents).toEqual(bytes(1));
      expect((await loaded(store, "my_model")).contents).toEqual(bytes(2));
      expect((await loaded(store, "my", "0.0.20")).contents).toEqual(bytes(3));
    });

    it("keeps a version that looks like a number", async () => {
      const { store } = openStore(await makeDriver());
      await store.save(newMeta({ version: "1.10" }), bytes(1));
      expect((await loaded(store, "iris", "1.10")).meta.version).toBe("1.10");
      expect(Object.keys((await store.models()).iris ?? {})).toEqual(["1.10", "latest", "backups"]);
    });

    it("calls the highest version latest, in semantic order", async () => {
      const { store } = openStore(await makeDriver());
      for (const version of ["1.10.0", "1.9.0", "1.10.0-rc.1"]) await store.save(newMeta({ version }), bytes(1));
      const { iris } = await store.models();
      expect(iris?.latest.version).toBe("1.10.0");
      expect(Object.keys(iris ?? {})).toEqual(["1.9.0", "1.10.0-rc.1", "1.10.0", "latest", "backups"]);
    });

    it("lists models that are called like parts of every object", async () => {
      const { store } = openStore(await makeDriver());
      expect((await store.models()).constructor).toBeUndefined();
      for (const name of ["constructor", "toString", "latest"]) {
        await store.save(newMeta({ name, version: "hasOwnProperty" }), bytes(1));
      }
      const list = await store.models();
      expect(Object.keys(list).sort()).toEqual(["constructor", "latest", "toString"]);
      expect(list.constructor?.hasOwnProperty?.name).toBe("constructor");
      expect(JSON.parse(JSON.stringify(list)).toString.latest.name).toBe("toString");
    });

    it("keeps a key __proto__ of the model section as a key", async () => {
      const { store } = openStore(await makeDriver());
      const given = JSON.parse('{ "__proto__": { "polluted": true } }') as Partial<NewMeta>;
      await store.save({ ...newMeta(), ...given }, bytes(1));
      const { meta } = await loaded(store);
      expect(Object.getOwnPropertyDescriptor(meta, "__proto__")?.value).toEqual({ polluted: true });
      expect("polluted" in meta).toBe(false);
    });

    it("refuses names and versions that could lead elsewhere, with the rule", async () => {
      const driver = await makeDriver();
      const { store } = openStore(driver);
      const wrong = [
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "a\\b",
        "a:b",
        "a?b",
        "a%2fb",
        "a b",
        "-a",
        "_a",
        "ä",
        ...controls.map((control) => `a${control}b`),
        ...controls,
      ];
      for (const text of [...wrong, "x".repeat(201), "x".repeat(10_000)]) {
        const refused = { code: "CONFIG_INVALID", message: expect.stringContaining("1 to 200 letters") };
        await expect(store.save(newMeta({ name: text }), bytes(1))).rejects.toMatchObject(refused);
        await expect(store.save(newMeta({ version: text }), bytes(1))).rejects.toMatchObject(refused);
        await expect(store.load(text, "1.0.0")).rejects.toMatchObject(refused);
        await expect(store.load("iris", text)).rejects.toMatchObject(refused);
      }
      console.log(`${wrong.length + 2} names and as many versions refused with the rule, by two methods each`);
      for (const version of ["latest", "backups", "aliases"]) {
        await expect(store.save(newMeta({ version }), bytes(1))).rejects.toMatchObject({ code: "CONFIG_INVALID" });
      }
      expect(await allKeys(driver)).toEqual([]);
      const longest = newMeta({ name: "x".repeat(200), version: "1".repeat(200) });
      await store.save(longest, bytes(1));
      expect((await loaded(store, longest.name, longest.version)).contents).toEqual(bytes(1));
    });

    describe("metrics", () => {
      it("begin with those of the training", async () => {
        const { store } = openStore(await makeDriver());
        const meta = await store.save(newMeta({ created: "2026-11-23T19:04:05+01:00" }), bytes(1));
        expect(meta.metrics_history).toEqual({ "2026-11-23T18:04:05.000Z": newMeta().metrics });
      });

      it("have no history where nothing was tested", async () => {
        const { store } = openStore(await makeDriver());
        const meta = await store.save(newMeta({ metrics: {} }), bytes(1));
        expect([meta.metrics, meta.metrics_history]).toEqual([{}, {}]);
      });

      it("grow with every retest, in the order of time", async () => {
        const { store } = openStore(await makeDriver());
        const meta = await store.save(newMeta(), bytes(1));
        await store.addMetrics(meta, { accuracy: 0.7 }, Date.UTC(2027, 1, 1));
        const returned = await store.addMetrics(meta, { accuracy: 0.8 }, Date.UTC(2027, 0, 1));
        const model = await loaded(store);
        expect(model.meta).toEqual(returned);
        expect(model.meta.metrics).toEqual({ accuracy: 0.7 });
        expect(Object.entries(model.meta.metrics_history)).toEqual([
          ["2026-11-23T18:04:05.000Z", newMeta().metrics],
          ["2027-01-01T00:00:00.000Z", { accuracy: 0.8 }],
          ["2027-02-01T00:00:00.000Z", { accuracy: 0.7 }],
        ]);
        expect((await store.models()).iris?.latest).toEqual(returned);
      });

      it("of the same millisecond are all kept", async () => {
        const { store } = openStore(await makeDriver());
        const meta = await store.save(newMeta(), bytes(1));
        const time = Date.parse(meta.created);
        await Promise.all([1, 2, 3, 4].map((value) => store.addMetrics(meta, { value }, time)));
        const history = (await loaded(store)).meta.metrics_history;
        expect(Object.keys(history)).toEqual(
          [5000, 5001, 5002, 5003, 5004].map((ms) => new Date(time - 5000 + ms).toISOString()),
        );
        const values = Object.values(history)
          .slice(1)
          .map((metrics) => metrics.value);
        expect(values.sort()).toEqual([1, 2, 3, 4]);
      });

      it("change no file that is there", async () => {
        const driver = await makeDriver();
        const { store } = openStore(driver);
        const meta = await store.save(newMeta(), bytes(1));
        await store.addMetrics(meta, { value: 1 }, start);
        const before = await Promise.all((await allKeys(driver)).map(async (key) => [key, await readRaw(driver, key)]));
        await store.addMetrics(meta, { value: 2 }, start);
        for (const [key, data] of before) expect(await readRaw(driver, String(key))).toEqual(data);
      });

      it("belong to their own run", async () => {
        const { store } = openStore(await makeDriver());
        const old = await store.save(newMeta(), bytes(1));
        await store.save(newMeta(), bytes(2));
        await store.addMetrics(old, { accuracy: 0 }, start);
        expect((await loaded(store)).meta.metrics).toEqual(newMeta().metrics);
      });

      it("cannot be added to a run that is gone", async () => {
        const driver = await makeDriver();
        const { store } = openStore(driver);
        const meta = await store.save(newMeta(), bytes(1));
        await remove(driver, keysOf(meta).meta);
        const failure = { code: "STORE_CORRUPT", message: expect.stringContaining(meta.run) };
        await expect(store.addMetrics(meta, {}, start)).rejects.toMatchObject(failure);
      });
    });

    describe("when something fails", () => {
      for (const how of ["before", "halfway", "after"] as const) {
        it(`serves the old model, whole, if a write fails ${how} it is done, whichever it is`, async () => {
          const last = how === "before" ? 4 : 3;
          for (let n = 1; n <= last; n++) {
            const driver = await makeDriver();
            const old = await openStore(driver).store.save(newMeta(), bytes(1, 2, 3));
            const before = await allKeys(driver);
            const { failing, hasFailed } = failingAt(driver, n, how);
            const { store, warnings } = openStore(failing, () => start + 3_600_000);
            await expect(store.save(newMeta(), bytes(4, 5, 6))).rejects.toMatchObject({
              code: "STORE_UNAVAILABLE",
              message: expect.stringMatching(/\.\/model_store cannot be written.*ENOSPC/),
            });
            expect(hasFailed()).toBe(true);
            expect(await loaded(store)).toEqual({ contents: bytes(1, 2, 3), meta: old });
            expect(await allKeys(driver)).toEqual(expect.arrayContaining(before));
            expect((await store.models()).iris?.latest.run).toBe(old.run);
            expect(warnings.length).toBe(n === 2 && how === "halfway" ? 1 : 0);
            const next = await store.save(newMeta(), bytes(7));
            expect(await loaded(store)).toEqual({ contents: bytes(7), meta: next });
          }
        });
      }

      it("writes four times, so that every write has been tried above", async () => {
        const { failing, hasFailed } = failingAt(await makeDriver(), 5, "before");
        const { store } = openStore(failing);
        await store.save(newMeta(), bytes(1));
        expect(hasFailed()).toBe(false);
        await expect(store.save(newMeta(), bytes(1))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
      });

      it("says that it cannot be read, and does not take it for empty", async () => {
        const failure = () => Promise.reject(coded("EACCES", "permission denied"));
        const driver = { ...(await makeDriver()), getItem: failure, getItemRaw: failure, getKeys: failure };
        const { store } = openStore(driver);
        const unavailable = {
          code: "STORE_UNAVAILABLE",
          message: expect.stringMatching(/model_store cannot be read.*EACCES/),
        };
        await expect(store.load("iris", "0.0.2")).rejects.toMatchObject(unavailable);
        await expect(store.models()).rejects.toMatchObject(unavailable);
      });

      it("loses none of 16 trainings at once", async () => {
        const driver = await makeDriver();
        const frozen = () => start;
        const metas = await Promise.all(
          Array.from({ length: 16 }, (_, at) => openStore(driver, frozen).store.save(newMeta(), bytes(at))),
        );
        const { store } = openStore(driver);
        const current = await loaded(store);
        const { iris } = await store.models();
        expect(iris?.backups).toHaveLength(15);
        expect(new Set([current.meta, ...(iris?.backups ?? [])].map((meta) => meta.run))).toEqual(
          new Set(metas.map((meta) => meta.run)),
        );
        for (const [at, { name, version, run }] of metas.entries()) {
          expect((await store.loadRun({ name, version, run })).contents).toEqual(bytes(at));
        }
        console.log(`16 trainings at once: ${metas.length} runs, 1 current, ${metas.length} loaded`);
        expect(current.contents).toEqual(bytes(metas.findIndex((meta) => meta.run === current.meta.run)));
      });
    });

    describe("when something was damaged", () => {
      /** A store of three runs, the second of which is current no more; and the keys of the one that is. */
      async function filled() {
        const driver = await makeDriver();
        const { store, warnings } = openStore(driver);
        const first = await store.save(newMeta(), bytes(1));
        const meta = await store.save(
          newMeta(),
          Uint8Array.from({ length: 400 }, (_, at) => at % 251),
        );
        await store.save(newMeta({ name: "other" }), bytes(3));
        return { driver, store, warnings, first, meta, keys: keysOf(meta) };
      }

      const damages: Record<string, (data: Uint8Array, at: number) => Uint8Array> = {
        "one bit is flipped": (data, at) => data.map((byte, index) => (index === at ? byte ^ 1 : byte)),
        "one byte is inverted": (data, at) => data.map((byte, index) => (index === at ? ~byte : byte)),
        "eight bytes are zeros": (data, at) => data.map((byte, index) => (index >= at && index < at + 8 ? 0 : byte)),
        "it ends early": (data, at) => data.slice(0, at),
        "a byte is missing": (data, at) => Uint8Array.from([...data.slice(0, at), ...data.slice(at + 1)]),
        "a byte is added": (data, at) => Uint8Array.from([...data.slice(0, at), 0x31, ...data.slice(at)]),
      };
      for (const [what, damage] of Object.entries(damages)) {
        for (const file of ["contents", "meta", "current"] as const) {
          it(`never serves a wrong model: ${file}, ${what}`, async () => {
            const { driver, store, meta, keys } = await filled();
            const whole = await readRaw(driver, keys[file]);
            const model = await loaded(store);
            let [tried, refused] = [0, 0];
            for (let at = 0; at < whole.length; at += Math.max(1, Math.ceil(whole.length / positions))) {
              const damaged = damage(whole, at);
              if (damaged.every((byte, index) => byte === whole[index]) && damaged.length === whole.length) continue;
              tried++;
              await writeRaw(driver, keys[file], damaged);
              try {
                // White space may change in JSON, and nothing else.
                expect(await loaded(store)).toEqual(model);
              } catch (error) {
                refused++;
                expect(error).toMatchObject({ code: "STORE_CORRUPT", message: expect.stringContaining("iris") });
                if (file !== "current") expect(String(error)).toContain(meta.run);
              }
            }
            expect(refused).toBeGreaterThan(tried / 2);
            console.log(
              `${file}, ${what}: ${tried} damages of ${whole.length} bytes, ${refused} refused, ${tried - refused} harmless, 0 wrong`,
            );
            await writeRaw(driver, keys[file], whole);
            expect(await loaded(store)).toEqual(model);
          });
        }
      }

      it("names the run, both digests, and the runs that are left", async () => {
        const { driver, store, first, meta, keys } = await filled();
        await writeRaw(driver, keys.contents, "abc");
        const error = await store.load("iris", "0.0.2").catch((error: unknown) => error);
        expect(error).toMatchObject({ code: "STORE_CORRUPT" });
        for (const part of [
          `iris 0.0.2, run ${meta.run}`,
          `iris/0.0.2/${meta.run}/contents`,
          "found 3 bytes with SHA-256 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
          `expected 400 bytes with SHA-256 ${meta.contents.sha256}`,
          `other runs of this version are still there: 1, the newest is ${first.run}`,
        ]) {
          expect(String(error)).toContain(part);
        }
      });

      it("does not speak of other runs where there is none", async () => {
        const driver = await makeDriver();
        const { store } = openStore(driver);
        await remove(driver, keysOf(await store.save(newMeta(), bytes(1))).contents);
        await expect(store.load("iris", "0.0.2")).rejects.toThrow("This version has no other run.");
      });

      it("refuses a current run whose metadata or contents are missing", async () => {
        for (const file of ["meta", "contents"] as const) {
          const { driver, store, keys, meta } = await filled();
          await remove(driver, keys[file]);
          const missing = { code: "STORE_CORRUPT", message: expect.stringMatching(`${meta.run}.*is missing`) };
          await expect(store.load("iris", "0.0.2")).rejects.toMatchObject(missing);
        }
      });

      it("refuses metadata that belongs to another run, version or model", async () => {
        const { driver, store, first, keys } = await filled();
        await writeRaw(driver, keys.meta, await readRaw(driver, keysOf(first).meta));
        await expect(store.load("iris", "0.0.2")).rejects.toMatchObject({
          code: "STORE_CORRUPT",
          message: expect.stringContaining(`belongs to iris 0.0.2, run ${first.run}`),
        });
        const { meta } = await loaded(store, "other");
        await writeRaw(driver, `iris:0.0.2:${meta.run}:meta.json`, await readRaw(driver, keysOf(meta).meta));
        await writeRaw(driver, keys.current, JSON.stringify({ run: meta.run }));
        await expect(store.load("iris", "0.0.2")).rejects.toThrow("belongs to other 0.0.2");
      });

      it("refuses a current.json of another form, and none that names a path", async () => {
        const { driver, store, keys } = await filled();
        for (const text of ["null", "[]", "3", '"x"', "{}", '{"run":1}', '{"run":"../../other"}', '{"run":""}', ""]) {
          await writeRaw(driver, keys.current, text);
          await expect(store.load("iris", "0.0.2")).rejects.toMatchObject({ code: "STORE_CORRUPT" });
        }
      });

      it("refuses altered metrics of a retest", async () => {
        const { driver, store, meta } = await filled();
        await store.addMetrics(meta, { accuracy: 0.5 }, start);
        const key = (await allKeys(driver)).find((key) => key.includes(":metrics:")) ?? "";
        const text = new TextDecoder().decode(await readRaw(driver, key));
        await writeRaw(driver, key, text.replace("0.5", "0.9"));
        await expect(store.load("iris", "0.0.2")).rejects.toMatchObject({ code: "STORE_CORRUPT" });
        await writeRaw(driver, key, text);
        expect((await loaded(store)).meta.metrics).toEqual({ accuracy: 0.5 });
      });

      it("lists everything else, and says what it left out", async () => {
        const { driver, store, warnings, first, meta, keys } = await filled();
        await writeRaw(driver, keysOf(first).meta, "{");
        const list = await store.models();
        expect(list.iris?.latest.run).toBe(meta.run);
        expect(list.iris?.backups).toEqual([]);
        expect(list.other?.latest.name).toBe("other");
        expect(warnings).toEqual([expect.stringContaining(first.run)]);
        await writeRaw(driver, keys.current, "nonsense");
        expect(Object.keys(await store.models())).toEqual(["other"]);
      });

      it("lists no run that was never finished, and no file of somebody else's", async () => {
        const { driver, store, warnings } = await filled();
        const before = await store.models();
        await writeRaw(driver, "iris:0.0.2:20261123T180405123Z-00000000:contents", "half");
        await writeRaw(driver, "iris:9.0.0:20261123T180405123Z-00000000:contents", "half");
        await writeRaw(driver, "README.md", "hello");
        await writeRaw(driver, "iris:notes:a:b:c:d.txt", "hello");
        expect(await store.models()).toEqual(before);
        expect(warnings).toEqual([]);
      });

      it("warns of a current.json that names a run which is not there, and lists the other versions", async () => {
        const { driver, store, warnings } = await filled();
        await store.save(newMeta({ version: "0.0.1" }), bytes(1));
        await writeRaw(driver, "iris:0.0.2:current.json", '{"run":"20261123T180405123Z-00000000"}');
        const { iris } = await store.models();
        expect(Object.keys(iris ?? {})).toEqual(["0.0.1", "latest", "backups"]);
        expect(iris?.backups).toHaveLength(2);
        expect(warnings).toEqual([expect.stringContaining("20261123T180405123Z-00000000")]);
      });
    });

    operationsContract(makeDriver, positions);
  });
}
