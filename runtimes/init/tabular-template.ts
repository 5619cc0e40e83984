import { createFrame, type Frame, generateApiFile, LaunchpadError } from "../../src/internal.ts";
import { languages } from "./languages.ts";
import type { Template } from "./template.ts";
import { templateFile, templateFiles } from "./template-file.ts";
import { languageNames } from "./types.ts";

/** The version of a model that begins. */
const version = "0.1.0";

/** A linear model of one column from all others: a baseline for any table. */
export const tabular: Template = {
  data: "needed",
  languages: languageNames,
  async files({ name, runtime, language, table }) {
    if (table === undefined) throw new LaunchpadError("INTERNAL", "the template tabular needs a table");
    const { files, byName, settings } = languages[language];
    const { frame, target, task, type, options, path } = table;
    const batches = [task === "regression" ? withNumbers(frame, target) : frame];
    const optionLines = Object.entries(options).map(([key, value]) => `\n      ${key}: ${JSON.stringify(value)}`);
    return {
      "launchpad.yml": `# npx launchpad --help says what can be done with it.
datasources:
  data:
    type: ${type}
    path: ${JSON.stringify(`./${path}`)}
    tags: [train, test]${optionLines.length > 0 ? `\n    options:${optionLines.join("")}` : ""}

model_store:
  location: ./model_store

model:
  name: ${JSON.stringify(name)}
  version: "${version}" # <breaking>.<adding>.<fix>; the first number is in the URL of the API
  module: model
  target: ${JSON.stringify(target)} # the column that is predicted
  task: ${task} # or ${task === "regression" ? "classification" : "regression"}
  order_columns_not_used_warning: never # ${byName}${settings}
  # A training that misses its gates is kept, but does not serve:
  # gates: { ${task === "regression" ? 'r2: ">= 0.5"' : 'accuracy: ">= 0.8"'} }

api:
  name: ${JSON.stringify(name)}
  openapi: openapi.yml
`,
      "openapi.yml": await generateApiFile({ language: "openapi", source: "data", batches, name, version, target }),
      ...(await templateFiles("tabular", files.tabular)),
      "model.test.js": (await templateFile("tabular/model.test.js")).replace(
        "mllaunchpad/node",
        `mllaunchpad/${runtime}`,
      ),
    };
  },
};

/** Of whole numbers, a regression predicts fractions: the API file must not promise whole ones. */
function withNumbers(frame: Frame, target: string): Frame {
  const numbers = Float64Array.from(frame.column(target) as ArrayLike<number | bigint>, Number);
  return createFrame({ ...frame.columns, [target]: numbers }, { ...frame.dtypes, [target]: "float64" });
}
