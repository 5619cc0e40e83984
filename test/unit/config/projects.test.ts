import { describe, expect, it } from "vitest";
import { findProjects } from "../../../runtimes/project/many/find-projects.ts";
import { loadAnyConfig } from "../../../src/config/load.ts";
import { cwd, errorOf, hostOf, least, load } from "../../support/files.ts";
import { testHost } from "../../support/host.ts";

const read = (text: string) => loadAnyConfig([new URL("launchpad.yml", cwd)], hostOf({ "launchpad.yml": text }));
const messageOf = async (text: string) => (await errorOf(() => read(text))).message;

describe("a configuration of several projects", () => {
  it("is told from that of one, with its defaults", async () => {
    expect(await read(least)).toHaveProperty("one");
    expect(await read("projects: models/*\n")).toEqual({
      several: {
        projects: ["models/*"],
        refresh: 30,
        preload: false,
        api: { docs: true, admin: false, access_log: false },
      },
    });
    const { several } = (await read(
      "projects: [a]\npreload: [iris]\nmax_loaded: 3\nmax_memory: 2GiB\nrefresh: 0\napi: { docs: false, metrics: true }\n",
    )) as { several: object };
    expect(several).toMatchObject({
      preload: ["iris"],
      max_loaded: 3,
      max_memory: 2 * 1024 ** 3,
      refresh: 0,
      api: { docs: false, metrics: { push_interval: 10 } },
    });
  });

  it("is none that a command for one project takes", async () => {
    const error = await errorOf(() => load({ "launchpad.yml": "projects: [a]\n" }));
    expect(error.message).toBe(
      "./launchpad.yml line 1: projects: found several projects, expected one. Name one of them: launchpad train NAME, or its " +
        "configuration: -c FILE",
    );
  });

  it.each([
    ["projects: []", /projects: found a list, expected a list of configuration files or folders of projects/],
    ["projects: [1]", /projects\[0\]: found the number 1, expected the path, pattern or URL of a project/],
    ["max_loaded: 0", /line 2: max_loaded: found the number 0, expected a whole number of models .* at least 1/],
    ["max_loaded: 1.5", /max_loaded: found the number 1.5/],
    ["max_memory: lots", /max_memory: found "lots", expected an amount of memory above 0/],
    ["max_memory: 0", /max_memory: found the number 0, expected an amount of memory above 0/],
    ["max_memory: 0GB", /max_memory: found "0GB"/],
    ["refresh: -1", /refresh: found the number -1, expected a number of seconds/],
    ["preload: all", /preload: found "all", expected true, false, or a list of the names of models/],
    ["max_loded: 3", /max_loded: found an unknown key, expected max_loaded. Did you mean max_loaded\?/],
    ["colour: red", /colour: found an unknown key, expected none but projects, overlay, refresh/],
    ["model: { name: x }", /line 2: model: found a section of one project beside projects/],
    ["model_store: { location: x }", /model_store: found a section of one project beside projects/],
    ["api: { name: all }", /api.name: found a key that projects do not share.*configuration of each project/],
    ["api: { doks: true }", /api.doks: found an unknown key, expected docs/],
    ["api: { admin: true }", /api.admin: found true, expected admin_token_var as well/],
  ])("refuses %s", async (line, expected) => {
    expect(await messageOf(line.startsWith("projects") ? `${line}\n` : `projects: [a]\n${line}\n`)).toMatch(expected);
  });

  it.each([
    ["gopher://x/launchpad.yml", /expected a URL that node reads: https:, http:/],
    ["https://x/*/launchpad.yml", /expected the URL of one file: patterns are for folders. List each URL/],
  ])("does not look for projects at %s", async (entry, expected) => {
    const { several } = (await read(`projects: ["${entry}"]\n`)) as {
      several: Parameters<typeof findProjects>[0];
    };
    expect((await errorOf(() => findProjects(several, testHost()).next())).message).toMatch(expected);
  });
});
