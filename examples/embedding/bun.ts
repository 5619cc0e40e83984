import { openLaunchpad } from "launchpad/bun";

const launchpad = await openLaunchpad();

Bun.serve({ port: Bun.env.PORT ?? 3000, fetch: launchpad.fetch });
