import type { ModelType } from "./model-type.ts";

/** Types of models that need nothing of a runtime: files of other libraries. The one table of them. */
export const portableTypes: readonly ModelType[] = [];
