import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";

/** Program that tests start, besides what npm installs. */
export interface Program {
  /** What it is for. */
  readonly purpose: string;
  /** Packages of Debian and Ubuntu that it comes with. */
  readonly packages: readonly string[];
  /** Finds it; undefined if it is not there. */
  find(): string | undefined;
}

/** Programs by their names. */
export const programs = {
  "redis-server": {
    purpose: "the model store in Redis",
    packages: ["redis-server"],
    find: () => onPath("redis-server"),
  },
  openssl: { purpose: "certificates of servers", packages: ["openssl"], find: () => onPath("openssl") },
  postgres: {
    purpose: "databases",
    packages: ["postgresql"],
    find() {
      const folder = "/usr/lib/postgresql";
      const versions = existsSync(folder) ? readdirSync(folder).map(Number) : [];
      const newest = versions.sort((a, b) => a - b).at(-1);
      return newest === undefined ? undefined : executable(`${folder}/${newest}/bin/postgres`);
    },
  },
  mariadbd: {
    purpose: "databases",
    packages: ["mariadb-server"],
    find: () => executable("/usr/sbin/mariadbd") ?? executable("/usr/sbin/mysqld"),
  },
  chromium: {
    purpose: "pages",
    packages: ["chromium"],
    find: () => process.env.CHROMIUM ?? executable("/usr/bin/chromium"),
  },
  nginx: { purpose: "the deployment guide", packages: ["nginx"], find: () => executable("/usr/sbin/nginx") },
  "systemd-analyze": {
    purpose: "the units of the deployment guide",
    packages: ["systemd"],
    find: () => onPath("systemd-analyze"),
  },
  promtool: { purpose: "rules of Prometheus", packages: ["prometheus"], find: () => onPath("promtool") },
  slurmctld: {
    purpose: "arrays of jobs, on a real Slurm of two nodes",
    packages: ["slurm-wlm", "munge"],
    find: () => executable("/usr/sbin/slurmctld") ?? onPath("slurmctld"),
  },
  Rscript: {
    purpose: "models in R",
    packages: ["r-base-core", "r-cran-rpart", "r-cran-jsonlite"],
    find: () => onPath("Rscript"),
  },
  python3: {
    purpose: "models in Python, whose packages the tests install by themselves",
    packages: ["python3", "python3-venv"],
    find: () => (spawnSync("python3", ["-c", "import ensurepip, venv"]).status === 0 ? onPath("python3") : undefined),
  },
} as const satisfies Readonly<Record<string, Program>>;

/**
 * Finds a program that a test needs.
 *
 * @param name The program.
 *
 * @returns Its path.
 *
 * @throws Error with the one line that installs it.
 */
export function programAt(name: keyof typeof programs): string {
  const { find, packages } = programs[name];
  const path = find();
  if (path !== undefined) return path;
  throw new Error(
    `This test needs ${name}, which is not installed: npm run setup, or sudo apt-get install ${packages.join(" ")}`,
  );
}

function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => executable(join(folder, name))).find((path) => path !== undefined);
}

function executable(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    return undefined;
  }
}
