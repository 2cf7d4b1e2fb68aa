#!/usr/bin/env bash
# Usage: run.sh MODEL FOLDER, with a model of stories15M's size and an empty folder.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
model="$1" folder="$2"
round() { # THREADS WORKERS STEPS MASTER RANK
  OMP_NUM_THREADS="$1" "$here/../program.sh" RoundBenchmark \
    "$model" "$(mktemp -d -p "$folder")" "${@:2}"
}
for _ in 1 2 3; do
  round 2 1 8 'local[1]' 0
  round 1 2 4 'local[2]' 0
done
round 1 2 4 'local-cluster[2,1,2048]' 0
round 1 2 4 'local-cluster[2,1,2048]' 16
