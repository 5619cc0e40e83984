import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Server, serve } from "../../runtimes/node.ts";
import { irises, irisOf } from "../support/irises.ts";
import { npmPackages } from "../support/npm.ts";
import { clientsPython } from "../support/python.ts";

const run = promisify(execFile);
const petal = { length: 4, width: 2 };

/** The last of each that there were; the suite is the first with the requirements of 2026-07-28. */
const packages = [
  "@modelcontextprotocol/client@2.4.0",
  "@modelcontextprotocol/sdk@1.32.2",
  "@modelcontextprotocol/conformance@0.2.0-alpha.12",
];

let server: Server;
let folder: string;
let url: string;

beforeAll(async () => {
  const { launchpad } = await irises({ protocols: ["mcp"] });
  server = await serve(launchpad.fetch, { port: 0 });
  url = `http://127.0.0.1:${server.url.port}/mcp`;
  folder = await npmPackages("mcp", packages);
}, 600_000);

afterAll(() => server?.close(0));

/** So much of a client as is asked here; the two libraries have it in common. */
interface Client {
  connect(transport: unknown): Promise<void>;
  listTools(): Promise<{ tools: { name: string; inputSchema: object; outputSchema?: object }[] }>;
  callTool(call: object): Promise<{ structuredContent?: unknown; isError?: boolean; content: { text: string }[] }>;
  getServerVersion(): { name: string };
  close(): Promise<void>;
}

describe("clients in TypeScript", () => {
  const load = (name: string) => createRequire(join(folder, "package.json"))(name);
  const clients: [string, string, () => { client: Client; transport: { protocolVersion?: string } }][] = [
    ["the client of 2026-07-28", "2026-07-28", () => ofClient({ versionNegotiation: { mode: "auto" } })],
    ["the same, as it is by itself", "2025-11-25", () => ofClient({})],
    [
      "the one before",
      "2025-11-25",
      () => {
        const { Client } = load("@modelcontextprotocol/sdk/client/index.js");
        const { StreamableHTTPClientTransport } = load("@modelcontextprotocol/sdk/client/streamableHttp.js");
        return {
          client: new Client({ name: "judge", version: "1" }),
          transport: new StreamableHTTPClientTransport(new URL(url)),
        };
      },
    ],
  ];
  const ofClient = (options: object) => {
    const { Client, StreamableHTTPClientTransport } = load("@modelcontextprotocol/client");
    return {
      client: new Client({ name: "judge", version: "1" }, options),
      transport: new StreamableHTTPClientTransport(new URL(url)),
    };
  };

  it.each(clients)("are satisfied: %s", async (_, version, open) => {
    const { client, transport } = open();
    await client.connect(transport);
    try {
      const negotiated = (client as { getNegotiatedProtocolVersion?(): string }).getNegotiatedProtocolVersion?.();
      expect(negotiated ?? transport.protocolVersion).toBe(version);
      expect(client.getServerVersion()).toMatchObject({ name: "mllaunchpad" });
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual(["iris"]);
      expect(tools[0]?.outputSchema).toMatchObject({ type: "object" });
      // The client checks it by the schema of the tool, and throws.
      const good = await client.callTool({ name: "iris", arguments: petal });
      expect(good).toMatchObject({ structuredContent: irisOf(petal), isError: false });
      const bad = await client.callTool({ name: "iris", arguments: { length: -4 } });
      expect([bad.isError, bad.content[0]?.text]).toEqual([true, expect.stringContaining("width: required")]);
      await expect(client.callTool({ name: "rose", arguments: {} })).rejects.toThrow("Unknown tool: rose");
    } finally {
      await client.close();
    }
  });
});

describe("the client in Python", () => {
  it("is satisfied in both eras", async () => {
    const program = fileURLToPath(new URL("judge_mcp.py", import.meta.url));
    const { stdout } = await run(await clientsPython(), [program, url]);
    const found = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(found.map(({ version }) => version)).toEqual(["2026-07-28", "2025-11-25"]);
    for (const one of found) {
      expect(one).toMatchObject({
        tools: ["iris"],
        required: ["length", "width"],
        good: [irisOf(petal), false],
        bad: [expect.stringContaining("length: expected at least 0, found -4"), true],
        unknown: expect.stringContaining("Unknown tool: rose"),
      });
    }
  }, 600_000);
});

/**
 * What does not apply, by the names of scenarios: a server of models has no prompts, resources, completions, logs, tasks, nor
 * questions of its own to a client, and the suite asks for tools of its own making by name.
 */
const beside = [
  /^(prompts|resources|completion|logging|elicitation|tasks|input-required-result)-/,
  /^tools-call-/,
  /^(json-schema-2020-12|http-custom-header-server-validation)$/,
];
/** Checks that do not apply, of scenarios that do. */
const besideChecks = new Set([
  // Tools of the suite's own.
  "sep-2575-server-rejects-undeclared-capability",
  "sep-2575-missing-capability-http-400",
  "sep-2575-http-server-no-independent-requests-on-stream",
  "sep-2575-server-no-log-without-loglevel",
  // Lists of what there is not.
  "sep-2549-prompts-list-caching-hints",
  "sep-2549-resources-list-caching-hints",
  "sep-2549-resources-templates-list-caching-hints",
]);

interface Check {
  readonly id: string;
  readonly status: string;
  readonly errorMessage?: string;
}

describe("the conformance suite", () => {
  it.each<[string, string[], string[]]>([
    [
      "2026-07-28",
      ["--requirements", "2026-07-28"],
      ["server-stateless", "tools-list", "caching", "dns-rebinding-protection", "http-header-validation"],
    ],
    [
      "2025-11-25",
      ["--spec-version", "2025-11-25"],
      ["server-initialize", "ping", "tools-list", "dns-rebinding-protection"],
    ],
  ])(
    "is satisfied in what applies: %s",
    async (_, options, scenarios) => {
      const output = mkdtempSync(join(tmpdir(), "mcp-"));
      const suite = join(folder, "node_modules/@modelcontextprotocol/conformance/dist/index.js");
      const bun = fileURLToPath(new URL("../../node_modules/.bin/bun", import.meta.url));
      // It ends with 1, for what does not apply. Node has what it needs from version 22 on.
      await run(bun, [suite, "server", "--url", url, ...options, "-o", output], { maxBuffer: 2 ** 26 }).catch(() => {});
      const passed = new Map<string, number>();
      const missed: string[] = [];
      for (const entry of readdirSync(output)) {
        const name = entry.replace(/^server-(?=.*-\d{4}-\d\d-\d\dT)/, "").replace(/-\d{4}-\d\d-\d\dT.*$/, "");
        const checks: Check[] = JSON.parse(readFileSync(join(output, entry, "checks.json"), "utf8"));
        const good = checks.filter(({ status }) => status === "SUCCESS");
        passed.set(name, good.length);
        if (beside.some((form) => form.test(name))) continue;
        const bad = checks.filter(({ id, status }) => status === "FAILURE" && !besideChecks.has(id));
        missed.push(...bad.map(({ id, errorMessage }) => `${name} ${id}: ${errorMessage}`));
      }
      rmSync(output, { recursive: true, force: true });
      expect(missed).toEqual([]);
      for (const name of scenarios) expect([name, passed.get(name)]).toEqual([name, expect.any(Number)]);
      expect(scenarios.reduce((sum, name) => sum + (passed.get(name) ?? 0), 0)).toBeGreaterThan(8);
      console.log(options.join(" "), Object.fromEntries([...passed].filter(([name]) => scenarios.includes(name))));
    },
    300_000,
  );
});
