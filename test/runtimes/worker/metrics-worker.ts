import { createLaunchpad, defineModel, type Launchpad } from "mllaunchpad";
import { createHost, type Env } from "mllaunchpad/cloudflare";

const model = defineModel({
  train: () => ({ factor: 2 }),
  test: () => ({ accuracy: 1 }),
  predict({ factor }, { x }) {
    if (x === undefined) throw new Error("no x");
    return { y: factor * x };
  },
});

let launchpad: Launchpad | undefined;

/** Trains in the isolate, and serves with what it trained. */
export default {
  async fetch(request: Request, env: Env, execution: { waitUntil(task: Promise<unknown>): void }): Promise<Response> {
    if (launchpad === undefined) {
      launchpad = createLaunchpad({
        config: {
          model_store: { location: "r2://MODELS" },
          model: { name: "double", version: "1.0.0", module: "double_model" },
          api: {
            name: "double",
            metrics: { push: `${env.RECEIVER}/push/{instance}`, push_token_var: "PUSH_TOKEN", push_interval: 1 },
          },
        },
        model,
        host: createHost(env),
      }) as Launchpad;
      await launchpad.train();
    }
    return launchpad.fetch(request, execution);
  },
};
