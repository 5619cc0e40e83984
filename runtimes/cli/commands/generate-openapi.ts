import type { CliCommand } from "../command.ts";
import { configureGenerator, printApiFile } from "../generate.ts";

/** `launchpad generate-openapi` */
export const generateOpenApi: CliCommand = {
  name: "generate-openapi",
  configure: (command) =>
    configureGenerator(command.description("print an OpenAPI file made from a data source"), "iris.openapi.yml"),
  run: (session, operands, options) => printApiFile("openapi", session, operands, options),
};
