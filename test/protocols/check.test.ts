import { afterAll, describe, expect, it } from "vitest";
import { reportJunit, reportText } from "../../runtimes/conformance/report.ts";
import { type Outcome, tryClauses } from "../../runtimes/conformance/run.ts";
import { type Server, serve } from "../../runtimes/node.ts";
import { irises } from "../support/irises.ts";

const servers: Server[] = [];
afterAll(async () => {
  for (const server of servers) await server.close(0);
});

const rows = [
  { length: 1, width: 1.5 },
  { length: 4, width: 2 },
];
const protocols = ["oip", "kserve-v1", "mlflow"];

/** Tries our server, of which something is changed on the way. */
async function tried(
  change: (response: Response, request: Request) => Promise<Response> | Response,
): Promise<Outcome[]> {
  const { launchpad } = await irises({ protocols });
  const server = await serve(async (request) => change(await launchpad.fetch(request), request), { port: 0 });
  servers.push(server);
  return tryClauses(server.url.origin, protocols, { model: "iris", rows });
}
const missed = (outcomes: readonly Outcome[]) =>
  outcomes.filter((one) => one.missed !== undefined).map(({ protocol, clause }) => `${protocol} ${clause}`);

const changing = (change: (json: Record<string, unknown>) => unknown) => async (response: Response) => {
  const text = await response.text();
  if (!text.startsWith("{")) return new Response(text, response);
  return new Response(JSON.stringify(change(JSON.parse(text))), {
    status: response.status,
    headers: { "content-type": "application/json" },
  });
};

describe("launchpad check", () => {
  it("passes a server that does what the protocols ask for", async () => {
    const outcomes = await tried((response) => response);
    expect(missed(outcomes)).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(25);
    expect(reportText(outcomes)).toContain(`${outcomes.length} of ${outcomes.length} clauses hold`);
    expect(reportJunit(outcomes)).toContain('failures="0"');
  });

  it("finds a server that turns rows around", async () => {
    const outcomes = await tried(
      changing((json) => {
        const { outputs, predictions } = json as {
          outputs?: { data?: unknown[]; shape: number[] }[];
          predictions?: unknown[];
        };
        // As a server does that sorts what it is asked.
        outputs?.[1]?.data?.sort((a, b) => Number(a) - Number(b));
        predictions?.sort((a, b) => (a as { area: number }).area - (b as { area: number }).area);
        return json;
      }),
    );
    expect(missed(outcomes)).toEqual(["oip rows", "kserve-v1 order"]);
  });

  it("finds a server that says errors in another form", async () => {
    const outcomes = await tried(async (response) =>
      response.status < 400 ? response : Response.json({ detail: "no" }, { status: response.status }),
    );
    expect(missed(outcomes)).toEqual([
      "oip unknown-model",
      "oip wrong-count",
      "oip unknown-datatype",
      "oip unknown-output",
      "oip no-inputs",
      "oip no-json",
      "kserve-v1 no-instances",
      "kserve-v1 unknown-model",
      "mlflow form-none",
      "mlflow form-several",
      "mlflow form-unknown",
    ]);
    const junit = reportJunit(outcomes);
    expect(junit).toContain('failures="11"');
    expect(junit).toContain("&quot;detail&quot;:&quot;no&quot;");
  });

  it("finds a server that forgets the id and a row", async () => {
    const outcomes = await tried(
      changing(({ id: _, ...json }) => {
        const { predictions } = json as { predictions?: unknown[] };
        return predictions ? { ...json, predictions: predictions.slice(1) } : json;
      }),
    );
    expect(missed(outcomes)).toEqual(["oip id", "kserve-v1 predict", "kserve-v1 order", "mlflow forms"]);
  });

  it("finds that nothing is there", async () => {
    const outcomes = await tryClauses("http://127.0.0.1:9", ["oip"], { model: "iris", rows });
    expect(outcomes.every((one) => one.missed?.startsWith("no answer"))).toBe(true);
  });
});
