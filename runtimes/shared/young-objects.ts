import process from "node:process";

/**
 * Has V8 keep whatever a request makes among young objects, which are collected in a moment. Of code whose first objects
 * stayed, it concludes that those of all later requests will, and makes them among the old ones: there, each keeps alive what
 * it leads to until all of memory is looked through. For a program that serves; Bun has another engine.
 */
export function keepObjectsYoung(): void {
  if (process.versions.bun !== undefined) return;
  process.getBuiltinModule("node:v8").setFlagsFromString("--no-allocation-site-pretenuring");
}
