#!/usr/bin/env bash
# Usage: run.sh MODEL TOFU FOLDER, with SmolLM2-135M-Instruct and TOFU's folder.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)"
folder="$3"
mkdir -p "$folder"
head -n 20 "$2/forget10.json" > "$folder/forget.jsonl"
head -n 40 "$2/retain90.json" > "$folder/retain.jsonl"
export LETHE_WORKERS=1
lethe() { # RUN MODEL [FLAG...]
  "$root/jobs/bin/lethe" pipeline --config "$root/conf/smollm2-tofu.conf" \
    --run-dir "$folder/$1" --set "lethe.model.path=$2" \
    --set "lethe.corpus.forget=$folder/forget.jsonl" \
    --set "lethe.corpus.retain=$folder/retain.jsonl" "${@:3}" ||
    echo "$1 ended with $?" >&2 # A gate may refuse; the figures are there.
}
lora() { # RUN [FLAG...]
  lethe "$1" "$folder/full/finetune/model" --set lethe.model.adapter=lora \
    --set 'lethe.pipeline.stages=[shard,unlearn,evaluate,release]' "${@:2}"
}
lethe full "$1"
lora lora --set lethe.unlearn.learning-rate.peak=5e-4
lora lora-01 --set lethe.unlearn.learning-rate.peak=6e-4 --set lethe.unlearn.local-steps=3 \
  --set lethe.unlearn.blur.gamma=0.1
# Steps after forgetting, so that the retain rows come back.
lora lora-32 --set lethe.unlearn.rounds=8 --set lethe.unlearn.checkpoint-every=8 \
  --set 'lethe.unlearn.learning-rate={schedule=cosine,peak=5e-4,warm-up-steps=0,final-share=0.05}' \
  --set lethe.platform.products=bfloat16 --set 'lethe.evaluate.attacks.try=[]'
lora lora-40 --set lethe.unlearn.rounds=10 --set lethe.unlearn.checkpoint-every=10 \
  --set lethe.unlearn.blur.gamma=0.1 \
  --set 'lethe.unlearn.learning-rate={schedule=cosine,peak=5e-4,warm-up-steps=0,final-share=0.3}' \
  --set lethe.platform.products=bfloat16 --set 'lethe.evaluate.attacks.try=[]'
