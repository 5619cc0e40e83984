import { LaunchpadError } from "../../errors.ts";
import type { OpenPlace } from "../../host.ts";
import type { OpenContext } from "../types.ts";

/**
 * Creates what opens files of the host.
 *
 * @param context What the source or sink is opened with.
 * @param shown The beginning of a message.
 *
 * @returns The opener; it throws DATA_UNAVAILABLE where there are no files.
 */
export function filePlace({ host }: OpenContext, shown: string): OpenPlace {
  return (url) => {
    const { files } = host;
    if (files === undefined) {
      const message = `${shown}: there are no files on ${host.runtime.name}; give the location of a server instead`;
      throw new LaunchpadError("DATA_UNAVAILABLE", message);
    }
    return {
      stream: async () => ({ bytes: await files.stream(url) }),
      parts: () => files.parts(url),
      write: (data) => files.write(url, data),
    };
  };
}
