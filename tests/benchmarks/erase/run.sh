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
"$root/jobs/bin/lethe" quickstart --self-generated --run-dir "$folder/self-generated" \
  --set 'lethe.unlearn.stop.rules=[like-unseen,retain-budget,no-progress]' \
  --set lethe.unlearn.rounds=40 --set lethe.unlearn.learning-rate.schedule=constant \
  --set lethe.unlearn.forget-loss=altpo --set lethe.unlearn.altpo.beta=0.05 \
  --set lethe.unlearn.direction=weighted-sum --set lethe.unlearn.weighted-sum.forget=0.1 \
  --set 'lethe.evaluate.attacks.try='
