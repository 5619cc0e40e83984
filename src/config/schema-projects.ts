import * as v from "valibot";
import { bytesOf } from "../util/memory.ts";
import { isMapping, type Rule, sectionRules } from "./schema.ts";

// A message is what follows "expected": what it takes, and then a sentence on what to do.

const text = (expected: string) => v.pipe(v.string(expected), v.nonEmpty(expected));
const projects = "a list of configuration files or folders of projects: paths, patterns such as models/*, or URLs";
const refresh = "a number of seconds: 0 to look for more projects never";
const preload = "true, false, or a list of the names of models";
const most = "a whole number of models that are loaded at a time, at least 1; leave it out for no limit";
const memory = "an amount of memory above 0, such as 2GB or 512MB; leave it out for no limit";

const root = v.object({
  projects: v.pipe(
    v.unknown(),
    v.transform((given) => (typeof given === "string" ? [given] : given)),
    v.pipe(v.array(text("the path, pattern or URL of a project"), projects), v.minLength(1, projects)),
  ),
  overlay: v.nullish(text("the path of a configuration file that each project gets as well")),
  refresh: v.nullish(v.pipe(v.number(refresh), v.finite(refresh), v.minValue(0, refresh)), 30),
  preload: v.nullish(v.union([v.boolean(preload), v.array(text(preload), preload)], preload), false),
  max_loaded: v.nullish(v.pipe(v.number(most), v.integer(most), v.minValue(1, most))),
  max_memory: v.nullish(
    v.pipe(
      v.custom<string | number>(
        (given) => (typeof given === "string" || typeof given === "number") && bytesOf(given) !== undefined,
        memory,
      ),
      v.transform(bytesOf),
    ),
  ),
  api: v.nullish(v.custom<Record<string, unknown>>(isMapping, "a mapping of what all projects share"), {}),
  auth: v.nullish(v.custom<Record<string, unknown>>(isMapping, "a section with api_keys, jwt, mtls or proxy")),
  limits: v.nullish(v.custom<Record<string, unknown>>(isMapping, "a section of limits")),
});

const {
  trusted_proxies,
  docs,
  pages,
  admin,
  admin_token_var,
  cors,
  response_headers,
  compression,
  problem_types,
  access_log,
  metrics,
  protocols,
} = sectionRules.api.schema.entries;

/** The top level of a configuration of several projects. */
export const projectsRule: Rule = { schema: root, builtIn: [], variables: false, literal: [] };

/** What projects share below `api`. */
export const sharedApiRule: Rule = {
  schema: v.object({
    trusted_proxies,
    docs,
    pages,
    admin,
    admin_token_var,
    cors,
    response_headers,
    compression,
    problem_types,
    access_log,
    metrics,
    protocols,
  }),
  builtIn: [],
  variables: false,
  literal: [],
};
