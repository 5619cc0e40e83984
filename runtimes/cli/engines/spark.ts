import type { Engine } from "./job.ts";

/** Job of Spark: each task of one stage is a part, which a task that runs twice publishes once. */
export const spark: Engine = {
  ending: "py",
  write: ({ name, folder, project, command, missing }) => `import subprocess

from pyspark.sql import SparkSession

command = ${JSON.stringify([...command, "batch", "run", folder, "--index"])}
missing = ${JSON.stringify(missing)}


def run(index):
    done = subprocess.run([*command, str(index)], cwd=${JSON.stringify(project)}, capture_output=True, text=True)
    if done.returncode != 0:  # Spark tries the task again
        raise RuntimeError(f"part {index}: exit code {done.returncode}: {done.stderr[-2000:]}")
    return index


spark = SparkSession.builder.appName("${name}").getOrCreate()
done = spark.sparkContext.parallelize(missing, len(missing)).map(run).collect()
spark.stop()
print(f"{len(done)} parts are done")
`,
  send: (file, { master }) => ["spark-submit", ...(master === undefined ? [] : ["--master", master]), file],
  sent: () => undefined,
};
