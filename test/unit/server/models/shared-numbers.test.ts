import { describe, expect, it } from "vitest";
import { combine, createLaunchpad, defineModel } from "../../../../src/index.ts";
import { testHost } from "../../../support/host.ts";

const host = () =>
  testHost({ pageFile: async () => new Uint8Array([32]), env: (name) => (name === "T" ? "t0ken" : undefined) });

async function combined(api: object) {
  const launchpad = createLaunchpad({
    config: {
      model_store: { location: "memory:" },
      model: { name: "iris", version: "1.0.0", module: "m" },
      api: { name: "iris" },
    },
    model: defineModel({ train: () => ({}), test: () => ({}), predict: () => ({ y: 1 }) }),
    host: host(),
  });
  await launchpad.train();
  const all = combine({ iris: launchpad }, { api: api as never, host: host() });
  const status = async (path: string, token?: string) =>
    (await all.fetch(new Request(`http://h${path}`, { headers: token ? { authorization: `Bearer ${token}` } : {} })))
      .status;
  return { status, close: all.close };
}

describe("the numbers of one model among several", () => {
  it("ask for the token of all, whichever way their path is written", async () => {
    const { status, close } = await combined({ metrics: { token_var: "T" } });
    for (const path of ["/metrics", "/models/iris/metrics", "/models/iris/./metrics", "/models/iris/drift"]) {
      expect([path, await status(path), await status(path, "wrong")]).toEqual([path, 401, 401]);
    }
    for (const path of ["/metrics", "/models/iris/metrics"]) expect(await status(path, "t0ken")).toBe(200);
    expect(await status("/models/iris/iris/v1/predictions")).toBe(405);
    await close();
  });

  it("are not there where all have none", async () => {
    const { status, close } = await combined({ metrics: false });
    expect([await status("/metrics"), await status("/models/iris/metrics")]).toEqual([404, 404]);
    await close();
  });
});
