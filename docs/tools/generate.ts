import { writeFile } from "node:fs/promises";
import { commandsPage } from "./commands.ts";
import { configurationPage } from "./configuration.ts";
import { errorsPage } from "./errors.ts";

/** Pages that are made from the sources: `npm run docs:generate` writes them, a test compares them. */
export const generated: Readonly<Record<string, () => Promise<string>>> = {
  "reference/1.configuration.md": configurationPage,
  "reference/2.commands.md": commandsPage,
  "reference/3.errors.md": errorsPage,
};

if (import.meta.main) {
  for (const [page, make] of Object.entries(generated)) {
    await writeFile(new URL(`../${page}`, import.meta.url), await make());
  }
}
