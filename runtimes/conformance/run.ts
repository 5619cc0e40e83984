import { messageOf } from "../../src/internal.ts";
import { type Answer, type Ask, type Clause, type Exchange, Miss, type Subject } from "./clause.ts";
import { oip } from "./oip.ts";
import { kserveV1, mlflow } from "./others.ts";

/** Clauses by protocol. */
export const suites: Readonly<Record<string, readonly Clause[]>> = { oip, "kserve-v1": kserveV1, mlflow };

/** Outcome of a clause. */
export interface Outcome {
  readonly protocol: string;
  readonly clause: string;
  readonly asks: string;
  /** Why it is missed; undefined where it holds. */
  readonly missed?: string;
  readonly exchanges: readonly Exchange[];
}

/** Longest text of a body in a report. */
const maxShown = 500;
const maxMs = 30_000;

/**
 * Tries the clauses of protocols at a server, one after the other.
 *
 * @param url Where the server is.
 * @param protocols Names of the protocols.
 * @param subject The model, and rows that it takes.
 *
 * @returns One outcome for each clause.
 */
export async function tryClauses(
  url: string,
  protocols: readonly string[],
  subject: Omit<Subject, "ask">,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const protocol of protocols) {
    for (const { id, asks, attempt } of suites[protocol] ?? []) {
      const exchanges: Exchange[] = [];
      let missed: string | undefined;
      try {
        await attempt({ ...subject, ask: asker(url, exchanges) });
      } catch (error) {
        missed = error instanceof Miss ? error.message : `no answer: ${messageOf(error)}`;
      }
      outcomes.push({ protocol, clause: id, asks, ...(missed !== undefined && { missed }), exchanges });
    }
  }
  return outcomes;
}

function asker(url: string, exchanges: Exchange[]): Ask {
  return async (method, path, body, headers): Promise<Answer> => {
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(url.replace(/\/$/, "") + path, {
      method,
      signal: AbortSignal.timeout(maxMs),
      redirect: "manual",
      headers: { ...(text !== undefined && { "content-type": "application/json" }), ...headers },
      ...(text !== undefined && { body: text }),
    });
    const came = await response.text();
    exchanges.push({
      sent: `${method} ${path} ${text ?? ""}`.trim().slice(0, maxShown),
      came: `${response.status} ${came}`.slice(0, maxShown),
    });
    return { status: response.status, text: came, json: jsonOf(came) };
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
