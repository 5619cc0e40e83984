import process from "node:process";

const ownExit: (code: number) => never = process.exit.bind(process);

/** Whether it is Launchpad that ends the process: Deno's `process.exit` asks `Deno.exit`, which code of a model may not. */
let isOurs = false;

/** Ends the process, also while code of a model cannot. */
export function exit(code: number): never {
  isOurs = true;
  return ownExit(code);
}

/** The part of Deno's namespace that is used here. */
interface WithExit {
  exit(code?: number): never;
}

/**
 * Turns the end of the process, where code of a model asks for it, into an error of that code: others are in flight.
 *
 * @returns Lets it end again.
 */
export function refuseExit(): () => void {
  const refuse = (name: string) => (code?: number | string | null) => {
    throw new Error(
      `${name}(${code ?? ""}) was called: a model cannot end the process that runs it. Throw an error instead`,
    );
  };
  const undo = [replace(process, refuse("process.exit"))];
  const { Deno } = globalThis as { Deno?: WithExit };
  if (Deno) undo.push(replace(Deno, refuse("Deno.exit")));
  return () => {
    for (const restore of undo) restore();
  };
}

function replace(owner: WithExit, refusal: (code?: number | string | null) => never): () => void {
  const { exit: before } = owner;
  const guarded: WithExit["exit"] = (code) => (isOurs ? before.call(owner, code) : refusal(code));
  try {
    owner.exit = guarded;
  } catch {
    // Where it cannot be replaced, it stays as it is.
  }
  return () => {
    if (owner.exit === guarded) owner.exit = before;
  };
}
