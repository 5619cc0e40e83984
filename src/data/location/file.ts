import { isLaunchpadError, LaunchpadError } from "../../errors.ts";
import type { OpenDataLocation } from "../../host.ts";
import type { OpenContext } from "../types.ts";

/**
 * Opener of files of the host.
 *
 * @param context What the source or sink is opened with.
 * @param shown The beginning of a message.
 *
 * @returns The opener; it throws DATA_UNAVAILABLE where there are no files.
 */
export function fileLocation({ host }: OpenContext, shown: string): OpenDataLocation {
  return (url) => {
    const { files } = host;
    if (files === undefined) {
      const message = `${shown}: there are no files on ${host.runtime.name}; give the location of a server instead`;
      throw new LaunchpadError("DATA_UNAVAILABLE", message);
    }
    /** Whoever asks knows a file by its name in the configuration; the host says where that is. */
    const told = <T>(result: Promise<T>): Promise<T> =>
      result.catch((error) => {
        if (!isLaunchpadError(error)) throw error;
        throw new LaunchpadError(error.code, `${shown}: ${error.message}`, { cause: error });
      });
    return {
      stream: async () => ({ bytes: await told(files.stream(url)) }),
      async parts() {
        const parts = await told(files.parts(url));
        return parts && { size: parts.size, read: (start, end) => told(parts.read(start, end)) };
      },
      async list(enters) {
        if (files.below) return told(files.below(url, enters));
        throw new Error("there are no lists of files here: name each file");
      },
      async size() {
        const found = await files.stat(url);
        return found?.kind === "file" ? found.size : undefined;
      },
      write: (data) => told(files.write(url, data)),
      append: (data) => told(files.write(url, data, { append: true })),
    };
  };
}
