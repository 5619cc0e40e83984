import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** In milliseconds; a repository on a slow disk must not hold up a training. */
const timeoutMs = 5000;

/**
 * Finds the commit that is checked out.
 *
 * @param folder The `file:` URL of a folder.
 * @param files The files that make up the code.
 *
 * @returns The commit, and whether tracked files differ from it or one of `files` is not tracked; undefined when the
 * folder is in no git work tree, there is no commit yet, or git cannot be asked.
 */
export async function gitState(
  folder: URL,
  files: readonly URL[],
): Promise<{ readonly commit: string; readonly dirty: boolean } | undefined> {
  const git = async (...args: readonly string[]) => {
    const options = { cwd: fileURLToPath(folder), env: environment(), timeout: timeoutMs, maxBuffer: 2 ** 26 };
    // A file system monitor would be a program that goes on running.
    return (await run("git", ["-c", "core.fsmonitor=false", ...args], options)).stdout.trim();
  };
  try {
    const [commit, changed, untracked] = await Promise.all([
      git("rev-parse", "--verify", "HEAD"),
      // Untracked files do not count: a model store beside the code would make every tree dirty.
      git("status", "--porcelain", "--untracked-files=no"),
      git("ls-files", "--others", "--", ...files.map((file) => fileURLToPath(file))),
    ]);
    return { commit, dirty: changed !== "" || untracked !== "" };
  } catch {
    return undefined;
  }
}

/** Within a git hook, variables say which repository is meant, whatever the folder; and nothing is to be written. */
function environment(): NodeJS.ProcessEnv {
  const { GIT_DIR: _, GIT_WORK_TREE: __, GIT_INDEX_FILE: ___, ...rest } = process.env;
  return { ...rest, GIT_OPTIONAL_LOCKS: "0", GIT_LITERAL_PATHSPECS: "1" };
}
