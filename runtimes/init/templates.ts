import { minimal } from "./minimal-template.ts";
import { tabular } from "./tabular-template.ts";
import type { Template } from "./template.ts";
import { worker } from "./worker-template.ts";

/** The one table of templates. */
export const templates: Readonly<Record<string, Template>> = { tabular, minimal, worker };
