import { type ModelType, portableTypes } from "../../src/index.ts";
import { python } from "../model-hosts/python.ts";

/** Types of models beside modules of TypeScript and JavaScript: those that need a runtime, then those that need none. */
export const builtInModelTypes: readonly ModelType[] = [python, ...portableTypes];
