import { minimal } from "./minimal-template.ts";
import { tabular } from "./tabular-template.ts";
import { templateFile } from "./template-file.ts";
import type { Platform, Template } from "./templates.ts";

/** With the version of workerd that packages are tested in here. */
const wrangler = "4.116.0";

/** Cloudflare Workers. wrangler needs Node, and it a newer one than Launchpad does. */
const cloudflare: Platform = {
  runtime: "node",
  commands: { test: "npm test", serve: "npm run dev" },
  manifest: {
    engines: { node: ">=22" },
    scripts: {
      test: "npm run build && node --test",
      build: "launchpad build --target cloudflare",
      dev: "npm run build && wrangler dev",
      deploy: "npm run build && wrangler deploy",
    },
    devDependencies: { wrangler },
  },
  ignored: [".wrangler/", ".dev.vars"],
  readme: `\`npm run build\` makes the Worker, and \`wrangler.jsonc\` for it if there is none: keep that in git, it is yours. \`npm run dev\`
serves it on this machine, \`npm run deploy\` at Cloudflare: it asks who you are the first time. With a model store at
\`r2://\` or \`kv://\` and \`--model store\`, a training needs no deployment.
`,
};

/** A model that is trained here and serves on Cloudflare Workers: that of a table, or the least there is. */
export const worker: Template = {
  data: "optional",
  platform: cloudflare,
  async files(answers) {
    const base = answers.table === undefined ? minimal : tabular;
    const test = answers.table === undefined ? "worker/minimal.test.js" : "worker/tabular.test.js";
    return { ...(await base.files(answers)), "worker.test.js": await templateFile(test) };
  },
};
