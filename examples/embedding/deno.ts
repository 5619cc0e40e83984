import { openLaunchpad } from "launchpad/deno";

const launchpad = await openLaunchpad();

Deno.serve({ port: Number(Deno.env.get("PORT") ?? 3000) }, launchpad.fetch);
