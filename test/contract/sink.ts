import { describe, it } from "vitest";
import { type NewSink, writeChecks } from "./sink-checks.ts";

export type { SinkSetup } from "./sink-checks.ts";

/**
 * Checks that a type of sink does what every sink promises.
 *
 * @param type What is tested.
 * @param setup How to open it; every call gives a new place.
 */
export function sinkContract(type: string, setup: NewSink): void {
  describe(`a ${type} sink`, () => {
    for (const { name, run } of writeChecks) it(name, () => run(setup));
  });
}
