import type { Template } from "./template.ts";
import { templateFile } from "./template-file.ts";

/** A model without data: the least that trains, tests and serves. */
export const minimal: Template = {
  data: "unused",
  async files({ name, runtime }) {
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
      "model.ts": await templateFile("minimal/model.ts"),
      "model.test.js": (await templateFile("minimal/model.test.js")).replace(
        "mllaunchpad/node",
        `mllaunchpad/${runtime}`,
      ),
    };
  },
};
