import { isRecord } from "../../../schema/types.ts";
import { truncateText } from "../../../util/truncate.ts";
import type { Message } from "./message.ts";
import { headerMismatch, invalidParams, RpcError, rpcCodes } from "./rpc-error.ts";

/** Revision without sessions, in which each request says for itself what its client speaks. */
export const current = "2026-07-28";
/** Revisions in which `initialize` comes first; we remember nothing of it. */
const withHandshake = ["2025-11-25", "2025-06-18"] as const;

/** All that are spoken here, the newest first. */
export const revisions: readonly string[] = [current, ...withHandshake];

const prefix = "io.modelcontextprotocol/";
const versionKey = `${prefix}protocolVersion`;

/** Methods whose requests name in a header what they ask for. */
const named = new Set(["tools/call", "prompts/get"]);

const level = /^(?:debug|info|notice|warning|error|critical|alert|emergency)$/;

/** What `_meta` must or may hold by the current revision ("Per-request protocol fields"). */
const fields: Readonly<
  Record<string, { readonly required: boolean; readonly expected: string; fits(value: unknown): boolean }>
> = {
  clientCapabilities: { required: true, expected: "an object", fits: isRecord },
  clientInfo: {
    required: false,
    expected: "an object with name and version",
    fits: (value) => isRecord(value) && typeof value.name === "string" && typeof value.version === "string",
  },
  logLevel: {
    required: false,
    expected: "a level of syslog, such as info",
    fits: (value) => typeof value === "string" && level.test(value),
  },
};

/**
 * Finds the revision that a message is written in, and checks what the revision asks of every request: that headers say what the
 * body says, so that whoever stands between may rely on them.
 *
 * @param message The message.
 * @param headers The headers of its request.
 *
 * @returns One of the revisions that are spoken here.
 *
 * @throws RpcError: HeaderMismatch, UnsupportedProtocolVersion, or invalid params for what is missing in `_meta`.
 */
export function revisionOf(message: Message, headers: Headers): string {
  const { method, params, meta, id } = message;
  const header = headers.get("mcp-protocol-version")?.trim();
  const claimed = meta[versionKey];
  if (claimed === undefined) {
    if (method === "initialize") {
      if (header === current) throw headerMismatch(`initialize is no method of ${current}, which the header names`);
      const { protocolVersion } = params;
      return withHandshake.find((one) => one === protocolVersion) ?? withHandshake[0];
    }
    // Who says nothing came with a handshake, which we do not remember.
    if (header === undefined) return withHandshake[0];
    if (header !== current) return spoken(header);
    // What a notification must say is not defined.
    if (id === undefined) return current;
    throw invalidParams(`_meta.${versionKey}: required, as the header MCP-Protocol-Version names ${current}`, 400);
  }
  if (typeof claimed !== "string") throw invalidParams(`_meta.${versionKey}: expected text`, 400);
  if (header !== undefined && header !== claimed) {
    throw headerMismatch(
      `the header MCP-Protocol-Version has ${truncateText(header)}, the body ${truncateText(claimed)}`,
    );
  }
  if (spoken(claimed) !== current || id === undefined) return claimed;
  if (header === undefined) throw headerMismatch("the header MCP-Protocol-Version is missing");
  checkFields(meta);
  checkHeaders(message, headers);
  return current;
}

function spoken(revision: string): string {
  if (revisions.includes(revision)) return revision;
  const requested = truncateText(revision);
  throw new RpcError(rpcCodes.unsupportedVersion, `Unsupported protocol version: ${requested}`, 400, {
    supported: revisions,
    requested,
  });
}

function checkFields(meta: Readonly<Record<string, unknown>>): void {
  for (const [name, { required, expected, fits }] of Object.entries(fields)) {
    const value = meta[prefix + name];
    if (value === undefined && !required) continue;
    if (!fits(value)) {
      throw invalidParams(
        `_meta.${prefix}${name}: ${value === undefined ? "required: " : ""}expected ${expected}`,
        400,
      );
    }
  }
}

function checkHeaders({ method, params }: Message, headers: Headers): void {
  const given = headers.get("mcp-method")?.trim();
  if (given !== method) {
    const found = given === undefined ? "is missing" : `has ${truncateText(given)}`;
    throw headerMismatch(`the header Mcp-Method ${found}, the body has ${truncateText(method)}`);
  }
  if (!named.has(method) || typeof params.name !== "string") return;
  const name = headers.get("mcp-name");
  const decoded = name === null ? undefined : decodedName(name.trim());
  if (decoded === params.name) return;
  const found = name === null ? "is missing" : decoded === undefined ? "is no Base64" : `has ${truncateText(decoded)}`;
  throw headerMismatch(`the header Mcp-Name ${found}, the body has ${truncateText(params.name)}`);
}

/** A name that no header can hold comes in Base64 ("Value Encoding"). */
function decodedName(value: string): string | undefined {
  const [, encoded] = /^=\?base64\?(.*)\?=$/.exec(value) ?? [];
  if (encoded === undefined) return value;
  try {
    const bytes = Uint8Array.from(atob(encoded), (one) => one.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
