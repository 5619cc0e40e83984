/**
 * Removes a Unix socket that nobody listens at any more: what a process leaves behind that was killed. Whatever else is there stays.
 *
 * @param path Its path.
 */
export async function removeStaleSocket(path: string): Promise<void> {
  // Most servers listen at a port: their start does not load what only sockets need.
  const { lstat, unlink } = await import("node:fs/promises");
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSocket() && !(await isListening(path))) await unlink(path).catch(() => {});
}

async function isListening(path: string): Promise<boolean> {
  const { connect } = await import("node:net");
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
