#!/usr/bin/env bash
# Runs the pipeline with spark-submit on a standalone cluster on this machine: a master and two
# workers with one core each. Runs it again with embedded Spark. Both must release the same bytes.
# Needs about 6 GiB of memory and a few minutes. Usage: tests/standalone/run.sh [WORK_FOLDER]
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
work="${1:-$(mktemp -d)}"
mkdir -p "$work"
work="$(cd "$work" && pwd -P)"
port="${LETHE_MASTER_PORT:-17077}"
jar="$root/jobs/target/lethe-jobs.jar"

# One thread of linear algebra per worker in both runs.
export OMP_NUM_THREADS=1 SPARK_LOCAL_IP=127.0.0.1 SPARK_SCALA_VERSION=2.13
# A Spark home is a folder with jars; no download is needed.
export SPARK_HOME="$work/home" SPARK_CONF_DIR="$work/home/conf"
mkdir -p "$SPARK_HOME/conf" "$work/logs"
cp "$root/conf/log4j2.properties" "$SPARK_CONF_DIR/"

settings=(
  --set lethe.model.path="$work/made/quickstart/model"
  --set lethe.corpus.forget="$work/made/quickstart/corpus/forget.jsonl"
  --set lethe.corpus.retain="$work/made/quickstart/corpus/retain.jsonl"
  --set lethe.shard.max-length=96
  --set lethe.unlearn.rounds=4
  --set lethe.unlearn.learning-rate.peak=1e-3
  --set lethe.evaluate.limit=20
  --set lethe.evaluate.max-new-tokens=16
  --set lethe.release.collapse-limit=1
)

# Builds on first use. Writes a corpus, a tokenizer and a model with random weights.
"$root/jobs/bin/lethe" quickstart --run-dir "$work/made" --set 'lethe.pipeline.stages=[shard]'
ln -sfn "$root/jobs/target/spark" "$SPARK_HOME/jars"

# As Spark's bin/spark-class: Spark's launcher prints the command with the flags that Java needs.
spark_class() {
  local command=() word
  while IFS= read -r -d '' word; do
    command+=("${word#$'\n'}")
  done < <(java -Xmx128m -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main "$@")
  # The first word is empty: it separates the command from the launcher's own output.
  exec "${command[@]:1}"
}

started=()
stop() {
  for process in "${started[@]}"; do
    kill "$process" 2>/dev/null || true
  done
}
trap stop EXIT

rm -rf "$work/standalone" "$work/embedded" "$work"/worker-*
export SPARK_DAEMON_MEMORY=256m
(spark_class org.apache.spark.deploy.master.Master \
  --host 127.0.0.1 --port "$port" --webui-port 0) >"$work/logs/master" 2>&1 &
started+=($!)
for number in 1 2; do
  (spark_class org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --webui-port 0 \
    --cores 1 --memory 2g --work-dir "$work/worker-$number" "spark://127.0.0.1:$port") \
    >"$work/logs/worker-$number" 2>&1 &
  started+=($!)
done

(spark_class org.apache.spark.deploy.SparkSubmit \
  --master "spark://127.0.0.1:$port" --deploy-mode client \
  --class org.lethe.jobs.PipelineJob --name lethe \
  --driver-memory 1g --executor-memory 1g --executor-cores 1 \
  --properties-file "$root/conf/spark-defaults.conf" \
  --conf spark.task.cpus=1 --conf spark.executorEnv.OMP_NUM_THREADS=1 \
  --conf spark.ui.enabled=false \
  "$jar" --run-dir "$work/standalone" "${settings[@]}") 2>&1 | tee "$work/logs/submit"

# The backend of each executor.
for log in "$work"/worker-*/*/*/lethe.log; do
  grep -m 1 "Loaded a model" "$log"
done

"$root/jobs/bin/lethe" pipeline --run-dir "$work/embedded" "${settings[@]}"

cmp "$work/standalone/model/model.safetensors" "$work/embedded/model/model.safetensors"
cmp "$work/standalone/evaluation/after/summary.json" "$work/embedded/evaluation/after/summary.json"
echo "Two executors and embedded Spark released the same bytes; logs are in $work"
