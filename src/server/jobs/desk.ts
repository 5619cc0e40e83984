import type { JobsConfig } from "../../config/jobs/job-types.ts";
import type { Host } from "../../host.ts";
import type { Logger } from "../../log.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { JobStore } from "./job-store.ts";
import type { Webhooks } from "./webhook.ts";

/** What all that deals with jobs has in common. */
export interface JobDesk {
  readonly settings: JobsConfig;
  readonly store: JobStore;
  readonly webhooks: Webhooks | undefined;
  readonly host: Pick<Host, "now" | "peers">;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, "failed"> | undefined;
  /** Keys of the jobs whose ends this process tells at the moment. */
  readonly telling: Set<string>;
  /** Id of this process. */
  process(): string;
  /** Whether the server stops. */
  isClosing(): boolean;
}
