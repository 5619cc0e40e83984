import { type ModelType, portableTypes } from "../../src/internal.ts";
import { python } from "../model-hosts/python.ts";
import { r } from "../model-hosts/r.ts";

/** Types of models beside modules of TypeScript and JavaScript: those that need a runtime, then those that need none. */
export const builtInModelTypes: readonly ModelType[] = [python, r, ...portableTypes];
