import { type ModelType, portableTypes } from "../../src/index.ts";

/** Types of models beside modules of TypeScript and JavaScript: those that need a runtime, then those that need none. */
export const builtInModelTypes: readonly ModelType[] = [...portableTypes];
