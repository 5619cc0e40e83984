// The first module of a package that is evaluated: what code of the model prints is in its log, and it cannot end the process, from
// its first line on. What imports a package stays as it is.
import { capturePrints } from "../process/capture-prints.ts";
import { refuseExit } from "../process/exit.ts";
import { stderrLogger } from "../process/stderr-logger.ts";
import { isStarted } from "./is-started.ts";

if (isStarted(import.meta)) {
  capturePrints(stderrLogger("info").child("model"));
  refuseExit();
}
