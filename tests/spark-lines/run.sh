#!/usr/bin/env bash
# Runs the pipeline with one jar on several lines of Spark and compares the released bytes. Checks
# first that every method of Spark that the jar uses exists in each line. pip installs a line. A
# version with the ending -scala-2.13 comes from Maven's repository instead, as a class path of Spark
# core and SQL, and its spark-submit is started by java.
# Needs Python 3.9 to 3.12 with pip, Java 17, the network, 2 GB of disk and a few minutes a line.
# Usage: tests/spark-lines/run.sh [WORK_FOLDER] [VERSION...]
#   default: 3.5.7 3.5.7-scala-2.13 4.0.1 4.1.1 4.2.0-scala-2.13
#
#   JAR    lethe-jobs.jar; default: that of this checkout, built on first use
#   VENVS  folder with virtual environments venv-VERSION; default: the work folder
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
work="${1:-$(mktemp -d)}"
shift || true
versions=("$@")
[ "${#versions[@]}" -gt 0 ] || versions=(3.5.7 3.5.7-scala-2.13 4.0.1 4.1.1 4.2.0-scala-2.13)
mkdir -p "$work"
work="$(cd "$work" && pwd -P)"
jar="${JAR:-$root/jobs/target/lethe-jobs.jar}"
export OMP_NUM_THREADS=1 SPARK_LOCAL_IP=127.0.0.1
unset SPARK_HOME SPARK_CONF_DIR

# Builds on first use. Writes a corpus, a tokenizer and a model with random weights.
"$root/jobs/bin/lethe" quickstart --run-dir "$work/made" --set 'lethe.pipeline.stages=[shard]'

opens=()
for package in java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util \
  java.util.concurrent java.util.concurrent.atomic jdk.internal.ref sun.nio.ch sun.nio.cs \
  sun.security.action sun.util.calendar; do
  opens+=("--add-opens=java.base/$package=ALL-UNNAMED")
done
submit() {
  if [ -x "$spark/bin/spark-submit" ]; then
    SPARK_HOME="$spark" "$spark/bin/spark-submit" --driver-memory 2g "$@"
  else
    java -Xmx2g "${opens[@]}" -cp "$spark/jars/*" org.apache.spark.deploy.SparkSubmit "$@"
  fi
}

for version in "${versions[@]}"; do
  if [ "${version%-scala-2.13}" != "$version" ]; then
    spark="$work/spark-$version"
    [ -d "$spark/jars" ] || (cd "$root/tests/spark-lines" && mvn -q -B -ntp \
      dependency:copy-dependencies "-Dspark.version=${version%-scala-2.13}" \
      -DoutputDirectory="$spark/jars")
  else
    home="${VENVS:-$work}/venv-$version"
    if [ ! -x "$home/bin/spark-submit" ]; then
      python3 -m venv "$home"
      "$home/bin/pip" install --quiet "pyspark==$version"
    fi
    spark="$(echo "$home"/lib/python3*/site-packages/pyspark)"
  fi
  echo "== Spark $version: $(basename "$spark"/jars/spark-core_*.jar)"
  python3 "$root/tests/spark-lines/check_links.py" "$jar" "$spark/jars"
  rm -rf "$work/run-$version"
  submit --master 'local[2]' \
    --conf spark.ui.enabled=false --conf spark.driver.bindAddress=127.0.0.1 \
    --class org.lethe.jobs.PipelineJob "$jar" \
    --run-dir "$work/run-$version" \
    --set lethe.model.path="$work/made/quickstart/model" \
    --set lethe.corpus.forget="$work/made/quickstart/corpus/forget.jsonl" \
    --set lethe.corpus.retain="$work/made/quickstart/corpus/retain.jsonl" \
    --set lethe.shard.max-length=96 \
    --set lethe.unlearn.rounds=4 \
    --set lethe.unlearn.learning-rate.peak=1e-3 \
    --set lethe.evaluate.limit=20 \
    --set lethe.evaluate.max-new-tokens=16 \
    --set lethe.release.collapse-limit=1 >"$work/log-$version" 2>&1 || {
    tail -5 "$work/log-$version"
    exit 1
  }
  # Not Parquet files: another version of Zstandard compresses the same rows to other bytes.
  for file in model/model.safetensors evaluation/before/summary.json \
    evaluation/after/summary.json; do
    cmp "$work/run-${versions[0]}/$file" "$work/run-$version/$file"
  done
done
echo "One jar released the same bytes on Spark ${versions[*]}; logs are in $work"
