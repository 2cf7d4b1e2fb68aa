#!/usr/bin/env bash
# Makes the model of 0.9 M weights that recites its corpus, once, and runs StepStudy on it.
# Usage: step-study.sh FOLDER STUDY [KEY=VALUE...]
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
folder="$1" study="$2"
shift 2
export OMP_NUM_THREADS=1
"$here/../../jobs/bin/lethe" quickstart --run-dir "$folder/run" \
  --set 'lethe.pipeline.stages=[shard,finetune]'
exec "$here/program.sh" StepStudy "$study" "$folder/run/finetune/model" "$folder/run/shards" \
  "$(mktemp -d -p "$folder")" "$@"
