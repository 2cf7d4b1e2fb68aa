#!/usr/bin/env bash
# Builds the image of conf/kubernetes/Containerfile by podman, runs shard to release in it as the
# manifests do, and compares the released bytes with those of the launcher. The container has user
# 185, a read-only root file system, no capabilities and no network, so nothing can be fetched; its
# only writable folders are /var/cache/lethe, /tmp and a volume for the run.
# Needs podman, Java 17, the base image and 4 GB of disk.
# Usage: tests/container/run.sh [WORK_FOLDER]
#
#   PODMAN  podman with its options; default: podman
#   BASE    base image; default: that of the Containerfile. "debian" builds a stand-in with Debian's
#           Java and the launcher's jars of Spark, which needs root and debootstrap
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
work="${1:-$(mktemp -d)}"
mkdir -p "$work"
work="$(cd "$work" && pwd -P)"
read -ra podman <<<"${PODMAN:-podman}"
export OMP_NUM_THREADS=1

# Builds on first use. Writes a corpus, a tokenizer and a model with random weights.
"$root/jobs/bin/lethe" quickstart --run-dir "$work/made" --set 'lethe.pipeline.stages=[shard]'

from=()
if [ "${BASE:-}" = debian ]; then
  base="$work/base"
  mkdir -p "$base/jars"
  [ -e "$base/root/etc/passwd" ] || debootstrap --variant=minbase \
    --include=openjdk-17-jre-headless bookworm "$base/root" >"$work/debootstrap.log"
  cp "$root"/jobs/target/spark/*.jar "$base/jars/"
  # As Spark's own script: the launcher prints the command, each word ended by a zero byte.
  cat >"$base/spark-submit" <<'SUBMIT'
#!/bin/bash
words=()
while IFS= read -r -d '' word; do words+=("$word"); done < <(java -cp "$SPARK_HOME/jars/*" \
  org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit "$@" | tail -c +3)
exec "${words[@]}"
SUBMIT
  chmod 0755 "$base/spark-submit"
  cat >"$base/Containerfile" <<'BASE_IMAGE'
FROM scratch
COPY root /
RUN groupadd --system --gid 185 spark && useradd --system --uid 185 --gid spark spark
COPY jars /opt/spark/jars
COPY spark-submit /opt/spark/bin/
ENV SPARK_HOME=/opt/spark SPARK_SCALA_VERSION=2.13
USER spark
BASE_IMAGE
  "${podman[@]}" build -q -t localhost/lethe-test-base "$base"
  BASE=localhost/lethe-test-base
fi
[ -z "${BASE:-}" ] || from=(--build-arg "SPARK=$BASE")
"${podman[@]}" build -q "${from[@]}" -f "$root/conf/kubernetes/Containerfile" \
  -t localhost/lethe-test "$root"

settings=(
  --set lethe.shard.max-length=96
  --set lethe.unlearn.rounds=4
  --set lethe.unlearn.learning-rate.peak=1e-3
  --set lethe.evaluate.limit=20
  --set lethe.evaluate.max-new-tokens=16
  --set lethe.release.collapse-limit=1
)
inputs() {
  printf -- '--set\nlethe.model.path=%s/model\n--set\nlethe.corpus.forget=%s/corpus/forget.jsonl\n' \
    "$1" "$1"
  printf -- '--set\nlethe.corpus.retain=%s/corpus/retain.jsonl\n' "$1"
}
rm -rf "$work/run-local" "$work/cache" "$work/tmp" "$work/runs"
mapfile -t local < <(inputs "$work/made/quickstart")
"$root/jobs/bin/lethe" pipeline "${local[@]}" "${settings[@]}" --run-dir "$work/run-local" \
  --set 'lethe.pipeline.stages=[shard,unlearn,evaluate,release]'

# Folders of Kubernetes' emptyDir belong to root and can be written by everybody.
for folder in cache tmp runs; do
  mkdir -m 0777 "$work/$folder"
  chmod 0777 "$work/$folder"
done
chmod -R a+rX "$work/made/quickstart"
mapfile -t inside < <(inputs /in)
"${podman[@]}" run --rm --read-only --read-only-tmpfs=false --network none --cap-drop all \
  --security-opt no-new-privileges --env OMP_NUM_THREADS=1 --env SPARK_LOCAL_IP=127.0.0.1 \
  --volume "$work/cache:/var/cache/lethe" --volume "$work/tmp:/tmp" --volume "$work/runs:/runs" \
  --volume "$work/made/quickstart:/in:ro" localhost/lethe-test \
  /opt/spark/bin/spark-submit --master 'local[2]' --driver-memory 2g \
  --conf spark.ui.enabled=false --conf spark.driver.bindAddress=127.0.0.1 \
  --class org.lethe.jobs.PipelineJob /opt/lethe/lethe-jobs.jar --run-dir /runs/run \
  "${inside[@]}" "${settings[@]}" \
  --set 'lethe.pipeline.stages=[shard,unlearn,evaluate,release]' >"$work/container.log" 2>&1 || {
  tail -20 "$work/container.log"
  exit 1
}
for file in model/model.safetensors evaluation/before/summary.json evaluation/after/summary.json; do
  cmp "$work/run-local/$file" "$work/runs/run/$file"
done
[ "$(stat -c %u "$work/runs/run/result.json")" = 185 ]
"${podman[@]}" image rm -f localhost/lethe-test >/dev/null
echo "The image released the bytes of the launcher; logs are in $work"
