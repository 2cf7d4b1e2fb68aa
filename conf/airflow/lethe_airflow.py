"""Lethe for Airflow 3: an operator, a sensor and a DAG factory. Copy this file beside your DAGs.

A Spark job returns nothing to Airflow, and a cluster can report success for a driver that failed.
So the operator reads RUN_DIR/result.json after the job: its figures become the task's XCom, and its
exit class decides whether Airflow may retry. Airflow's interface shows arguments and XComs, so they
are URIs, ids and numbers and never text of a corpus.

Needs apache-airflow-providers-apache-spark. A run directory in an object store needs the provider of
that store too, for ObjectStoragePath; a sensor needs the package deltalake or pyiceberg.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import DAG, Asset, BaseSensorOperator, ObjectStoragePath, Param
from airflow.sdk.exceptions import AirflowException, AirflowFailException

STAGES = ("shard", "unlearn", "evaluate", "release")

# The same work may end otherwise: the machine failed, or a signal ended the command. A run that
# another one holds ends too. All other classes end the same way again.
RETRIED = ("PLATFORM", "INTERRUPTED", "CONFLICT")

# One id per DAG run, the same for every retry. A run id must not contain ':' or '+'.
RUN_ID = "{{ params.request_id }}-{{ dag_run.run_after.strftime('%Y%m%dt%H%M%S') }}"


def storage_path(uri: str, conn_id: str | None = None) -> ObjectStoragePath:
    """The same place for Airflow: Hadoop's names of stores are not those of fsspec."""
    for hadoop, fsspec in (("s3a://", "s3://"), ("abfss://", "abfs://")):
        if uri.startswith(hadoop):
            uri = fsspec + uri[len(hadoop) :]
    return ObjectStoragePath(uri if "://" in uri else "file://" + uri, conn_id=conn_id)


class LetheSubmitOperator(SparkSubmitOperator):
    """Submits one command of Lethe and reads how it ended.

    The XCom has exit_class, message, figures and paths of result.json.

    :param command: name of the command, such as unlearn
    :param run_dir: URI of the run directory (templated)
    :param settings: keys of the configuration (templated)
    :param config: configuration file on the driver's machine (templated)
    :param storage_conn_id: Airflow's connection for the store of the run directory
    """

    template_fields: Sequence[str] = (*SparkSubmitOperator.template_fields, "run_dir")

    def __init__(
        self,
        *,
        command: str,
        run_dir: str,
        settings: dict[str, str],
        config: str | None = None,
        storage_conn_id: str | None = None,
        **kwargs,
    ) -> None:
        arguments = ["--config", config] if config else []
        arguments += ["--run-dir", run_dir]
        for key, value in settings.items():
            arguments += ["--set", f"{key}={value}"]
        super().__init__(
            java_class=f"org.lethe.jobs.{command.capitalize()}Job",
            application_args=arguments,
            **kwargs,
        )
        self.command = command
        self.run_dir = run_dir
        self.storage_conn_id = storage_conn_id

    def execute(self, context):
        started = datetime.now(timezone.utc)
        try:
            super().execute(context)
        except Exception as failure:
            self._explain(context, failure, started)
            raise
        return self._finish(context, self._result())

    def execute_complete(self, context, event=None):
        """Ends a deferred task, where the provider defers."""
        try:
            super().execute_complete(context, event)
        except Exception as failure:
            self._explain(context, failure, None)
            raise
        return self._finish(context, self._result())

    def _result(self) -> dict:
        return json.loads((storage_path(self.run_dir, self.storage_conn_id) / "result.json").read_text())

    def _explain(self, context, failure: Exception, started: datetime | None) -> None:
        """Raises the failure that result.json gives; returns if this command wrote none."""
        try:
            result = self._result()
        except (OSError, ValueError):
            return
        # A driver's clock may differ a little.
        if started and datetime.fromisoformat(result["started"]) < started - timedelta(minutes=1):
            return
        if result["command"] == self.command and result["exit_class"] != "SUCCESS":
            self._raise(result, failure)

    def _finish(self, context, result: dict) -> dict:
        if result["command"] != self.command:
            raise AirflowException(f"result.json is that of {result['command']}, not of {self.command}")
        if result["exit_class"] != "SUCCESS":
            self._raise(result, None)
        summary = {key: result[key] for key in ("exit_class", "message", "figures", "paths")}
        for asset in self.outlets:
            context["outlet_events"][asset].extra = {
                "run_dir": self.run_dir,
                "request_id": result["request_id"],
                "model": result["paths"].get("model", result["paths"].get("adapter", "")),
                "record": result["paths"].get("record.json", ""),
                "figures": result["figures"],
            }
        return summary

    @staticmethod
    def _raise(result: dict, failure: Exception | None) -> None:
        message = f"{result['exit_class']}: {result['message']}"
        kind = AirflowException if result["exit_class"] in RETRIED else AirflowFailException
        raise kind(message) from failure


def open_requests(table: str) -> int:
    """Number of open requests in delta:URI or iceberg:catalog.namespace.table."""
    kind, _, location = table.partition(":")
    if kind == "delta":
        from deltalake import DeltaTable

        found = DeltaTable(location.replace("s3a://", "s3://")).to_pyarrow_table(columns=None)
    elif kind == "iceberg":
        from pyiceberg.catalog import load_catalog

        catalog, _, name = location.partition(".")
        found = load_catalog(catalog).load_table(name).scan().to_arrow()
    else:
        raise ValueError(f"Invalid table: {table}, expected delta:URI or iceberg:catalog.namespace.table")
    if "status" not in found.column_names:
        return found.num_rows
    return sum(1 for status in found.column("status").to_pylist() if status == "open")


class LetheRequestsSensor(BaseSensorOperator):
    """Waits for an open request in a table; frees its worker slot between looks."""

    template_fields: Sequence[str] = ("table",)

    def __init__(self, *, table: str, **kwargs) -> None:
        kwargs.setdefault("mode", "reschedule")
        kwargs.setdefault("poke_interval", 300)
        super().__init__(**kwargs)
        self.table = table

    def poke(self, context) -> bool:
        found = open_requests(self.table)
        self.log.info("%d open requests", found)
        return found > 0


def _params(jar: str, config: str, runs: str, requests_table: str | None) -> dict[str, Param]:
    name = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
    params = {
        "request_id": Param("request-1", type="string", pattern=name),
        "jar": Param(jar, type="string"),
        "config": Param(config, type="string"),
        "model": Param("s3a://models/example", type="string"),
        "retain": Param("s3a://corpora/retain.jsonl", type="string"),
        "runs": Param(runs, type="string"),
    }
    if requests_table:
        params["requests"] = Param(requests_table, type="string")
    else:
        params["forget"] = Param("s3a://requests/request-1/forget.jsonl", type="string")
    return params


def lethe_dag(
    dag_id: str = "lethe",
    *,
    jar: str = "s3a://platform/lethe/lethe-jobs.jar",
    config: str = "/etc/lethe/production.conf",
    runs: str = "s3a://runs",
    asset: str = "lethe://models/released",
    requests_table: str | None = None,
    settings: dict[str, str] | None = None,
    storage_conn_id: str | None = None,
    retries: int = 2,
    retry_delay: timedelta = timedelta(minutes=5),
    spark: dict | None = None,
    **dag_arguments,
) -> DAG:
    """A DAG with one task per stage, or, for a table of requests, a sensor and the whole pipeline.

    :param asset: name of the asset whose event says that a model was released
    :param requests_table: table of erasure requests, see lethe.tables.requests
    :param settings: further keys of the configuration
    :param spark: further arguments of SparkSubmitOperator, such as conn_id, conf or deploy_mode
    :param dag_arguments: of the DAG, such as schedule
    """
    dag_arguments.setdefault("start_date", datetime(2026, 1, 1, tzinfo=timezone.utc))
    dag_arguments.setdefault("schedule", None)
    dag_arguments.setdefault("catchup", False)
    dag_arguments.setdefault("max_active_runs", 1)
    with DAG(
        dag_id=dag_id,
        description="Makes a language model forget what erasure requests name",
        default_args={"retries": retries, "retry_delay": retry_delay},
        params=_params(jar, config, runs, requests_table),
        **dag_arguments,
    ) as dag:
        keys = {
            "lethe.run-id": RUN_ID,
            "lethe.request-id": "{{ params.request_id }}",
            "lethe.model.path": "{{ params.model }}",
            "lethe.corpus.retain": "{{ params.retain }}",
        }
        previous = None
        if requests_table:
            del keys["lethe.request-id"]
            keys["lethe.tables.requests"] = "{{ params.requests }}"
            previous = LetheRequestsSensor(task_id="requests", table="{{ params.requests }}")
        else:
            keys["lethe.corpus.forget"] = "{{ params.forget }}"
        commands = ("pipeline",) if requests_table else STAGES
        for command in commands:
            task = LetheSubmitOperator(
                task_id=command,
                command=command,
                run_dir="{{ params.runs }}/" + RUN_ID,
                settings={**keys, **(settings or {})},
                config="{{ params.config }}",
                storage_conn_id=storage_conn_id,
                application="{{ params.jar }}",
                name=f"lethe-{command}-{RUN_ID}",
                outlets=[Asset(asset)] if command == commands[-1] else [],
                **(spark or {}),
            )
            if previous is not None:
                previous >> task
            previous = task
    return dag
