import { pathToFileURL } from "node:url";
import { createHostModel, type ModelType, type ModelTypeContext, type OpenModel } from "../../src/index.ts";
import { gitState } from "../modules/git.ts";
import { digestOf } from "../modules/module-graph.ts";
import { hostFile, neighbours } from "./files.ts";
import { helloOf, noInterpreter, refusePackage } from "./hello.ts";
import { findPython } from "./interpreter.ts";
import { hostOptions } from "./options.ts";
import { startProgram } from "./process.ts";

const title = "Python";

/** Models in Python. */
export const python: ModelType = { name: "python", title, extensions: [".py"], isCode: true, open: openPython };

function openPython(context: ModelTypeContext): OpenModel {
  const { config, module, onFile } = context;
  for (const file of neighbours(module, ".py")) onFile(file);
  const { command, tried } = findPython(context);
  const advice = "Install Python 3.10 or newer, or say where it is by model.python or LAUNCHPAD_PYTHON";
  if (command === undefined) throw noInterpreter(title, tried, advice);
  const { model, ask, close } = createHostModel({
    ...hostOptions(context, "python", title),
    start: startProgram({ command, arguments: [hostFile("python/host.py")] }),
    hello: helloOf(context),
    explain: (how, output) =>
      how.startsWith("at once")
        ? noInterpreter(title, [...tried, `${command} could not be started (${how.slice(9)})`], advice).message
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
        language: { name: "python", version: String(header.version) },
        code: { ...digest, ...(git && { git }) },
      };
    },
  };
}
