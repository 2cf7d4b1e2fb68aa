#!/usr/bin/env bash
# Usage: run.sh MODEL FOLDER [processes], with a model of stories15M's size and an empty folder.
# "processes": rounds between processes alone.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
model="$1" folder="$2"
round() { # THREADS WORKERS STEPS MASTER RANK CHECKPOINT_EVERY MOMENTS
  echo "== $*"
  OMP_NUM_THREADS="$1" "$here/../program.sh" RoundBenchmark \
    "$model" "$(mktemp -d -p "$folder")" "${@:2}"
}
if [ "${3:-}" != processes ]; then
  for _ in 1 2 3; do
    round 2 1 8 'local[1]' 0 1 AVERAGED
    round 1 2 4 'local[2]' 0 1 AVERAGED
  done
fi
# Executors of a local cluster get their class path from the program. The Spark home only has to
# look real.
mkdir -p "$folder/home/jars"
export SPARK_HOME="$folder/home" SPARK_SCALA_VERSION=2.13
for every in 1 10; do
  for moments in AVERAGED LOCAL; do
    round 1 2 4 'local-cluster[2,1,2048]' 0 "$every" "$moments"
  done
done
round 1 2 4 'local-cluster[2,1,2048]' 16 1 AVERAGED
