// The entry point for Deno Deploy, beside the folder `build`: serves what `launchpad build --target fetch` makes.
import model from "./build/fetch/index.mjs";

// Secrets that the configuration names are variables of the project.
Deno.serve((request) => model.fetch(request, Deno.env.toObject()));
