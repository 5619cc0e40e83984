import process from "node:process";

/** Ends the process, also while code of a model cannot. */
export const exit: (code: number) => never = process.exit.bind(process);

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
  try {
    owner.exit = refusal;
  } catch {
    // Where it cannot be replaced, it stays as it is.
  }
  return () => {
    if (owner.exit === refusal) owner.exit = before;
  };
}
