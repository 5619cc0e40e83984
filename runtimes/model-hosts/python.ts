import { pathToFileURL } from "node:url";
import {
  createHostModel,
  exportFormat,
  type ModelType,
  type ModelTypeContext,
  type OpenModel,
  openExported,
} from "../../src/internal.ts";
import { gitState } from "../modules/git.ts";
import { digestOf } from "../modules/module-graph.ts";
import { hostFile, localFiles } from "./files.ts";
import { helloOf, refusePackage } from "./hello.ts";
import { findPython } from "./interpreter.ts";
import { noInterpreter } from "./no-interpreter.ts";
import { noPython, pythonAdvice } from "./no-python.ts";
import { hostOptions } from "./options.ts";
import { startProgram } from "./process.ts";

const title = "Python";

/** Models in Python. */
export const python: ModelType = { name: "python", title, extensions: [".py"], isCode: true, open: openPython };

function openPython(context: ModelTypeContext): OpenModel | Promise<OpenModel> {
  const { config, module, base, onFile } = context;
  for (const file of localFiles(module, base, /\.py$/)) onFile(file);
  const { command = "", tried } = findPython(context);
  const known = exportFormat(context);
  // Who serves a file needs no Python, and who finds none is told when it is needed.
  if (command === "" && known === undefined) throw noInterpreter(title, tried, pythonAdvice);
  const host = createHostModel({
    ...hostOptions(context, "python", title),
    start: startProgram({ command, arguments: [hostFile("python/host.py")] }),
    hello: helloOf(context),
    lazily: known !== undefined,
    explain: (how, output) => noPython(command, tried, how, output),
  });
  const opened = {
    close: host.close,
    async describe() {
      const { header } = await host.ask({ type: "describe" });
      const files = (header.files as readonly string[]).map((file) => pathToFileURL(file));
      const [digest, git] = await Promise.all([digestOf(module, files), gitState(new URL(".", module), files)]);
      return {
        packages: header.packages as Record<string, string>,
        language: { name: "python", version: String(header.version) },
        code: { ...digest, ...(git && { git }) },
      };
    },
  };
  if (known === undefined) {
    return { ...opened, model: host.model, refusePackage: (target) => refusePackage(title, config, target) };
  }
  return openExported(host, known, context).then((exported) => ({ ...opened, ...exported }));
}
