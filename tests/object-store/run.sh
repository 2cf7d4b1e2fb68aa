#!/usr/bin/env bash
# Runs shard, unlearn, evaluate and release as four commands on S3A, with run directory, model and
# corpora in a local S3 server, and compares the results byte for byte with those of a local run.
# Kills a second run in mid-unlearn (kill -9) and resumes it. Needs Python 3 with venv, Maven and
# about 2 GB of disk. Usage: tests/object-store/run.sh [WORK_FOLDER]
#
#   PYTHON  a Python that has requirements.txt; default: a virtual environment in the work folder
#   JARS    folder with hadoop-aws and the AWS bundle; default: fetched by Maven into the work folder
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$(cd "$here/../.." && pwd -P)"
work="${1:-$(mktemp -d)}"
mkdir -p "$work"
work="$(cd "$work" && pwd -P)"
port="${LETHE_S3_PORT:-17090}"
endpoint="http://127.0.0.1:$port"
lethe="$root/jobs/bin/lethe"
export OMP_NUM_THREADS=1

if [ -z "${PYTHON:-}" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install -q -r "$here/requirements.txt"
  PYTHON="$work/venv/bin/python"
fi

# Builds on first use. Writes a corpus, a tokenizer and a model with random weights.
"$lethe" quickstart --run-dir "$work/made" --set 'lethe.pipeline.stages=[shard]'

jars="${JARS:-$work/jars}"
if ! ls "$jars"/hadoop-aws-*.jar >/dev/null 2>&1; then
  hadoop="$(basename "$root"/jobs/target/spark/hadoop-client-api-*.jar .jar)"
  (cd "$here" && mvn -q -B -ntp dependency:copy-dependencies -DoutputDirectory="$jars" \
    -Dhadoop.version="${hadoop#hadoop-client-api-}")
fi

"$PYTHON" -m moto.server -H 127.0.0.1 -p "$port" >"$work/s3.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
s3() { "$PYTHON" "$here/store.py" "$1" "$endpoint" lethe "${@:2}"; }
until "$PYTHON" -c "import urllib.request; urllib.request.urlopen('$endpoint/moto-api/')" 2>/dev/null; do
  kill -0 "$server" || { cat "$work/s3.log" >&2; exit 1; }
  sleep 0.2
done
s3 put model "$work/made/quickstart/model"
s3 put corpus "$work/made/quickstart/corpus"

# Quoted, because fs.s3a.endpoint is a key and the beginning of another one.
cat >"$work/s3.conf" <<CONF
lethe.spark.settings {
  "spark.hadoop.fs.s3a.endpoint" = "$endpoint"
  "spark.hadoop.fs.s3a.endpoint.region" = us-east-1
  "spark.hadoop.fs.s3a.path.style.access" = "true"
  "spark.hadoop.fs.s3a.connection.ssl.enabled" = "false"
  "spark.hadoop.fs.s3a.access.key" = test
  "spark.hadoop.fs.s3a.secret.key" = test
}
CONF

settings=(
  --set lethe.shard.max-length=96
  --set lethe.unlearn.rounds=12
  --set lethe.unlearn.learning-rate.peak=1e-3
  --set lethe.evaluate.limit=20
  --set lethe.evaluate.max-new-tokens=16
  --set lethe.release.collapse-limit=1
)
remote=(
  --config "$work/s3.conf"
  --set lethe.model.path=s3a://lethe/model
  --set lethe.corpus.forget=s3a://lethe/corpus/forget.jsonl
  --set lethe.corpus.retain=s3a://lethe/corpus/retain.jsonl
)
local=(
  --set lethe.model.path="$work/made/quickstart/model"
  --set lethe.corpus.forget="$work/made/quickstart/corpus/forget.jsonl"
  --set lethe.corpus.retain="$work/made/quickstart/corpus/retain.jsonl"
)
on_s3() { LETHE_JARS="$jars/*" "$lethe" "$1" "${remote[@]}" "${settings[@]}" --run-dir "$2" "${@:3}"; }

rm -rf "$work/s3-run" "$work/s3-killed"
"$lethe" pipeline "${local[@]}" "${settings[@]}" --run-dir "$work/local" \
  --set 'lethe.pipeline.stages=[shard,unlearn,evaluate,release]'
for command in shard unlearn evaluate release; do
  on_s3 "$command" s3a://lethe/run
done
# Again: every stage is skipped, and every document is written a second time.
on_s3 pipeline s3a://lethe/run --set 'lethe.pipeline.stages=[shard,unlearn,evaluate,release]'

# A second run, killed in mid-unlearn.
on_s3 shard s3a://lethe/killed
# Not by the function, whose process would be a shell: the launcher becomes the Java process.
LETHE_JARS="$jars/*" "$lethe" unlearn "${remote[@]}" "${settings[@]}" \
  --run-dir s3a://lethe/killed >"$work/killed.log" 2>&1 &
launcher=$!
s3 wait killed/rounds/000003/round.json 300
kill -9 "$launcher"
wait "$launcher" || true
if grep -q 'unlearn done' "$work/killed.log"; then
  echo "The run ended before it was killed" >&2
  exit 1
fi
if s3 list killed/candidate/manifest.json | grep -q manifest; then
  echo "The run ended before it was killed" >&2
  exit 1
fi
LETHE_JARS="$jars/*" "$lethe" unlock s3a://lethe/killed --config "$work/s3.conf"
for command in unlearn evaluate release; do
  on_s3 "$command" s3a://lethe/killed
done

s3 get run "$work/s3-run"
s3 get killed "$work/s3-killed"
for run in s3-run s3-killed; do
  for file in model/model.safetensors model/config.json \
    shards/forget/worker-00000.parquet shards/forget/worker-00001.parquet \
    shards/retain/worker-00000.parquet shards/retain/worker-00001.parquet \
    evaluation/before/summary.json evaluation/after/summary.json evaluation/after/rows.parquet; do
    cmp "$work/local/$file" "$work/$run/$file"
  done
  if [ -e "$work/$run/lock.json" ]; then
    echo "$run left its lock" >&2
    exit 1
  fi
  if find "$work/$run" -name '.*' | grep .; then
    echo "$run left temporary files" >&2
    exit 1
  fi
done
echo "Four commands on S3A, and a run killed in mid-unlearn, gave the bytes of a local run; logs are in $work"
