import {
  type Card,
  cardConfigOf,
  cardOf,
  cycloneDx,
  huggingFaceCard,
  LaunchpadError,
  type Meta,
} from "../../../../src/internal.ts";
import { writeOutput } from "../../../process/capture-prints.ts";
import { pathUrl } from "../../../project/find-config.ts";
import type { CliCommand } from "../../command.ts";
import type { Session } from "../../session.ts";

/** `launchpad models card` */
export const card = documentCommand(
  "card",
  "write the model card of one run: Markdown, in the form of Hugging Face",
  huggingFaceCard,
);

/** `launchpad models bom` */
export const bom = documentCommand(
  "bom",
  "write the bill of materials of one run: CycloneDX, in JSON",
  (about) => `${JSON.stringify(cycloneDx(about), null, 2)}\n`,
);

function documentCommand(name: string, description: string, textOf: (card: Card) => string): CliCommand {
  return {
    name,
    configure: (command) =>
      command
        .description(description)
        .argument(
          "[model]",
          "NAME, NAME@VERSION, NAME@ALIAS or NAME@VERSION/RUN; the model of the configuration if there is none",
        )
        .argument("[file]", "the file; - or nothing for the standard output"),
    async run(session, [model, file = "-"]) {
      const text = textOf((await readMetaAndCard(session, model)).card);
      if (file === "-") return void writeOutput(text);
      const { files } = session.host;
      if (files === undefined) throw new LaunchpadError("INTERNAL", "the command line needs a host with files");
      await files.write(pathUrl(file, files), new TextEncoder().encode(text));
    },
  };
}

/**
 * Reads what is known of a run.
 *
 * @param session The command.
 * @param model Which run; the one of the configuration, unless told.
 *
 * @returns The metadata and the card. What people say of the configured model is what they say now.
 *
 * @throws MODEL_NOT_TRAINED, STORE_CORRUPT, STORE_UNAVAILABLE.
 */
export async function readMetaAndCard(
  session: Session,
  model: string | undefined,
): Promise<{ meta: Meta; card: Card }> {
  const { name, version, card: about } = (await session.data()).config.model;
  const store = await session.store();
  const { meta } = await store.loadRun(await store.resolve(model ?? `${name}@${version}`));
  return { meta, card: cardOf(meta, meta.name === name && about ? cardConfigOf(about) : undefined) };
}
