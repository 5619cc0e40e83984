import { messageOf } from "../../errors.ts";
import type { Logger } from "../../log.ts";

/** What is sent. */
export interface Parcel {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
  /** Milliseconds that a receiver may take. */
  readonly timeout: number;
}

/**
 * Creates what sends numbers away. What cannot be sent is in the next parcel: everything is counted from the beginning on.
 *
 * @param parcelOf Makes what is sent now.
 * @param key The key of the configuration, or the variable, that says where.
 * @param log The log: the same reason comes back each time, and is told once.
 *
 * @returns A function that sends, and never rejects.
 */
export function createSender(parcelOf: () => Promise<Parcel>, key: string, log: Logger): () => Promise<void> {
  let failure: string | undefined;
  return async () => {
    let host = "";
    try {
      const { url, headers, body, timeout } = await parcelOf();
      host = ` to ${new URL(url).host}`;
      const response = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(timeout) });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`it answered ${response.status}`);
      if (failure !== undefined) log.info("metrics can be sent again");
      failure = undefined;
    } catch (error) {
      const reason = messageOf(error);
      if (reason !== failure) log.warning(`metrics cannot be sent${host} (${key}): ${reason}`);
      failure = reason;
    }
  };
}
