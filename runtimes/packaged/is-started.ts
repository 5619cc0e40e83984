import process from "node:process";

/**
 * Tells whether a module is what was started, and not imported by something else. Deno and Bun know it, executables of Bun
 * included, and Node since 24.2; before that, the file that it was started with is in its arguments.
 *
 * @param meta `import.meta` of the module.
 *
 * @returns Whether it is.
 */
export function isStarted({ url, main }: { readonly url: string; readonly main?: boolean }): boolean {
  if (main !== undefined) return main;
  const [, started] = process.argv;
  // Only here, because Bun and Deno take their time to load them.
  const [fs, nodeUrl] = [process.getBuiltinModule("node:fs"), process.getBuiltinModule("node:url")];
  try {
    return started !== undefined && fs.realpathSync(started) === nodeUrl.fileURLToPath(url);
  } catch {
    return false;
  }
}
