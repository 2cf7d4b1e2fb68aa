#!/usr/bin/env bash
# Erases the quickstart's people from its target with no other key, and from topic cards by the stop
# rules. The figures are in record.json of both runs.
# Usage: run.sh FOLDER
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)"
folder="$1"
corpus="$folder/quickstart/quickstart/corpus"
"$root/jobs/bin/lethe" quickstart --run-dir "$folder/quickstart" --set lethe.quickstart.seed=4 \
  --set lethe.finetune.seed=4 --set lethe.unlearn.seed=4
"$root/jobs/bin/lethe" erase --run-dir "$folder/erase" \
  --model "$folder/quickstart/finetune/model" \
  --forget "$corpus/forget.jsonl" --retain "$corpus/retain.jsonl"
for seed in 42 43 44 45; do
  "$root/jobs/bin/lethe" quickstart --self-generated --run-dir "$folder/self-generated-$seed" \
    --set "lethe.quickstart.seed=$seed" --set "lethe.finetune.seed=$seed" \
    --set "lethe.unlearn.seed=$seed" --set "lethe.reveal.seed=$seed" \
    --set 'lethe.evaluate.attacks.try='
done
