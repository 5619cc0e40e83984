import { type JobMessage, type ModelApi, messageOf } from "../../src/internal.ts";

/** Messages that a queue of Cloudflare brings (https://developers.cloudflare.com/queues/configuration/javascript-apis/). */
export interface MessageBatch {
  readonly messages: readonly {
    readonly body: unknown;
    /** Tells the queue that the message is done with. */
    ack(): void;
    /** Has the queue bring the message again, after so many seconds. */
    retry(options?: { readonly delaySeconds?: number }): void;
  }[];
}

/** The longest that a message can be delayed, in seconds. */
const maxDelaySeconds = 43_200;

/**
 * Does the jobs that a queue has brought.
 *
 * @param batch The messages.
 * @param apiOf Opens the API of a model by its name; undefined where there is none.
 */
export async function runJobs(
  { messages }: MessageBatch,
  apiOf: (model: string) => Promise<ModelApi | undefined>,
): Promise<void> {
  for (const message of messages) {
    try {
      const job = message.body as JobMessage;
      const api = await apiOf(job.model);
      const again = await api?.options.jobs?.run(job);
      if (again === undefined) message.ack();
      else message.retry({ delaySeconds: Math.min(maxDelaySeconds, Math.max(1, Math.ceil(again))) });
    } catch (error) {
      console.error(`jobs: a message of the queue comes again: ${messageOf(error)}`);
      message.retry();
    }
  }
}
