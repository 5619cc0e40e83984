import { contendersOn, floorRuntimes } from "../floor/contenders.ts";
import type { Context, Missing } from "../tool/benchmark.ts";
import { reasonOf } from "../tool/reason.ts";
import { type Contender, serve } from "../tool/server.ts";
import { pythonEnvironment } from "./environment.ts";
import { folderFor, peers } from "./peers.ts";

/** How many processes everybody serves with. */
export const processes: number = 2;

const workers = processes > 1 ? ["--workers", `${processes}`] : [];

/** Launchpad on a runtime, with so many processes; workerd cannot share a port, and has one. */
async function launchpadOn(context: Context, runtime: string): Promise<Contender | undefined> {
  const found = await contendersOn(context, runtime);
  const api = found["Launchpad api"];
  return api ? { ...api, command: (port) => [...api.command(port), ...workers] } : found["Launchpad, built"];
}

/** What is compared, and what could not be, with what it or pip said. */
export interface Competition {
  readonly contenders: Readonly<Record<string, Contender>>;
  readonly missing: readonly Missing[];
  readonly notes: readonly string[];
}

const made = new WeakMap<Context, Promise<Competition>>();

/** Launchpad on each runtime, and every peer that can be installed and answers right; once in a run. */
export function competition(context: Context): Promise<Competition> {
  const found = made.get(context) ?? make(context);
  made.set(context, found);
  return found;
}

async function make(context: Context): Promise<Competition> {
  const contenders: Record<string, Contender> = {};
  const missing: Missing[] = [];
  const notes: string[] =
    processes > 1 ? ["Launchpad on workerd: one process, because two of workerd cannot share a port."] : [];
  for (const runtime of floorRuntimes) {
    const contender = await launchpadOn(context, runtime);
    if (contender) contenders[`Launchpad on ${runtime}`] = contender;
  }
  for (const [name, { requirements, main, how, prepare }] of Object.entries(peers)) {
    const { python, version, reason } = await pythonEnvironment(context, requirements, main);
    notes.push(`${name}: ${main} ${version}, ${how}.`);
    if (python === undefined) {
      missing.push({ what: name, reason });
      continue;
    }
    context.say(`${name}: training`);
    try {
      const folder = await folderFor(context, name);
      const contender = await prepare({ context, python, folder, processes });
      const { answer, stop } = await serve(context, contender);
      await stop();
      if (!answer.includes("Versicolor")) throw new Error(`answers ${answer.slice(0, 500)}`);
      contenders[name] = contender;
    } catch (error) {
      missing.push({ what: name, reason: reasonOf(error) });
    }
  }
  return { contenders, missing, notes };
}
