import { pathToFileURL } from "node:url";
import { createHostModel, type ModelType, type ModelTypeContext, type OpenModel } from "../../src/internal.ts";
import { gitState } from "../modules/git.ts";
import { digestOf } from "../modules/module-graph.ts";
import { hostFile, localFiles } from "./files.ts";
import { helloOf, refusePackage } from "./hello.ts";
import { noInterpreter } from "./no-interpreter.ts";
import { hostOptions } from "./options.ts";
import { startProgram } from "./process.ts";

const title = "R";

/** Models in R. `r_file` is the key of ML Launchpad's template, whose module was a bridge in Python. */
export const r: ModelType = {
  name: "r",
  title,
  extensions: [".R", ".r"],
  isCode: true,
  claims: ({ model }) => (typeof model.r_file === "string" ? model.r_file : undefined),
  open: openR,
};

/** R cannot move its own standard streams: the shell does, and becomes R. What the shell is given is no part of its program. */
const script = 'exec 3>&1 4<&0 0</dev/null 1>&2; [ -z "$3" ] || ulimit -d "$3"; exec "$1" "$2"';

function openR(context: ModelTypeContext): OpenModel {
  const { config, host, module, base, onFile } = context;
  for (const file of localFiles(module, base, /\.[Rr]$/)) onFile(file);
  const named = host.env("LAUNCHPAD_RSCRIPT");
  const command = named || "Rscript";
  const advice = "Install R (r-base-core) and its package jsonlite, or say where Rscript is by LAUNCHPAD_RSCRIPT";
  const { memory_limit: limit, ...hello } = helloOf(context);
  const kilobytes = typeof limit === "number" ? String(Math.floor(limit / 1024)) : "";
  const { model, ask, close } = createHostModel({
    ...hostOptions(context, "r", title),
    start: startProgram({ command: "sh", arguments: ["-c", script, "sh", command, hostFile("r/host.R"), kilobytes] }),
    hello,
    explain: (how, output) =>
      how === "with exit code 127" || how === "with exit code 126" || how.startsWith("at once")
        ? noInterpreter(
            title,
            [`LAUNCHPAD_RSCRIPT is ${named ? named : "not set"}`, `${command} could not be started`],
            advice,
          ).message
        : `[model] ${command} ended ${how} before it had begun. ${advice}.${output && `\n${output}`}`,
  });
  return {
    model,
    close,
    refusePackage: (target) => refusePackage(title, config, target),
    async describe() {
      const { header } = await ask({ type: "describe" });
      const files = (header.files as readonly string[]).map((file) => pathToFileURL(file));
      const [digest, git] = await Promise.all([digestOf(module, files), gitState(new URL(".", module), files)]);
      return {
        packages: header.packages as Record<string, string>,
        language: { name: "r", version: String(header.version) },
        code: { ...digest, ...(git && { git }) },
      };
    },
  };
}
