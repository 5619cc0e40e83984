/** One end of the connection between two processes: `process` itself in a worker, a child process in its supervisor. */
export interface Port {
  send?(message: object, callback?: (error: Error | null) => void): unknown;
  on(event: "message", listener: (message: unknown) => void): unknown;
}

/** What one side can be asked to do, by name. */
export type Calls = Readonly<Record<string, (value: never) => unknown>>;

/** Asks the other side. */
export type Ask<Other extends Calls> = <Name extends keyof Other & string>(
  name: Name,
  ...value: Parameters<Other[Name]>
) => Promise<Awaited<ReturnType<Other[Name]>>>;

interface Message {
  readonly id: number;
  /** What is asked for; without it, the message is an answer. */
  readonly call?: string;
  readonly value?: unknown;
}

/**
 * Connects two processes, so that each can ask the other.
 *
 * @param port The end of the connection.
 * @param calls What this side does when it is asked; it must not throw.
 *
 * @returns Asks the other side. It waits for ever if the other side ends.
 */
export function openChannel<Other extends Calls>(port: Port, calls: Calls): Ask<Other> {
  let last = 0;
  const waiting = new Map<number, (value: never) => void>();
  // A process that has ended meanwhile needs no answer: without a callback, that would be an error event.
  const send = (message: Message) => void port.send?.(message, () => {});

  port.on("message", async (message) => {
    // A model may send messages of its own.
    if (typeof message !== "object" || message === null) return;
    const { id, call, value } = message as Message;
    if (call !== undefined) {
      send({ id, value: await calls[call]?.(value as never) });
    } else {
      waiting.get(id)?.(value as never);
      waiting.delete(id);
    }
  });
  return (call, ...[value]) =>
    new Promise((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      send({ id: last, call, value });
    });
}
