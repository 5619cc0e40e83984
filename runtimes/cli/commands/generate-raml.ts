import type { CliCommand } from "../command.ts";
import { configureGenerator, printApiFile } from "../generate.ts";

/** `launchpad generate-raml` */
export const generateRaml: CliCommand = {
  name: "generate-raml",
  // As in ML Launchpad, where it was the only one: \`g\`, \`gen\`.
  alias: "generate",
  configure: (command) =>
    configureGenerator(command.description("print a RAML file made from a data source"), "iris.raml"),
  run: (session, operands, options) => printApiFile("raml", session, operands, options),
};
