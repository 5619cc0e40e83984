import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const root = new URL("../../../../", import.meta.url);
const read = (file: string) => readFileSync(new URL(`examples/watch/${file}`, root), "utf8");

/** Names of all metrics that the sources write. */
const known = new Set(
  ["src", "runtimes"]
    .flatMap((folder) =>
      readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" }).map((file) => `${folder}/${file}`),
    )
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => readFileSync(new URL(file, root), "utf8").match(/launchpad_[a-z0-9_]+/g) ?? []),
);

const namesIn = (text: string) => [...new Set(text.match(/launchpad_[a-z0-9_]+/g) ?? [])];

describe("examples/watch", () => {
  it("asks for metrics that there are", () => {
    const names = namesIn(read("alerts.yml") + read("dashboard.json"));
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !known.has(name.replace(/_(bucket|sum|count)$/, "")))).toEqual([]);
  });

  it("has rules, panels and files that fit together", () => {
    const { groups } = parse(read("alerts.yml"));
    const rules = groups.flatMap(({ rules: of }: { rules: { alert: string; expr: string }[] }) => of);
    expect(new Set(rules.map(({ alert }: { alert: string }) => alert)).size).toBe(rules.length);
    const { panels } = JSON.parse(read("dashboard.json"));
    expect(new Set(panels.map(({ id }: { id: number }) => id)).size).toBe(panels.length);
    const { services } = parse(read("compose.yml"));
    const mounted = Object.values(services as Record<string, { volumes: string[] }>).flatMap(({ volumes }) => volumes);
    for (const volume of mounted) {
      const [from = ""] = volume.split(":");
      expect(readdirSync(new URL("examples/watch/", root), { recursive: true, encoding: "utf8" })).toContain(
        from.slice(2),
      );
    }
    expect(parse(read("prometheus.yml")).rule_files).toEqual(["alerts.yml"]);
  });
});
