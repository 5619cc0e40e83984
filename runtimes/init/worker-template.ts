import { minimal } from "./minimal-template.ts";
import { tabular } from "./tabular-template.ts";
import type { Platform, Template } from "./template.ts";
import { templateFile } from "./template-file.ts";

/** With the version of workerd that packages are tested in here. */
const wrangler = "4.116.0";

/** Where a test of the minimal model has its arguments, that of a table has the examples of its API file. */
const args = "const args = { x: 3 };";
const examples = `const { parameters } = paths[path].get;
  const args = Object.fromEntries(parameters.map(({ name, example }) => [name, example]));`;

/** Cloudflare Workers. wrangler runs on Node, a newer one than Launchpad needs. */
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
serves it on this machine, \`npm run deploy\` at Cloudflare: it asks who you are the first time. The model is in it, so deploy
after a training; with \`--model store\` in the script \`build\` it is read from R2 or KV, if that is where the model store is.
`,
};

/** A model that is trained here and serves on Cloudflare Workers: that of a table, or the least there is. */
export const worker: Template = {
  data: "optional",
  platform: cloudflare,
  languages: ["typescript"],
  async files(answers) {
    const test = await templateFile("worker/worker.test.js");
    return answers.table === undefined
      ? { ...(await minimal.files(answers)), "worker.test.js": test }
      : { ...(await tabular.files(answers)), "worker.test.js": test.replace(args, examples) };
  },
};
