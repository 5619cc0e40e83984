import { languages } from "./languages.ts";
import type { Template } from "./template.ts";
import { templateFile, templateFiles } from "./template-file.ts";
import { languageNames } from "./types.ts";

/** A model without data: the least that trains, tests and serves. */
export const minimal: Template = {
  data: "unused",
  languages: languageNames,
  async files({ name, runtime, language }) {
    return {
      "launchpad.yml": `# npx launchpad --help says what can be done with it.
model_store:
  location: ./model_store

model:
  name: ${JSON.stringify(name)}
  version: "0.1.0" # <breaking>.<adding>.<fix>; the first number is in the URL of the API
  module: model
  order_columns_not_used_warning: never # there are no columns

api:
  name: ${JSON.stringify(name)}
`,
      ...(await templateFiles("minimal", languages[language].files.minimal)),
      "model.test.js": (await templateFile("minimal/model.test.js")).replace(
        "mllaunchpad/node",
        `mllaunchpad/${runtime}`,
      ),
    };
  },
};
