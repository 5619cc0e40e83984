import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Examined, Finding } from "./finding.ts";

/** Files in which commands stand. */
const isScript =
  /(^|\/)(Dockerfile[^/]*|Procfile|Makefile|crontab[^/]*|[^/]*\.(sh|bash|service|cron|timer|bat|cmd|ya?ml|toml|ini|txt))$/;

/** What takes the place of what stands in a line. */
const rules: readonly { readonly found: RegExp; replace(line: string): string; readonly why: string }[] = [
  {
    found: /\b(gunicorn|uwsgi|waitress-serve)\b.*\bmllaunchpad\.wsgi\b/,
    replace: (line) =>
      line.replace(/([^\s=]*\/)?(gunicorn|uwsgi|waitress-serve)\b.*?\bmllaunchpad\.wsgi(:\w+)?["']?(\s[^&|;#]*)?/, () =>
        served(line),
      ),
    why: "Launchpad serves by itself, with as many workers",
  },
  {
    found: /\bpython3?\s+-m\s+mllaunchpad\b/,
    replace: (line) => line.replace(/([^\s=]*\/)?python3?\s+-m\s+mllaunchpad\b/, "npx launchpad"),
    why: "the command is no module of Python",
  },
  {
    found: /\bpip3?\s+install\b.*\bmllaunchpad\b/,
    replace: (line) =>
      line.replace(/((?:\S*\/)?pip3?\s+install)\b(.*)/, (_, pip: string, rest: string) => installed(pip, rest)),
    why: "Launchpad is installed by npm; what else the model imports stays with pip",
  },
];

/**
 * Rewrites the lines of scripts that start ML Launchpad: those of gunicorn and its like, of cron, of systemd, of Docker.
 *
 * @param folder The folder of the project.
 * @param files Paths of its files.
 *
 * @returns What changes, and the scripts as they should be, beside those that are there.
 */
export async function rewriteScripts(folder: string, files: readonly string[]): Promise<Examined> {
  const findings: Finding[] = [];
  const written: Record<string, string> = {};
  for (const path of files.filter((file) => isScript.test(file) && !/\.launchpad(\.|$)/.test(file))) {
    const text = await readFile(join(folder, path), "utf8");
    if (!/mllaunchpad/.test(text)) continue;
    if (/requirements[^/]*\.txt$/.test(path)) {
      if (/^\s*mllaunchpad\b/m.test(text)) {
        findings.push({
          where: path,
          verdict: "changes",
          text: "mllaunchpad need not be installed with pip any more: remove its line",
        });
      }
      continue;
    }
    const lines = text.split("\n");
    const changed = lines.map((line, at) => {
      const rule = /^\s*#/.test(line) ? undefined : rules.find(({ found }) => found.test(line));
      if (rule === undefined) return line;
      const replaced = rule.replace(line);
      findings.push({ where: `${path} line ${at + 1}`, verdict: "changes", text: `${replaced.trim()} (${rule.why})` });
      return replaced;
    });
    if (changed.join("\n") !== text) written[besides(path)] = changed.join("\n");
    else if (/(^|[\s=/])mllaunchpad\s+(-|\w)/m.test(text)) {
      findings.push({
        where: path,
        verdict: "works",
        text: "the command mllaunchpad has the same options: npm install -g mllaunchpad, or npx",
      });
    }
  }
  return { findings, files: written };
}

/** `api.service` becomes `api.launchpad.service`. */
function besides(path: string): string {
  const ending = extname(path);
  return ending === "" ? `${path}.launchpad` : `${path.slice(0, -ending.length)}.launchpad${ending}`;
}

function served(line: string): string {
  const workers = /(?:-w|--workers)[ =](\d+|\$\{?\w+\}?)/.exec(line)?.[1];
  const [, host, port] = /(?:-b|--bind|--listen)[ =]["']?(?:([\w.:[\]*-]*):)?(\d+)/.exec(line) ?? [];
  const config = /-c[ =](\S+\.ya?ml)/.exec(line)?.[1];
  return [
    "npx launchpad",
    ...(config ? ["-c", config] : []),
    "api",
    ...(workers ? ["--workers", workers] : []),
    ...(host && host !== "*" ? ["--host", host] : []),
    ...(port ? ["--port", port] : []),
  ].join(" ");
}

function installed(pip: string, rest: string): string {
  const left = rest.replace(/\s["']?mllaunchpad(\[[^\]]*\])?([=<>~!][^\s"']*)?["']?/g, "");
  return /\s[^-\s]/.test(left) ? `${pip}${left} && npm install mllaunchpad` : "npm install mllaunchpad";
}
