import { openLaunchpad } from "mllaunchpad/bun";

const launchpad = await openLaunchpad();

Bun.serve({ port: Bun.env.PORT ?? 3000, fetch: launchpad.fetch });
