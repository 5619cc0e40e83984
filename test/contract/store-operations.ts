import type { Driver } from "unstorage";
import { describe, expect, it } from "vitest";
import type { Meta, RunName } from "../../src/store/types.ts";
import { newMeta, openStore } from "./store.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);
const nameOf = ({ name, version, run }: Meta): RunName => ({ name, version, run });
const noRun = "20261123T180405123Z-00000000";

async function write(driver: Driver, key: string, data: string): Promise<void> {
  await driver.setItemRaw?.(key, new TextEncoder().encode(data), {});
}

/**
 * Runs the promises of what is done with runs after they were stored: promotion, references, upkeep, carrying.
 *
 * @param makeDriver Makes a driver over an empty storage, with raw methods.
 * @param positions In how many places a file is damaged, at most.
 */
export function operationsContract(makeDriver: () => Driver | Promise<Driver>, positions: number): void {
  /** A store with some runs of one version, the newest of which serves. */
  async function filled(runs = 3) {
    const driver = await makeDriver();
    const opened = openStore(driver);
    const metas: Meta[] = [];
    for (let at = 0; at < runs; at++) metas.push(await opened.store.save(newMeta(), bytes(at)));
    return { driver, ...opened, runs: metas.map(nameOf) as [RunName, RunName, RunName] };
  }
  const id = { name: "iris", version: "0.0.2" };
  const keysOf = async (driver: Driver) => (await driver.getKeys("", {})).map((key) => key.replaceAll("/", ":")).sort();

  describe("promotions", () => {
    it("are written down, oldest first, with what served before and why", async () => {
      const { store, runs } = await filled();
      const [a, b, c] = runs;
      await store.promote(a);
      const history = await store.promotions("iris", "0.0.2");
      expect(history.map(({ run, previous, reason }) => [run, previous, reason])).toEqual([
        [a.run, null, "train"],
        [b.run, a.run, "train"],
        [c.run, b.run, "train"],
        [a.run, c.run, "promote"],
      ]);
      expect(history[0]?.time).toBe("2026-11-23T18:04:07.123Z");
      expect((await store.load("iris", "0.0.2"))?.meta.run).toBe(a.run);
    });

    it("do not happen to a run that is saved without", async () => {
      const { store, runs } = await filled(1);
      const kept = await store.save(newMeta(), bytes(9), { promote: false });
      expect(await store.current("iris", "0.0.2")).toBe(runs[0].run);
      expect((await store.loadRun(nameOf(kept))).contents).toEqual(bytes(9));
      expect((await store.meta("iris", "0.0.2"))?.run).toBe(runs[0].run);
      expect(await store.promotions("iris", "0.0.2")).toHaveLength(1);
    });

    it("of what serves already, or of what is not whole, change nothing", async () => {
      const { store, driver, runs } = await filled();
      await store.promote(runs[2]);
      await write(driver, `iris:0.0.2:${runs[0].run}:contents`, "altered");
      const damaged = { code: "STORE_CORRUPT", message: expect.stringContaining(runs[0].run) };
      await expect(store.promote(runs[0])).rejects.toMatchObject(damaged);
      await expect(store.promote({ ...id, run: noRun })).rejects.toMatchObject({ code: "MODEL_NOT_TRAINED" });
      await expect(store.promote({ ...id, run: "../x" })).rejects.toMatchObject({ code: "MODEL_NOT_TRAINED" });
      expect(await store.current("iris", "0.0.2")).toBe(runs[2].run);
      expect(await store.promotions("iris", "0.0.2")).toHaveLength(3);
    });

    it("two at once: one of them is current, history shows both", async () => {
      const { driver, runs } = await filled();
      await Promise.all([openStore(driver).store.promote(runs[0]), openStore(driver).store.promote(runs[1])]);
      const { store } = openStore(driver);
      const current = await store.current("iris", "0.0.2");
      expect([runs[0].run, runs[1].run]).toContain(current);
      const promoted = (await store.promotions("iris", "0.0.2")).filter(({ reason }) => reason === "promote");
      expect(new Set(promoted.map(({ run }) => run))).toEqual(new Set([runs[0].run, runs[1].run]));
      console.log(`two promotions at once: ${promoted.length} in the history, 1 current`);
    });

    it("that were altered are left out, and said", async () => {
      const { store, driver, warnings } = await filled();
      const key = (await keysOf(driver)).find((key) => key.includes(":promotions:")) ?? "";
      await write(driver, key, '{"run":"x"}');
      expect(await store.promotions("iris", "0.0.2")).toHaveLength(2);
      expect(warnings).toEqual([expect.stringContaining(key.replaceAll(":", "/"))]);
    });
  });

  describe("rollback", () => {
    it("goes back one run at a time, until there is none", async () => {
      const { store, runs } = await filled();
      expect(await store.rollback("iris", "0.0.2")).toEqual(runs[1]);
      expect(await store.rollback("iris", "0.0.2")).toEqual(runs[0]);
      expect((await store.load("iris", "0.0.2"))?.contents).toEqual(bytes(0));
      await expect(store.rollback("iris", "0.0.2")).rejects.toMatchObject({
        code: "MODEL_NOT_TRAINED",
        message: expect.stringContaining("there is nothing to go back to"),
      });
      await expect(store.rollback("iris", "9.9")).rejects.toMatchObject({ code: "MODEL_NOT_TRAINED" });
    });

    it("goes by what served, not by what is newest, and never to a run that did not serve", async () => {
      const { store, runs } = await filled();
      await store.save(newMeta(), bytes(9), { promote: false });
      await store.promote(runs[0]);
      expect(await store.rollback("iris", "0.0.2")).toEqual(runs[2]);
    });

    it("passes over a promotion that was written down and never took effect", async () => {
      const { driver, runs } = await filled(2);
      const failing: Driver = {
        ...driver,
        setItemRaw: (key, value, options) => {
          if (key.endsWith("current.json")) throw Object.assign(new Error("killed"), { code: "ENOSPC" });
          return driver.setItemRaw?.(key, value, options);
        },
      };
      const later = (at: number) => () => Date.UTC(2027, 0, at);
      await expect(openStore(failing, later(1)).store.save(newMeta(), bytes(7))).rejects.toThrow("killed");
      const { store } = openStore(driver, later(2));
      expect(await store.current("iris", "0.0.2")).toBe(runs[1].run);
      await store.save(newMeta(), bytes(8));
      expect(await openStore(driver, later(3)).store.rollback("iris", "0.0.2")).toEqual(runs[1]);
    });
  });

  describe("references and aliases", () => {
    it("mean one run each", async () => {
      const { store, runs } = await filled();
      const high = nameOf(await store.save(newMeta({ version: "0.0.10" }), bytes(5)));
      await store.alias("iris", "champion", runs[0]);
      const expected: Record<string, RunName> = {
        iris: high,
        "iris@latest": high,
        "iris@0.0.2": runs[2],
        "iris@champion": runs[0],
        [`iris@0.0.2/${runs[1].run}`]: runs[1],
        [`iris@0.0.2/${runs[1].run.slice(0, 18)}`]: runs[1],
        [`iris@latest/${high.run.slice(0, 8)}`]: high,
      };
      for (const [text, run] of Object.entries(expected)) expect(await store.resolve(text), text).toEqual(run);
    });

    it("that mean nothing are told what there is", async () => {
      const { store } = await filled(1);
      for (const [text, there] of [
        ["rose", "Models there are: iris"],
        ["iris@9", "Versions of iris that serve: 0.0.2"],
        ["iris@0.0.2/2025", "no run that begins with"],
      ] as const) {
        const failure = { code: "MODEL_NOT_TRAINED", message: expect.stringContaining(there) };
        await expect(store.resolve(text)).rejects.toMatchObject(failure);
      }
    });

    it("that mean several runs, or are none, are refused", async () => {
      const { store } = await filled();
      const refused = (text: string) => ({ code: "CONFIG_INVALID", message: expect.stringContaining(text) });
      await expect(store.resolve("iris@0.0.2/2026")).rejects.toMatchObject(refused("3 runs"));
      const wrong = [
        "",
        "@1",
        "a/b",
        "..",
        "iris@..",
        "a:b",
        "iris@a?b",
        "a%2f",
        "iris@1/../x",
        "a\0",
        "iris@1@2",
        "iris@\n",
      ];
      for (const text of [...wrong, "x".repeat(10_000)]) {
        await expect(store.resolve(text), text).rejects.toMatchObject(refused("1 to 200 letters"));
        await expect(store.alias("iris", text, undefined)).rejects.toMatchObject(refused("1 to 200 letters"));
        await expect(store.aliases(text)).rejects.toMatchObject(refused("1 to 200 letters"));
        await expect(store.runs(text)).rejects.toMatchObject(refused("1 to 200 letters"));
        await expect(store.loadRun({ name: text, version: "1", run: noRun })).rejects.toMatchObject(
          refused("1 to 200"),
        );
      }
      console.log(`${wrong.length + 1} names refused with the rule, by five methods each`);
    });

    it("move, are listed and are taken away", async () => {
      const { store, runs } = await filled();
      await store.alias("iris", "champion", runs[0]);
      await store.alias("iris", "champion", runs[1]);
      await store.alias("iris", "shadow", runs[0]);
      expect(await store.aliases("iris")).toEqual({ champion: runs[1], shadow: runs[0] });
      await store.alias("iris", "champion", undefined);
      expect(Object.keys(await store.aliases("iris"))).toEqual(["shadow"]);
      await expect(store.alias("iris", "champion", undefined)).rejects.toThrow("Aliases there are: shadow");
    });

    it("point only at a run that is whole, of the same model, and never have the name of a version", async () => {
      const { store, runs } = await filled();
      const other = nameOf(await store.save(newMeta({ name: "other" }), bytes(1)));
      await expect(store.alias("iris", "x", other)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
      await expect(store.alias("iris", "0.0.2", runs[0])).rejects.toMatchObject({ code: "CONFIG_INVALID" });
      await expect(store.alias("iris", "latest", runs[0])).rejects.toMatchObject({ code: "CONFIG_INVALID" });
      const gone = store.alias("iris", "x", { ...id, run: noRun });
      await expect(gone).rejects.toMatchObject({ code: "MODEL_NOT_TRAINED" });
      expect(await store.aliases("iris")).toEqual({});
    });
  });

  it("lists all runs, newest first, with what serves and aliases; damaged ones are logged and left out", async () => {
    const { store, driver, warnings, runs } = await filled();
    const idle = await store.save(newMeta({ version: "1.0" }), bytes(4), { promote: false });
    await store.save(newMeta({ name: "other" }), bytes(5));
    await store.alias("iris", "champion", runs[0]);
    const shown = async (...of: string[]) =>
      (await store.runs(...of)).map(({ meta, current, aliases }) => [meta.run, current, ...aliases]);
    const of2 = [[runs[2].run, true], [runs[1].run, false], [runs[0].run, false, "champion"]]; // biome-ignore format: a table
    expect(await shown("iris", "0.0.2")).toEqual(of2);
    expect(await shown("iris")).toEqual([[idle.run, false], ...of2]);
    expect(await shown()).toHaveLength(5);
    await write(driver, `iris:0.0.2:${runs[1].run}:meta.json`, "{");
    expect(await shown("iris", "0.0.2")).toHaveLength(2);
    expect(warnings).toEqual([expect.stringContaining(runs[1].run)]);
  });

  it("gives an overview, and reads nothing but what serves", async () => {
    const { store, driver, runs } = await filled(6);
    const current = runs.at(-1) ?? runs[2];
    const measured = await store.addMetrics(
      (await store.loadRun(current)).meta,
      { accuracy: 0.7 },
      Date.UTC(2027, 0, 1),
    );
    await store.save(newMeta({ version: "0.0.10" }), bytes(1), { promote: false });
    await store.save(newMeta({ name: "another" }), bytes(1));
    await store.alias("iris", "champion", runs[1]);
    const read: string[] = [];
    const counting: Driver = {
      ...driver,
      getItemRaw: (key, options) => {
        read.push(key.replaceAll("/", ":"));
        return driver.getItemRaw?.(key, options);
      },
    };
    const found = await openStore(counting).store.overview();
    expect(found.map(({ name, version }) => `${name} ${version}`)).toEqual([
      "another 0.0.2",
      "iris 0.0.2",
      "iris 0.0.10",
    ]);
    expect(found[1]).toEqual({
      ...id,
      current: { run: current.run, created: measured.created, metrics: { accuracy: 0.7 } },
      aliases: [{ alias: "champion", run: runs[1].run }],
      others: runs
        .slice(0, 5)
        .map(({ run }) => run)
        .reverse(),
    });
    expect(found[2]).toMatchObject({ current: null, others: [expect.any(String)], aliases: [] });
    // Of two versions that serve: which run that is, and its metadata; the alias; the retest.
    expect(read.length).toBe(6);
    expect(read.some((key) => key.includes(runs[0].run))).toBe(false);
  });

  it("gives an overview of what is left when something is damaged, and says what is", async () => {
    const { store, driver, runs, warnings } = await filled();
    await store.save(newMeta({ name: "another" }), bytes(1));
    await write(driver, `iris:0.0.2:${runs[2].run}:meta.json`, "{}");
    const found = await store.overview();
    expect(found.map(({ name, current }) => [name, current === null])).toEqual([
      ["another", false],
      ["iris", true],
    ]);
    expect(found[1]?.others).toEqual([...runs].reverse().map(({ run }) => run));
    expect(warnings).toEqual([expect.stringContaining(runs[2].run)]);
    await driver.removeItem?.(`iris:0.0.2:${runs[2].run}:meta.json`, {});
    expect((await store.overview())[1]).toMatchObject({ current: null });
    expect(warnings.at(-1)).toContain("missing");
  });

  it("verifies every run, and whatever names one", async () => {
    const { store, driver, runs } = await filled();
    await store.alias("iris", "champion", runs[0]);
    expect((await store.verify()).map(({ run, problems }) => [run, problems])).toEqual(
      runs.map(({ run }) => [run, []]),
    );
    await write(driver, `iris:0.0.2:${runs[0].run}:contents`, "altered");
    await write(driver, `iris:0.0.2:${runs[1].run}:meta.json`, "{}");
    await write(driver, "iris:0.0.2:current.json", JSON.stringify({ run: noRun }));
    await write(driver, "iris:aliases:champion.json", "{}");
    await write(driver, `iris:0.0.2:promotions:${noRun}.json`, "{}");
    const found = (await store.verify("iris")).filter(({ problems }) => problems.length > 0);
    expect(found.map(({ version, run }) => `${version}/${run}`)).toEqual([
      `0.0.2/${runs[0].run}`,
      `0.0.2/${runs[1].run}`,
      `0.0.2/promotions/${noRun}.json`,
      "0.0.2/current.json",
      "aliases/champion.json",
    ]);
    expect(await store.verify("other")).toEqual([]);
  });

  describe("prune", () => {
    it("removes all but the newest, what is current and what is aliased; a dry run removes nothing", async () => {
      const { store, driver, runs } = await filled(6);
      await store.promote(runs[0]);
      await store.alias("iris", "champion", runs[1]);
      await store.addMetrics((await store.loadRun(runs[2])).meta, { accuracy: 1 }, Date.UTC(2027, 0, 1));
      const before = await keysOf(driver);
      const all = (await store.runs()).map(({ meta }) => nameOf(meta)).reverse();
      const expected = [all[3], all[2]];
      expect(await store.prune({ keep: 2, dryRun: true })).toEqual(expected);
      expect(await keysOf(driver)).toEqual(before);
      expect(await store.prune({ keep: 2, name: "other" })).toEqual([]);
      expect(await store.prune({ keep: 2 })).toEqual(expected);
      expect((await store.runs()).map(({ meta }) => nameOf(meta)).reverse()).toEqual([all[0], all[1], all[4], all[5]]);
      const removed = (key: string) => expected.some((of) => of && key.includes(`:${of.run}:`));
      expect(await keysOf(driver)).toEqual(before.filter((key) => !removed(key)));
      expect((await store.verify()).flatMap(({ problems }) => problems)).toEqual([]);
    });

    it("removes nothing when it cannot tell what is needed, or how many", async () => {
      const { store, driver, runs } = await filled();
      for (const keep of [-1, 0.5, Number.NaN]) {
        await expect(store.prune({ keep })).rejects.toMatchObject({ code: "CONFIG_INVALID" });
      }
      await write(driver, "iris:aliases:champion.json", "{}");
      await expect(store.prune({ keep: 0 })).rejects.toMatchObject({ code: "STORE_CORRUPT" });
      expect(await store.runs()).toHaveLength(runs.length);
    });

    it("leaves no run that looks whole and is not, wherever it is stopped; the next one ends its work", async () => {
      for (let stopAt = 1; stopAt <= 2; stopAt++) {
        const { driver, runs } = await filled(2);
        let removals = 0;
        const failing: Driver = {
          ...driver,
          removeItem(key, options) {
            removals++;
            if (removals >= stopAt) throw Object.assign(new Error("killed"), { code: "EROFS" });
            return driver.removeItem?.(key, options);
          },
        };
        await expect(openStore(failing).store.prune({ keep: 1 })).rejects.toThrow("killed");
        const { store } = openStore(driver, () => Date.UTC(2027, 0, 1));
        expect((await store.verify()).flatMap(({ problems }) => problems)).toEqual([]);
        await store.prune({ keep: 1 });
        expect((await keysOf(driver)).filter((key) => key.includes(`:${runs[0].run}:`))).toEqual([]);
      }
    });
  });

  describe("export and import", () => {
    it("carry a run, retests included, to another store, where it serves if nothing else does", async () => {
      const { store, runs } = await filled();
      await store.addMetrics((await store.loadRun(runs[0])).meta, { accuracy: 0.1 }, Date.UTC(2027, 0, 1));
      const other = openStore(await makeDriver()).store;
      const [first, second] = [await store.export(runs[0]), await store.export(runs[1])];
      expect(await other.import(first)).toEqual(runs[0]);
      expect(await other.load("iris", "0.0.2")).toEqual(await store.loadRun(runs[0]));
      expect((await other.promotions("iris", "0.0.2")).map(({ reason }) => reason)).toEqual(["import"]);
      expect(await other.import(second)).toEqual(runs[1]);
      expect(await other.current("iris", "0.0.2")).toBe(runs[0].run);
      expect(await other.import(first)).toEqual(runs[0]);
      expect(await other.runs()).toHaveLength(2);
      expect(await other.export(runs[0])).toEqual(first);
    });

    it("mend a damaged run, and refuse a different one of the same name", async () => {
      const { store, driver, runs } = await filled(2);
      const exported = await store.export(runs[0]);
      for (const file of ["contents", "meta.json"]) {
        await write(driver, `iris:0.0.2:${runs[0].run}:${file}`, "altered");
        await store.import(exported);
        expect((await store.loadRun(runs[0])).contents).toEqual(bytes(0));
      }
      const other = await makeDriver();
      const fixed = openStore(other, () => Date.UTC(2026, 10, 23, 18, 4, 6, 123)).store;
      const { run } = await fixed.save(newMeta({ created_by: "joe" }), bytes(0));
      for (const file of ["contents", "meta.json"]) {
        const data = await other.getItemRaw?.(`iris:0.0.2:${run}:${file}`, {});
        await driver.setItemRaw?.(`iris:0.0.2:${run}:${file}`, data, {});
      }
      const from = await fixed.export({ ...id, run });
      await store.import(from);
      const before = await keysOf(driver);
      // The same name, other metadata.
      const third = openStore(await makeDriver()).store;
      await third.import(from);
      await write(driver, `iris:0.0.2:${run}:meta.json`, await resealed(from));
      await expect(store.import(from)).rejects.toMatchObject({
        code: "BUNDLE_INVALID",
        message: expect.stringContaining(`different run ${run}`),
      });
      expect(await keysOf(driver)).toEqual(before);
    });

    it("refuse a file that was cut or altered anywhere", async () => {
      const { store, runs } = await filled(1);
      const whole = await store.export(runs[0]);
      const target = await makeDriver();
      const { store: other } = openStore(target);
      let refused = 0;
      for (let at = 0; at < whole.length; at += Math.max(1, Math.ceil(whole.length / (positions * 10)))) {
        const altered = whole.map((byte, index) => (index === at ? byte ^ 1 : byte));
        for (const damaged of [altered, whole.slice(0, at)]) {
          await expect(other.import(damaged)).rejects.toMatchObject({ code: "BUNDLE_INVALID" });
          refused++;
        }
      }
      await expect(other.import(bytes(...whole, 0))).rejects.toMatchObject({ code: "BUNDLE_INVALID" });
      expect(await keysOf(target)).toEqual([]);
      console.log(`import: ${refused + 1} damaged files, ${refused + 1} refused, nothing written`);
    });
  });
}

/** Metadata like those in an exported file, of another person, with a seal of their own. */
async function resealed(exported: Uint8Array): Promise<string> {
  const text = new TextDecoder().decode(exported);
  const from = text.lastIndexOf('{\n  "name"');
  const { addChecksum, checkChecksum } = await import("../../src/store/signing/checksum.ts");
  const document = await checkChecksum(JSON.parse(text.slice(from)));
  return (await addChecksum({ ...document, created_by: "eve" })).text;
}
