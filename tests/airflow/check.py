"""Checks what the DAG runs of run.sh left, and the parts of lethe_airflow that they did not use.

Usage: check.py WORK_FOLDER, with the DAG folder in PYTHONPATH.
"""

import json
import sqlite3
import sys
from pathlib import Path

import lethe_airflow
from airflow.sdk.exceptions import AirflowException, AirflowFailException
from lethe_airflow import LetheRequestsSensor, LetheSubmitOperator, lethe_dag

work = Path(sys.argv[1])
database = sqlite3.connect(work / "airflow" / "airflow.db")
database.row_factory = sqlite3.Row


def rows(query, *values):
    return [dict(row) for row in database.execute(query, values)]


def tasks(request):
    """State and number of tries of each task of the DAG run of a request."""
    return {
        row["task_id"]: (row["state"], row["try_number"])
        for row in rows(
            "select ti.task_id, ti.state, ti.try_number from task_instance ti"
            " join dag_run dr on dr.run_id = ti.run_id and dr.dag_id = ti.dag_id"
            " where ti.dag_id = 'lethe' and dr.conf like ?",
            f"%{request}%",
        )
    }


def expect(condition, what):
    print(("ok      " if condition else "FAILED  ") + what)
    if not condition:
        expect.failed = True


expect.failed = False

done = tasks("dsr-1")
expect(
    {task: state for task, (state, _) in done.items()}
    == dict.fromkeys(("shard", "unlearn", "evaluate", "release"), "success"),
    f"all stages succeeded: {done}",
)
xcoms = {
    row["task_id"]: json.loads(row["value"])
    for row in rows("select task_id, value from xcom where key = 'return_value' and run_id in"
                    " (select run_id from dag_run where conf like '%dsr-1%')")
}
release = xcoms.get("release", {})
release = json.loads(release) if isinstance(release, str) else release
expect("after.forget.loss" in release.get("figures", {}), "the XCom of release has the figures")
events = rows("select * from asset_event")
extra = json.loads(events[0]["extra"]) if events else {}
extra = json.loads(extra) if isinstance(extra, str) else extra
expect(len(events) == 1, "one event of the asset, of the released model only")
expect(
    extra.get("model") == "model" and extra.get("request_id") == "dsr-1",
    f"the event names model and request: {sorted(extra)}",
)
refused = tasks("dsr-2")
expect(refused.get("release") == ("failed", 1), f"a refused model is not retried: {refused}")
log = (work / "dsr-2.log").read_text()
expect("GATE: " in log, "the log of the refused run gives the reason")
forget = (work / "made/quickstart/corpus/forget.jsonl").read_text().splitlines()
texts = [json.loads(line)["output"] for line in forget]
everything = "\n".join(path.read_text(errors="replace") for path in work.glob("*.log"))
everything += (work / "airflow/airflow.db").read_bytes().decode("utf-8", "replace")
expect(not any(text in everything for text in texts), "no text of the corpus in Airflow")


# How each class of exit ends a task.
def ended(exit_class, command="unlearn", failure=None):
    folder = work / "results"
    folder.mkdir(exist_ok=True)
    result = {
        "command": command, "exit_class": exit_class, "message": "m", "request_id": "r",
        "started": "2999-01-01T00:00:00Z", "figures": {"a": 1.0}, "paths": {"model": "model"},
    }
    (folder / "result.json").write_text(json.dumps(result))
    operator = LetheSubmitOperator(
        task_id="t", command="unlearn", run_dir=str(folder), settings={}, application="x.jar"
    )

    def submit(self, context):
        if failure:
            raise failure

    original = lethe_airflow.SparkSubmitOperator.execute
    lethe_airflow.SparkSubmitOperator.execute = submit
    try:
        return operator.execute({"outlet_events": {}})
    except Exception as error:
        return type(error)
    finally:
        lethe_airflow.SparkSubmitOperator.execute = original


broken = RuntimeError("spark-submit ended with 1")
for exit_class in ("GATE", "USAGE", "INPUT", "DIVERGED", "NO_EFFECT", "EVIDENCE", "NO_BASELINE"):
    expect(ended(exit_class, failure=broken) is AirflowFailException, f"{exit_class} is not retried")
for exit_class in ("PLATFORM", "INTERRUPTED", "CONFLICT"):
    expect(ended(exit_class, failure=broken) is AirflowException, f"{exit_class} is retried")
expect(ended("GATE") is AirflowFailException, "a driver that failed while Spark reports success")
expect(ended("SUCCESS", "shard") is AirflowException, "a result of another command is none")
expect(ended("SUCCESS", failure=broken) is RuntimeError, "Spark's own failure is retried")
expect(ended("SUCCESS") == {"exit_class": "SUCCESS", "message": "m", "figures": {"a": 1.0},
                            "paths": {"model": "model"}}, "success gives the XCom")
expect(
    [str(lethe_airflow.storage_path(uri)) for uri in ("gs://b/x", "/data/x")]
    == ["gs://b/x", "file:///data/x"],
    "names of stores",
)

# The sensor on a real Delta table.
import pyarrow
from deltalake import write_deltalake

table = f"{work}/requests"
write_deltalake(table, pyarrow.table({"id": ["a"], "forget": ["x"], "status": ["done"]}),
                mode="overwrite")
sensor = LetheRequestsSensor(task_id="s", table="delta:" + table)
expect(sensor.poke({}) is False, "no open request")
write_deltalake(table, pyarrow.table({"id": ["b"], "forget": ["y"], "status": ["open"]}),
                mode="append")
expect(sensor.poke({}) is True, "an open request")
expect(sensor.mode == "reschedule", "the sensor frees its slot")
dag = lethe_dag("of_table", requests_table="delta:" + table)
expect(list(dag.task_dict) == ["requests", "pipeline"], "a table of requests runs the pipeline")
expect(
    "lethe.tables.requests={{ params.requests }}" in dag.get_task("pipeline").application_args,
    "the pipeline reads the table",
)
sys.exit(1 if expect.failed else 0)
