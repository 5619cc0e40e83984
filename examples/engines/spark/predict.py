"""Predicts a table on the executors of Spark with `launchpad predict --stream`: one JSON column each way, and every row counted.

spark-submit predict.py FROM TO --schema "id long, variety string" --columns id --project /shared/project
"""

import argparse
import itertools
import subprocess
import threading

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql.functions import from_json, struct, to_json

parser = argparse.ArgumentParser()
parser.add_argument("source", help="a Parquet table")
parser.add_argument("target", help="the table of the predictions, which is overwritten")
parser.add_argument("--schema", required=True, help="columns of the predictions, as in SQL")
parser.add_argument("--columns", help="columns to carry through: id,name")
parser.add_argument("--project", default=".", help="the project, as executors reach it")
parser.add_argument("--program", nargs="+", default=["launchpad"], help="the command line of Launchpad there")
given = parser.parse_args()
command = [*given.program, "predict", "--stream", *(["--columns", given.columns] if given.columns else [])]
project = given.project


def predict(batches):
    """Hands the lines of a partition to one process: as many come back, or the task fails, and Spark tries it again."""
    first = next(batches, None)
    if first is None:
        return
    process = subprocess.Popen(command, cwd=project, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    sent = []

    def feed():
        try:
            for batch in itertools.chain([first], batches):
                lines = batch.column(0).to_pylist()
                process.stdin.write("".join(f"{line}\n" for line in lines))
                sent.append(len(lines))
            process.stdin.close()
        except BrokenPipeError:
            pass  # its exit code says why

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    got = 0
    try:
        while lines := list(itertools.islice(process.stdout, 10_000)):
            if not lines[-1].endswith("\n"):
                raise RuntimeError("a line was cut off")
            got += len(lines)
            yield pa.RecordBatch.from_pydict({"line": [line[:-1] for line in lines]})
        if process.wait() != 0:
            raise RuntimeError(f"launchpad ended with {process.returncode}")
    finally:
        process.kill()
    feeder.join()
    if got != sum(sent):
        raise RuntimeError(f"{sum(sent)} rows went in, {got} came out")


spark = SparkSession.builder.appName("launchpad predict").getOrCreate()
rows = spark.read.parquet(given.source)
lines = rows.select(to_json(struct("*"), {"ignoreNullFields": "true"}).alias("line")).mapInArrow(predict, "line string")
# A value that does not fit the schema is an error, and not a missing value.
predictions = lines.select(from_json("line", given.schema, {"mode": "FAILFAST"}).alias("prediction")).select("prediction.*")
predictions.write.mode("overwrite").parquet(given.target)
expected, found = rows.count(), spark.read.parquet(given.target).count()
spark.stop()
if expected != found:
    raise SystemExit(f"{expected} rows went in, {found} came out")
print(f"{found} rows")
