import { describe, expect, it, vi } from "vitest";
import {
  createLaunchpad,
  defineModel,
  defineSink,
  type Model,
  type ModelContext,
  pluginsFrom,
} from "../../../src/internal.ts";
import { testHost } from "../../support/host.ts";

/** A model that writes as it is told, into a diary that can be kept shut. */
function setUp(predict: (run: ModelContext) => unknown) {
  const written: string[] = [];
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const plugin = defineSink({
    serves: ["diary"],
    open: () => ({
      async writeRaw(data) {
        const text = await new Response(data).text();
        await opened;
        if (text === "secret") throw new Error("it does not take this");
        written.push(text);
      },
    }),
  });
  const model = defineModel({ train: () => 0, test: () => ({}), predict: (_, __, run) => predict(run) });
  const host = testHost();
  const launchpad = createLaunchpad({
    config: {
      model_store: { location: "memory:" },
      datasinks: { diary: { type: "diary" } },
      model: { name: "writer", version: "1.0.0", module: "writer" },
      api: { name: "writer" },
    },
    model: model as Model,
    host,
    plugins: pluginsFrom({ plugin }, "plugin"),
  });
  const tasks: Promise<unknown>[] = [];
  const ask = async () => {
    const request = new Request("http://x/writer/v1/predictions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    const response = await launchpad.fetch(request, { waitUntil: (task) => void tasks.push(task) });
    return [response.status, await response.json()];
  };
  const errors = () => host.records.filter(({ level }) => level === "error").map(({ message }) => message);
  return { launchpad, ask, tasks, written, open, errors };
}

describe("what a prediction writes and does not wait for", () => {
  it("is kept alive after the response, where the runtime would end it", async () => {
    const { launchpad, ask, tasks, written, open, errors } = setUp(({ sink }) => {
      sink("diary").writeRaw("dear diary");
      return { written: "soon" };
    });
    await launchpad.train();
    expect(await ask()).toEqual([200, { written: "soon" }]);
    expect([tasks.length, written]).toEqual([1, []]);
    open();
    await Promise.all(tasks);
    expect([written, errors()]).toEqual([["dear diary"], []]);
  });

  it("is in the log when it fails after the response, and ends no server", async () => {
    const { launchpad, ask, tasks, open, errors } = setUp(({ sink }) => {
      sink("diary").writeRaw("secret");
      return {};
    });
    await launchpad.train();
    expect(await ask()).toEqual([200, {}]);
    expect(errors()).toEqual([]);
    open();
    await Promise.all(tasks);
    expect(errors()).toEqual(["predict went on without what it wrote: [diary] diary: it does not take this"]);
  });

  it("is in the log when it fails before the response", async () => {
    const { launchpad, ask, open, errors } = setUp(async ({ sink }) => {
      sink("diary").writeRaw("secret");
      await new Promise((resolve) => setTimeout(resolve, 5));
      return {};
    });
    open();
    await launchpad.train();
    expect(await ask()).toEqual([200, {}]);
    expect(errors()).toEqual(["predict went on without what it wrote: [diary] diary: it does not take this"]);
  });

  it("is an error of the prediction, told once, when that waits for it", async () => {
    const { launchpad, ask, open, errors } = setUp(({ sink }) => sink("diary").writeRaw("secret"));
    open();
    await launchpad.train();
    expect((await ask())[0]).toBe(500);
    expect(errors()).toEqual([expect.stringContaining("[diary] diary: it does not take this")]);
  });

  it("is written before everything is closed", async () => {
    const { launchpad, ask, written, open } = setUp(({ sink }) => {
      sink("diary").writeRaw("the last word");
      return {};
    });
    await launchpad.train();
    await ask();
    let closed = false;
    const closing = launchpad.close().then(() => {
      closed = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([closed, written]).toEqual([false, []]);
    open();
    await closing;
    expect(written).toEqual(["the last word"]);
  });

  it("does not hold up the end for ever", async () => {
    const { launchpad, ask, written } = setUp(({ sink }) => {
      sink("diary").writeRaw("never taken");
      return {};
    });
    await launchpad.train();
    await ask();
    vi.useFakeTimers();
    try {
      const closing = launchpad.close();
      await vi.advanceTimersByTimeAsync(10_000);
      await closing;
    } finally {
      vi.useRealTimers();
    }
    expect(written).toEqual([]);
  });
});
