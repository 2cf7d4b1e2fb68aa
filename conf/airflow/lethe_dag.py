"""Lethe as an Airflow DAG: one task per stage, each a spark-submit.

A job returns nothing to Airflow; later tasks read RUN_DIR/result.json. Airflow may retry every
task: a stage with a manifest is skipped, and an interrupted stage resumes. Airflow's interface
shows arguments, so they are URIs and never text of a corpus.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from airflow.models.param import Param
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import DAG

STAGES = ["shard", "unlearn", "evaluate", "release"]

# One id per request, the same for every retry. A run id must not contain ':' or '+'.
RUN_ID = "{{ params.request_id }}-{{ ts_nodash | lower }}"

with DAG(
    dag_id="lethe",
    description="Makes a language model forget what an erasure request names",
    start_date=datetime(2026, 1, 1),
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5)},
    params={
        "request_id": Param("request-1", type="string", pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"),
        "jar": Param("s3a://platform/lethe/lethe-jobs.jar", type="string"),
        "config": Param("/etc/lethe/production.conf", type="string"),
        "model": Param("s3a://models/example", type="string"),
        "forget": Param("s3a://requests/request-1/forget.jsonl", type="string"),
        "retain": Param("s3a://corpora/retain.jsonl", type="string"),
        "runs": Param("s3a://runs", type="string"),
    },
) as dag:
    previous = None
    for stage in STAGES:
        task = SparkSubmitOperator(
            task_id=stage,
            conn_id="spark_default",
            application="{{ params.jar }}",
            # The operator does not template this field.
            java_class=f"org.lethe.jobs.{stage.capitalize()}Job",
            name=f"lethe-{stage}-{RUN_ID}",
            properties_file="/etc/lethe/spark-defaults.conf",
            application_args=[
                "--config", "{{ params.config }}",
                "--run-dir", "{{ params.runs }}/" + RUN_ID,
                "--set", "lethe.run-id=" + RUN_ID,
                "--set", "lethe.request-id={{ params.request_id }}",
                "--set", "lethe.model.path={{ params.model }}",
                "--set", "lethe.corpus.forget={{ params.forget }}",
                "--set", "lethe.corpus.retain={{ params.retain }}",
            ],
        )
        if previous is not None:
            previous >> task
        previous = task
