"""Trains, checks the gate and scores every night, as tasks of Airflow. The project and launchpad are where the worker runs."""

from datetime import datetime, timedelta

from airflow import DAG

try:
    from airflow.providers.standard.operators.bash import BashOperator
except ImportError:  # Airflow 2
    from airflow.operators.bash import BashOperator

project = "/srv/project"

with DAG(
    "launchpad",
    schedule="0 3 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5)},
) as dag:
    # A training that its gates refuse ends with 3 and leaves the old model serving: to try again does not help.
    train = BashOperator(task_id="train", cwd=project, retries=0, bash_command="launchpad train")
    # With --resume, a second try goes on where the first one ended. 99 would be "skipped" to Airflow; launchpad never ends with it.
    score = BashOperator(
        task_id="score",
        cwd=project,
        bash_command="launchpad predict --from customers --to scores/{{ ds }}.parquet --params day={{ ds }} --columns id --resume",
        # Scored with the model that serves, whether that is tonight's or, where a gate refused it, the one before.
        trigger_rule="all_done",
    )
    train >> score
