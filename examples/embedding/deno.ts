import { openLaunchpad } from "mllaunchpad/deno";

const launchpad = await openLaunchpad();

Deno.serve({ port: Number(Deno.env.get("PORT") ?? 3000) }, launchpad.fetch);
