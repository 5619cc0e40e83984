import { type Config, type Launchpad, LaunchpadError } from "../../../src/internal.ts";
import type { Session } from "../session.ts";
import { type JournalHead, openJournal } from "./journal.ts";
import type { TableOptions } from "./score-table.ts";

/**
 * Finds the file in which `--resume` keeps what is done.
 *
 * @param given What follows `--resume`: a file, or nothing.
 * @param to Where the predictions go.
 *
 * @returns Its path.
 *
 * @throws USAGE where none can be made of the sink.
 */
export function journalPath(given: unknown, to: string, config: Config): string {
  const entry = config.datasinks[to];
  if (entry && (entry.options as { mode?: unknown } | undefined)?.mode === "a") {
    throw new LaunchpadError("USAGE", `--resume: expected a sink that is written whole, found ${to} with mode: a`);
  }
  if (typeof given === "string") return given;
  if (entry === undefined && !/^([a-z0-9+]{2,}:|\/(dev|proc)\/)/i.test(to)) return `${to}.resume`;
  throw new LaunchpadError(
    "USAGE",
    `--resume: expected a file of this machine for what is done, since --to is none; found none. Write --resume scores.resume`,
  );
}

/**
 * Opens the journal of a table, with the model that predicts it: the run of its beginning, whatever serves by now.
 *
 * @param session The session.
 * @param launchpad The project.
 * @param table What is scored.
 * @param path The file.
 *
 * @returns The journal and the model.
 *
 * @throws USAGE for a journal of another command; MODEL_NOT_TRAINED; STORE_CORRUPT for a model with another digest.
 */
export async function openTableJournal(session: Session, launchpad: Launchpad, table: TableOptions, path: string) {
  const { host } = session;
  const told = {
    format: "mllaunchpad-journal/1",
    runtime: host.runtime.name,
    from: table.from,
    from_format: table.fromFormat,
    columns: table.columns,
    params: table.params,
    skip_errors: table.errors !== "fail",
    stamp: table.stamp,
  } as const;
  const begin = async (): Promise<JournalHead> => {
    const { meta } = await launchpad.batch();
    if (meta === undefined)
      throw new LaunchpadError("MODEL_NOT_TRAINED", "--resume: expected a model in the store, found none");
    const { name, version, run, contents } = meta;
    const model = { name, version, run, sha256: contents.sha256 };
    return { ...told, begun: new Date(host.now()).toISOString(), model };
  };
  const journal = await openJournal(path, begin, (head) => assertSameCommand(head, told, path));
  const { sha256, ...run } = journal.head.model;
  const batch = await launchpad.batch(run);
  if (batch.meta?.contents.sha256 === sha256) return { journal, batch, path };
  await journal.close();
  throw new LaunchpadError(
    "STORE_CORRUPT",
    `${path}: expected the model with the digest ${sha256}, found ${batch.meta?.contents.sha256}. Remove it to begin anew`,
  );
}

/**
 * Checks that a journal is of the same command.
 *
 * @param found The head of the journal.
 * @param now What the command says.
 * @param path The journal.
 *
 * @throws USAGE naming the first difference.
 */
function assertSameCommand(found: JournalHead, now: Omit<JournalHead, "begun" | "model">, path: string): void {
  const differing = (Object.keys(now) as (keyof typeof now)[]).find(
    (key) => JSON.stringify(found[key]) !== JSON.stringify(now[key]),
  );
  if (differing === undefined) return;
  const name = { skip_errors: "--errors", from_format: "--from-format", runtime: "runtime" } as Record<string, string>;
  throw new LaunchpadError(
    "USAGE",
    `${path}: expected what the same command has done before, found another ${name[differing] ?? `--${differing}`} (${JSON.stringify(found[differing])}). Remove it to begin anew`,
  );
}
