import { describe, it } from "vitest";
import { frameChecks, noRawChecks, rawChecks, type SourceSetup } from "./source-checks.ts";

export { contractRows, type SourceSetup } from "./source-checks.ts";

/**
 * Checks that a type of source does what every source promises.
 *
 * @param type What is tested.
 * @param setup How to open it.
 */
export function sourceContract(type: string, setup: SourceSetup): void {
  describe(`a ${type} source`, () => {
    const { raw } = setup;
    for (const { name, run } of frameChecks) it(name, () => run(setup));
    if (raw === undefined) for (const { name, run } of noRawChecks) it(name, () => run(setup));
    else for (const { name, run } of rawChecks) it(name, () => run({ ...setup, raw }));
  });
}
