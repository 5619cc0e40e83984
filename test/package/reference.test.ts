import { describe, expect, it } from "vitest";
import { configurationKeys, projectsKeys } from "../../docs/tools/configuration.ts";
import { examples, keys, keysOfProjects, keysOfTypes } from "../../docs/tools/keys.ts";
import { createProgram } from "../../runtimes/cli/program.ts";
import { rootSchema } from "../../src/config/schema.ts";

describe("the reference", () => {
  it("says what each key of the configuration means, and of no other", () => {
    const known = configurationKeys()
      .map(({ path }) => path)
      .filter((path) => !path.startsWith("datasinks."));
    expect(Object.keys(keys).sort()).toEqual([...known].sort());
    for (const key of Object.keys(keysOfTypes)) expect(known).not.toContain(key);
    expect(Object.keys(keysOfProjects)).toEqual(projectsKeys().map(({ path }) => path));
    for (const { path, expected } of projectsKeys()) expect(expected, path).not.toBe("");
    expect(Object.keys(examples)).toEqual(Object.keys(rootSchema.entries));
  });

  it("has what each key takes from the schema", () => {
    const bare = configurationKeys().filter(
      ({ path, expected }) => expected === "" && /^(api|model_store|drift)\./.test(path),
    );
    expect(bare).toEqual([]);
  });

  it("says what each command and option does", () => {
    const silent: string[] = [];
    const visit = (command: ReturnType<typeof createProgram>, name: string) => {
      if (command.description() === "") silent.push(name);
      for (const { flags, description } of command.options) if (description === "") silent.push(`${name} ${flags}`);
      for (const below of command.commands) visit(below, `${name} ${below.name()}`);
    };
    visit(
      createProgram(async () => {}),
      "launchpad",
    );
    expect(silent).toEqual([]);
  });
});
