import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import process from "node:process";
import { fileURLToPath } from "node:url";
import {
  type ApiDefinition,
  createHistory,
  LaunchpadError,
  openDefinition,
  type PageModel,
  type PagesHistory,
  pageModel,
} from "../../../src/internal.ts";
import { pathUrl } from "../../project/find-config.ts";
import type { CliCommand } from "../command.ts";
import { printResult } from "../streams.ts";
import { readMetaAndCard } from "./models/documents.ts";

/** `launchpad report` */
export const report: CliCommand = {
  name: "report",
  configure: (command) =>
    command
      .description("write model card and history to one HTML file, for a mail or a build server")
      .argument(
        "[model]",
        "NAME, NAME@VERSION, NAME@ALIAS or NAME@VERSION/RUN; the model of the configuration if there is none",
      )
      .option("-o, --output <file>", "the file", "report.html")
      .option("--open", "open it in a browser"),
  async run(session, [model], options) {
    const { files, pageFile } = session.host;
    if (files === undefined) throw new LaunchpadError("INTERNAL", "the command line needs a host with files");
    const { meta, card } = await readMetaAndCard(session, model);
    const store = await session.store();
    const definition = (meta.api as ApiDefinition | undefined) ?? openDefinition(meta.name, "v0");
    const data = {
      model: pageModel(definition, meta.api_base_url ?? "", {
        version: meta.version,
        card,
        hasHistory: true,
        hasMetrics: false,
        hasDrift: false,
        hasRollout: false,
        hasFeedback: false,
        hasDocs: false,
      }),
      history: await createHistory(async () => store, meta.name).read(),
    };
    const parts = await Promise.all(["page.css", "page.js"].map((name) => pageFile?.(name)));
    const [style, script] = parts.map((bytes) => bytes && new TextDecoder().decode(bytes));
    if (style === undefined || script === undefined) {
      throw new LaunchpadError(
        "INTERNAL",
        "the files of the pages are missing: expected them beside the command. Install the package again",
      );
    }
    const url = pathUrl(String(options.output), files);
    await files.write(url, new TextEncoder().encode(reportText(data, style, script)));
    printResult({ name: meta.name, version: meta.version, run: meta.run, file: fileURLToPath(url) });
    if (options.open === true) openFile(fileURLToPath(url));
  },
};

/** One document that asks nobody: a browser runs the one script whose digest it names, and loads nothing. */
function reportText(
  data: { readonly model: PageModel; readonly history: PagesHistory },
  style: string,
  script: string,
): string {
  // Neither may end the element that it stands in.
  const code = script.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  const digest = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const title = `${data.model.title} ${data.model.version}`.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="content-security-policy" content="default-src 'none'; script-src ${digest(code)}; style-src ${digest(style)}; img-src data:; base-uri 'none'; form-action 'none'">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<div id="page"></div>
<script id="data" type="application/json">${json}</script>
<script>${code}</script>
</body>
</html>
`;
}

/** What opens files with the program that the user has chosen for them. */
const openers: Readonly<Record<string, readonly string[]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

function openFile(path: string): void {
  const [command = "xdg-open", ...args] = openers[process.platform] ?? ["xdg-open"];
  const child = spawn(command, [...args, path], { detached: true, stdio: "ignore" });
  // Who has no browser has the file.
  child.on("error", () => {});
  child.unref();
}
