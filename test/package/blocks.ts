import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** One fenced block of a document. */
export interface Block {
  readonly language: string;
  /** The file that the block is the content of. */
  readonly file: string | undefined;
  /** What the comment before it says of the test: where its commands belong. */
  readonly note: string | undefined;
  readonly text: string;
}

/**
 * Reads the fenced blocks of a document.
 *
 * @param document Its path in this repository.
 *
 * @returns The blocks, in their order.
 */
export async function blocksOf(document: string): Promise<Block[]> {
  const text = await readFile(join(root, document), "utf8");
  return [...text.matchAll(/(?:<!-- test: (\w+) -->\s*)?^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(
    ([, note, language = "", file, content = ""]) => ({ language, file, note, text: content }),
  );
}
