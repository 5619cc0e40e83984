import { LaunchpadError } from "../../src/internal.ts";
import { defaultHost, defaultPort } from "./server-contract.ts";

/** Where to listen, as a command line says it. */
export interface AskedAddress {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
}

/** SageMaker asks a container there, unless its variable says another port. */
const sagemakerPort = 8080;
/** Platforms ask their containers from outside. */
const anyAddress = "0.0.0.0";

/**
 * Tells whether the platform that started a container says where it should listen.
 *
 * @param env Reads an environment variable.
 *
 * @returns Whether it does, to those who speak its protocol.
 */
export function platformSaysWhere(env: (name: string) => string | undefined): boolean {
  return Boolean(env("AIP_HTTP_PORT") ?? env("SAGEMAKER_BIND_TO_PORT"));
}

/**
 * Finds where to listen: where the command line says, else where the platform asks whose protocol is on.
 *
 * @param asked What the command line says.
 * @param protocols The protocols that are on.
 * @param env Reads an environment variable.
 * @param isContainer Whether it was started as SageMaker starts containers: `docker run IMAGE serve`.
 *
 * @returns An address and a port.
 *
 * @throws CONFIG_INVALID when a variable of a platform holds no port; USAGE for a container without SageMaker's protocol.
 */
export function addressToServe(
  asked: AskedAddress,
  protocols: readonly string[],
  env: (name: string) => string | undefined,
  isContainer = false,
): { readonly host: string; readonly port: number } {
  const portIn = (name: string): number | undefined => {
    const text = env(name);
    if (!text) return undefined;
    if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${name}: found ${JSON.stringify(text)}, expected a whole number from 0 to 65535`,
    );
  };
  const isSagemaker = protocols.includes("sagemaker");
  if (isContainer && !isSagemaker) {
    throw new LaunchpadError(
      "USAGE",
      "serve is how SageMaker starts a container, and nothing would answer it: add sagemaker to api.protocols, or use launchpad api",
    );
  }
  const ofVertex = protocols.includes("vertex") ? portIn("AIP_HTTP_PORT") : undefined;
  const bound = isSagemaker ? portIn("SAGEMAKER_BIND_TO_PORT") : undefined;
  const isAsked = isContainer || ofVertex !== undefined || bound !== undefined;
  return {
    host: asked.host ?? (isAsked ? anyAddress : defaultHost),
    port: asked.port ?? ofVertex ?? bound ?? (isSagemaker ? sagemakerPort : defaultPort),
  };
}
