import type { CliCommand } from "../../command.ts";
import { aliasModel } from "./alias.ts";
import { bom, card } from "./documents.ts";
import { writeIndex } from "./index-file.ts";
import { diff, history, show } from "./inspect.ts";
import { keygen } from "./keygen.ts";
import { list, runs } from "./list.ts";
import { prune, verify } from "./maintenance.ts";
import { promote, rollback } from "./promote.ts";
import { exportModel, importModel } from "./transfer.ts";

/** `launchpad models` */
export const models: CliCommand = {
  ...list,
  name: "models",
  commands: [
    runs,
    show,
    history,
    diff,
    card,
    bom,
    promote,
    rollback,
    aliasModel,
    verify,
    prune,
    exportModel,
    importModel,
    writeIndex,
    keygen,
  ],
};
