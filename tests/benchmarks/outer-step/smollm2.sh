#!/usr/bin/env bash
# The same on SmolLM2-135M-Instruct, which is trained to recite 20 + 40 rows of TOFU first. Trains
# the upper ten of 30 blocks, with BFLOAT16 products.
# Usage: smollm2.sh MODEL TOFU FOLDER [KEY=VALUE...]
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
model="$1" tofu="$2" folder="$3"
shift 3
mkdir -p "$folder"
head -n 20 "$tofu/forget10.json" >"$folder/forget.jsonl"
head -n 40 "$tofu/retain90.json" >"$folder/retain.jsonl"
"$here/../../../jobs/bin/lethe" pipeline --run-dir "$folder/run" \
  --set 'lethe.pipeline.stages=[shard,finetune]' --set lethe.model.path="$model" \
  --set lethe.corpus.forget="$folder/forget.jsonl" \
  --set lethe.corpus.retain="$folder/retain.jsonl" \
  --set lethe.corpus.prompt-field=question --set lethe.corpus.completion-field=answer \
  --set lethe.shard.max-length=64 --set lethe.platform.products=bfloat16 \
  --set 'lethe.finetune={workers=1,rounds=4,local-steps=14,batch-size=8,checkpoint-every=4}' \
  --set 'lethe.finetune.learning-rate={schedule=cosine,peak=3e-4,warm-up-steps=6,final-share=0.05}'
export OMP_NUM_THREADS=1 JAVA_OPTIONS="${JAVA_OPTIONS:--Xmx2g}"
exec "$here/../program.sh" StepStudy quality "$folder/run/finetune/model" "$folder/run/shards" \
  "$(mktemp -d -p "$folder")" 'train=layers.{20,21,22,23,24,25,26,27,28,29}' products=bfloat16 \
  batch=4 steps=64 rate=1e-4 \
  options="${OPTIONS:-GRADIENTS:1:1:0:AVERAGED,PARAMETERS:1:1:0:AVERAGED,PARAMETERS:4:1.5:0:AVERAGED,PARAMETERS:4:1.5:0:LOCAL}" "$@"
