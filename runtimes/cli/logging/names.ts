import { didYouMean, loggerNames } from "../../../src/internal.ts";

/** Loggers of ML Launchpad and of the servers that it ran in, and what logs the same here. */
const there: Readonly<Record<string, string>> = {
  mllaunchpad: "launchpad",
  "mllaunchpad.api": "launchpad.api",
  "mllaunchpad.wsgi": "launchpad.api",
  "mllaunchpad.cli": "launchpad.cli",
  "mllaunchpad.logutil": "launchpad.cli",
  "mllaunchpad.config": "launchpad.config",
  "mllaunchpad.yaml_loader": "launchpad.config",
  "mllaunchpad.datasources": "launchpad.data",
  "mllaunchpad.model_actions": "launchpad.lifecycle",
  "mllaunchpad.model_interface": "launchpad.model",
  "mllaunchpad.resource": "launchpad.store",
  flask: "launchpad.api",
  gunicorn: "launchpad.api",
  "gunicorn.error": "launchpad.api",
  "gunicorn.access": "launchpad.access",
  werkzeug: "launchpad.access",
};

const here = ["launchpad", ...loggerNames.map((name) => `launchpad.${name}`)];

/** Names of code of the model, and of libraries that it uses, below that of the model. */
const ofModel = "launchpad.model.";

/**
 * Finds the logger that is meant by a name of a configuration.
 *
 * @param name A name as it is here, as it was in ML Launchpad, or that of a module of the model.
 *
 * @returns The name here; what is wrong with a name that only resembles one.
 */
export function meantLogger(name: string): { readonly name: string } | { readonly problem: string } {
  const known = Object.hasOwn(there, name) ? there[name] : undefined;
  if (known !== undefined) return { name: known };
  if (here.includes(name) || name.startsWith(ofModel)) return { name };
  const all = name.split(".")[0] === "mllaunchpad" ? Object.keys(there) : here;
  if (/^(ml)?launchpad\./.test(name)) {
    return { problem: `no such logger.${didYouMean(name, all) || ` Expected one of ${all.join(", ")}`}` };
  }
  return { name: ofModel + name };
}

/**
 * Creates the name by which a record looks for its logger: what a module in Python logs has its logger's name in front.
 *
 * @param name Name of the logger.
 * @param message The message.
 * @param module Name of the model's module, under which it logged in ML Launchpad.
 *
 * @returns The name, below that of the model where it is more.
 */
export function routedName(name: string, message: string, module: string | undefined): string {
  if (name !== "launchpad.model") return name;
  const [, prefix] = /^([\w.]{1,200}): /.exec(message) ?? [];
  const own = prefix ?? module;
  return own === undefined ? name : ofModel + own;
}
