import type { Problem } from "../source/problems.ts";
import type { MapTree, Tree } from "../source/tree.ts";
import { type Checked, checkAdmin, checkMapping, reportTo } from "./check.ts";
import { checkDoors } from "./doors/check-doors.ts";
import { entryRules, isMapping, rootSchema, sectionRules } from "./schema.ts";
import { projectsRule, sharedApiRule } from "./schema-projects.ts";

/**
 * Tells whether a configuration is one of several projects.
 *
 * @param tree What the user wrote.
 *
 * @returns Whether it has the key `projects`, and is not that of a project itself.
 */
export function isOfProjects(tree: Tree): tree is MapTree {
  return tree.kind === "map" && tree.children.has("projects");
}

/** Sections that belong to one project. */
const ofOne = [...Object.keys(rootSchema.entries), ...Object.keys(entryRules)].filter(
  (key) => !["api", "auth", "limits"].includes(key),
);

/**
 * Checks a configuration of several projects.
 *
 * @param tree What the user wrote.
 *
 * @returns Every problem there is, and the value in its normal form.
 */
export function checkProjects(tree: MapTree): Checked {
  const problems: Problem[] = [];
  const report = reportTo(problems, tree);
  const value = checkMapping(tree, [], projectsRule, false, report);
  const known = Object.keys(projectsRule.schema.entries);
  for (const key of tree.children.keys()) {
    if (ofOne.includes(key)) {
      report([key], "found a section of one project beside projects, expected it in the configuration of that project");
    } else if (!known.includes(key) && !problems.some(({ path }) => path[0] === key)) {
      report([key], `found an unknown key, expected none but ${known.join(", ")}`);
    }
  }
  if (isMapping(value.api)) {
    const shared = tree.children.has("api") ? checkMapping(tree, ["api"], sharedApiRule, false, report) : {};
    for (const key of Object.keys(value.api)) {
      if (Object.hasOwn(sharedApiRule.schema.entries, key)) continue;
      const isOfProject = Object.hasOwn(sectionRules.api.schema.entries, key);
      const advice = isOfProject ? "It belongs into the configuration of each project" : "Remove it";
      if (problems.some(({ path }) => path[1] === key)) continue;
      const names = Object.keys(sharedApiRule.schema.entries).join(", ");
      report(["api", key], `found a key that projects do not share, expected one of ${names}. ${advice}`);
    }
    checkAdmin(tree, report);
    value.api = { docs: true, admin: false, access_log: false, ...shared };
  }
  for (const section of ["auth", "limits"] as const) {
    if (isMapping(value[section])) value[section] = checkMapping(tree, [section], sectionRules[section], false, report);
  }
  checkDoors(tree, report);
  return { problems, value, ignored: [] };
}
