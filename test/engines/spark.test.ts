import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, runtimes, sourceCli, start } from "../runtimes/runtime.ts";
import { freePort } from "../storage/servers.ts";

const script = fileURLToPath(new URL("../../examples/engines/spark/predict.py", import.meta.url));
const node = [...(runtimes.Node ?? []), sourceCli];

/** Python of an environment with pyspark 4 and pyarrow: 400 MB, which CI does not fetch. */
const python = process.env.LAUNCHPAD_TEST_SPARK_PYTHON;

describe("examples/engines/spark/predict.py", () => {
  it("is Python", async () => {
    const compile = ["-c", "import ast, sys; ast.parse(sys.stdin.read())"];
    const input = await readFile(script, "utf8");
    expect(spawnSync("python3", compile, { input, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  });
});

if (python !== undefined) {
  describe("Spark with one master and two workers", () => {
    let folder: string;
    let master: string;
    const daemons: ChildProcess[] = [];
    const home = spawnSync(python, ["-c", "import pyspark, os; print(os.path.dirname(pyspark.__file__))"], {
      encoding: "utf8",
    }).stdout.trim();
    const env = {
      SPARK_HOME: home,
      SPARK_LOCAL_IP: "127.0.0.1",
      PYSPARK_PYTHON: python,
      PATH: `${dirname(python)}:${process.env.PATH}`,
    };
    const settings = [
      "spark.executor.memory=512m",
      "spark.sql.shuffle.partitions=2",
      "spark.ui.enabled=false",
      "spark.sql.files.maxPartitionBytes=4k",
      "spark.sql.files.openCostInBytes=0",
    ];
    const submitted = (program: string, to: string, schema = "id long, y double") => [
      join(home, "bin/spark-submit"),
      "--master",
      master,
      ...settings.flatMap((one) => ["--conf", one]),
      script,
      join(folder, "rows.parquet"),
      join(folder, to),
      "--schema",
      schema,
      "--columns",
      "id",
      "--project",
      folder,
      "--program",
      join(folder, program),
    ];
    const idsOf = (to: string) =>
      JSON.parse(
        spawnSync(
          python,
          [
            "-c",
            `import pyarrow.parquet as p, json; t = p.read_table(${JSON.stringify(join(folder, to))}); print(json.dumps([sorted(t["id"].to_pylist()), sum(t["y"].to_pylist())]))`,
          ],
          { encoding: "utf8" },
        ).stdout,
      );
    const count = 900;
    const whole = [Array.from({ length: count }, (_, at) => at), count * (count - 1)];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "launchpad-spark-"));
      await cp(fileURLToPath(new URL("../cli/project", import.meta.url)), folder, { recursive: true });
      expect((await run([...node, "train"], { cwd: folder })).code).toBe(0);
      const rows = `import pyarrow as pa, pyarrow.parquet as p
n = ${count}
t = pa.table({"id": range(n), "x": [float(i) for i in range(n)], "delay": [30 if i % 10 == 0 else 0 for i in range(n)]})
p.write_table(t, ${JSON.stringify(join(folder, "rows.parquet"))}, row_group_size=300, compression="none")`;
      expect(spawnSync(python, ["-c", rows], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
      const program = async (name: string, text: string) => {
        await writeFile(join(folder, name), `#!/bin/bash\n${text}\n`);
        await chmod(join(folder, name), 0o755);
      };
      const launchpad = `${node.join(" ")} "$@"`;
      await program("sound", `exec ${launchpad}`);
      // The first task exits with 1 after some lines; the second one cuts its last line off.
      await program(
        "exits",
        `mkdir "${folder}/exited" 2>&- && { ${launchpad} | head -n 20; exit 1; }\nexec ${launchpad}`,
      );
      await program("cuts", `mkdir "${folder}/cut" 2>&- && { ${launchpad} | head -c 150; exit 0; }\nexec ${launchpad}`);
      await program(
        "loses",
        `mkdir "${folder}/lost" 2>&- && { ${launchpad} | head -n -1; exit 0; }\nexec ${launchpad}`,
      );
      const [port, webPort] = [await freePort(), await freePort()];
      master = `spark://127.0.0.1:${port}`;
      const daemon = (...args: string[]) => {
        daemons.push(
          spawn(join(home, "bin/spark-class"), args, { env: { ...process.env, ...env }, stdio: "ignore", cwd: folder }),
        );
      };
      daemon(
        "org.apache.spark.deploy.master.Master",
        "--host",
        "127.0.0.1",
        "--port",
        String(port),
        "--webui-port",
        String(webPort),
      );
      for (const name of ["w1", "w2"]) {
        daemon(
          "org.apache.spark.deploy.worker.Worker",
          "-c",
          "1",
          "-m",
          "700m",
          "-d",
          join(folder, name),
          "--webui-port",
          "0",
          master,
        );
      }
      for (let tries = 0; ; tries++) {
        const state = await fetch(`http://127.0.0.1:${webPort}/json/`).then(
          (answer) => answer.json() as Promise<{ aliveworkers: number }>,
          () => undefined,
        );
        if (state?.aliveworkers === 2) break;
        if (tries > 700) throw new Error("Spark does not start");
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }, 400_000);

    afterAll(async () => {
      for (const child of daemons) {
        child.kill("SIGKILL");
        if (child.exitCode === null && child.signalCode === null) await once(child, "close");
      }
      await rm(folder, { recursive: true, force: true });
    });

    it.each(["sound", "exits", "cuts", "loses"])(
      "gives every row once with a program that %s",
      async (program) => {
        const { code, stderr } = await run(submitted(program, `${program}.out`), { cwd: folder, env });
        if (code !== 0) expect.fail(stderr.slice(-3000));
        expect(idsOf(`${program}.out`)).toEqual(whole);
        const failures = {
          sound: /^(?![\s\S]*Lost task)/,
          exits: /launchpad ended with 1/,
          cuts: /a line was cut off/,
          loses: /rows went in, \d+ came out/,
        };
        expect(stderr).toMatch(failures[program as keyof typeof failures]);
      },
      900_000,
    );

    it("gives every row once when an executor is killed half-way", async () => {
      const running = start(submitted("sound", "killed.out"), { cwd: folder, env });
      await running.printed(/Finished task/);
      const all = spawnSync("ps", ["-eo", "pid,ppid,args"], { encoding: "utf8" })
        .stdout.split("\n")
        .map((line) => /^\s*(?<pid>\d+)\s+(?<parent>\d+)\s+(?<command>.*)$/.exec(line)?.groups ?? {});
      // Only workers name their master: executors of others, which may run on this machine, are none of their children.
      const workers = all.filter(({ command = "" }) => command.includes(".worker.Worker ") && command.endsWith(master));
      const executor = all.find(
        ({ parent, command = "" }) =>
          command.includes("CoarseGrainedExecutorBackend") && workers.some(({ pid }) => pid === parent),
      );
      expect(workers.length).toBe(2);
      process.kill(Number(executor?.pid), "SIGKILL");
      const { code, stderr } = await running.finished;
      if (code !== 0) expect.fail(stderr.slice(-3000));
      expect(stderr).toMatch(/Lost executor/);
      expect(idsOf("killed.out")).toEqual(whole);
    }, 900_000);

    it("fails where a prediction does not fit the schema, instead of a missing value", async () => {
      const { code, stderr } = await run(submitted("sound", "cast.out", "id long, y boolean"), { cwd: folder, env });
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/MALFORMED_RECORD_IN_PARSING|CANNOT_PARSE_JSON_FIELD/);
    }, 900_000);

    it("runs the parts of a plan, which launchpad batch submit sends", async () => {
      const launchpad = async (...args: string[]) => {
        const { code, stdout, stderr } = await run([...node, ...args], { cwd: folder, env });
        if (code !== 0) expect.fail(stderr.slice(-3000));
        return JSON.parse(stdout);
      };
      await launchpad(
        "batch",
        "plan",
        "--from",
        "rows.parquet",
        "--to",
        "parts",
        "--part-rows",
        "300",
        "--columns",
        "id",
      );
      const submit = [
        "batch",
        "submit",
        "parts",
        "--engine",
        "spark",
        "--master",
        master,
        "--program",
        join(folder, "sound"),
      ];
      expect(await launchpad(...submit)).toMatchObject({ sent: true, parts: 3, missing: 3 });
      expect(await launchpad("batch", "finish", "parts")).toMatchObject({ rows: count, predicted: count });
      expect(await launchpad(...submit)).toMatchObject({ sent: false, missing: 0 });
    }, 900_000);
  });
}
