#!/usr/bin/env bash
# Runs the DAGs of conf/airflow, as a user copies them, under a real Airflow 3: "airflow dags test"
# submits every stage to Spark. Checks XComs, the event of the asset, that a refused model is not
# retried, which other failures are, and the sensor on a Delta table. Airflow's database is SQLite
# in the work folder; nothing listens. Needs Python 3.10 to 3.13, Java 17, the network and 3 GB.
# Usage: tests/airflow/run.sh [WORK_FOLDER]
#
#   VENV  a virtual environment that has requirements.txt; default: one in the work folder
#   JAR   lethe-jobs.jar; default: that of this checkout, built on first use
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$(cd "$here/../.." && pwd -P)"
work="${1:-$(mktemp -d)}"
mkdir -p "$work/dags" "$work/etc"
work="$(cd "$work" && pwd -P)"
export OMP_NUM_THREADS=1 SPARK_LOCAL_IP=127.0.0.1
unset SPARK_HOME SPARK_CONF_DIR

if [ -z "${VENV:-}" ]; then
  VENV="$work/venv"
  python3 -m venv "$VENV"
  version="$(sed -n 's/^apache-airflow==//p' "$here/requirements.txt")"
  python="$("$VENV/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
  constraints="https://raw.githubusercontent.com/apache/airflow/constraints-$version/constraints-$python.txt"
  # Airflow's own constraints first; the packages of this test are not all in them.
  "$VENV/bin/pip" -q install "apache-airflow==$version" -c "$constraints" ||
    "$VENV/bin/pip" -q install "apache-airflow==$version"
  "$VENV/bin/pip" -q install -r "$here/requirements.txt"
fi
export PATH="$VENV/bin:$PATH"

"$root/jobs/bin/lethe" quickstart --run-dir "$work/made" --set 'lethe.pipeline.stages=[shard]'
jar="${JAR:-$root/jobs/target/lethe-jobs.jar}"

cp "$root"/conf/airflow/*.py "$work/dags/"
# The only change that a user makes: where the settings are.
sed -i "s,/etc/lethe,$work/etc," "$work"/dags/lethe_dag.py
cat >"$work/etc/spark-defaults.conf" <<CONF
spark.ui.enabled false
spark.driver.bindAddress 127.0.0.1
spark.driver.memory 2g
CONF
cat >"$work/etc/lethe.conf" <<CONF
lethe {
  shard.max-length = 96
  unlearn { rounds = 2, learning-rate.peak = 1e-3 }
  evaluate { limit = 8, max-new-tokens = 8, attacks.try = [] }
  release.collapse-limit = 1
}
CONF
sed 's/^lethe {/lethe {\n  gates { forget.loss.at-most = 0 }/' "$work/etc/lethe.conf" \
  >"$work/etc/strict.conf"

export AIRFLOW_HOME="$work/airflow" AIRFLOW__CORE__DAGS_FOLDER="$work/dags"
export AIRFLOW__CORE__LOAD_EXAMPLES=false AIRFLOW__USAGE_DATA_COLLECTION__ENABLED=false
export AIRFLOW_CONN_SPARK_DEFAULT='{"conn_type": "spark", "host": "local[2]", "extra": {}}'
airflow db migrate >"$work/db.log" 2>&1
airflow dags reserialize >>"$work/db.log" 2>&1 || true

conf() {
  printf '{"request_id": "%s", "jar": "%s", "config": "%s", "model": "%s", "forget": "%s", "retain": "%s", "runs": "%s"}' \
    "$1" "$jar" "$work/etc/$2" "$work/made/quickstart/model" \
    "$work/made/quickstart/corpus/forget.jsonl" "$work/made/quickstart/corpus/retain.jsonl" \
    "$work/runs"
}
run() {
  airflow dags test lethe --conf "$(conf "$1" "$2")" >"$work/$1.log" 2>&1 || true
}
rm -rf "$work/runs"
run dsr-1 lethe.conf
run dsr-2 strict.conf
PYTHONPATH="$work/dags" python "$here/check.py" "$work"
echo "Airflow ran the DAG to its end; logs are in $work"
