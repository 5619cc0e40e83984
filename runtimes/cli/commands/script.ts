import process from "node:process";
import { createScriptHost } from "../../model-hosts/script-host.ts";
import type { CliCommand } from "../command.ts";
import { writeStandardOutput } from "../streams.ts";

/** `launchpad script` */
export const script: CliCommand = {
  name: "script",
  configure: (command) =>
    command.description(
      "let a script reach data, model and model store: what the package mllaunchpad of Python does; speaks the host protocol",
    ),
  async run(session) {
    const { config } = await session.data();
    const host = createScriptHost({
      config,
      host: session.host,
      data: await session.data(),
      store: () => session.store(),
      launchpad: () => session.open(),
      async write(pieces) {
        for (const piece of pieces) await writeStandardOutput(piece);
      },
    });
    for await (const chunk of process.stdin) {
      if (!host.push(typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk)) break;
    }
    await host.done();
  },
};
