import { lstat, unlink } from "node:fs/promises";
import { connect } from "node:net";

/**
 * Removes a Unix socket that nobody listens at any more: what a process leaves behind that was killed. Whatever else is there stays.
 *
 * @param path Its path.
 */
export async function removeStaleSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSocket() && !(await isListening(path))) await unlink(path).catch(() => {});
}

function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    const end = (listening: boolean) => {
      socket.destroy();
      resolve(listening);
    };
    socket.once("connect", () => end(true));
    socket.once("error", (error: Error & { code?: string }) =>
      end(error.code !== "ECONNREFUSED" && error.code !== "ENOENT"),
    );
  });
}
