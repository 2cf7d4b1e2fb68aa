#!/usr/bin/env bash
# Makes the shards and two models once (FOLDER), then appends a line for each method, rate and seed
# to FILE. A further run continues FILE. A line takes about 40 s of processor time with
# SmolLM2-135M-Instruct and 10 s with stories15M.
# Usage: run.sh smollm2|stories15m MODEL TOFU FOLDER FILE MACHINE [KEY=VALUE...]; keys are methods
# ("NPO;BLUR"; prepare: only the models), rates, seeds, steps, batch, gamma, products, and seconds
# after which no line is begun.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$here/../../.."
name="$1" model="$2" folder="$4" file="$5" machine="$6"
if [ ! -d "$folder/run/shards" ]; then
  mkdir -p "$folder"
  head -n 12 "$3/forget10.json" > "$folder/forget.jsonl"
  head -n 12 "$3/retain90.json" > "$folder/retain.jsonl"
  LETHE_WORKERS=1 "$root/jobs/bin/lethe" pipeline --config "$root/conf/smollm2-tofu.conf" \
    --run-dir "$folder/run" --set "lethe.model.path=$model" \
    --set 'lethe.pipeline.stages=[shard]' --set lethe.model.template=none \
    --set "lethe.corpus.forget=$folder/forget.jsonl" \
    --set "lethe.corpus.retain=$folder/retain.jsonl"
fi
shift 6
if [ "$name" = smollm2 ]; then
  # The upper 15 of 30 blocks are trained. RMU reads one of them.
  upper='layers.{15,16,17,18,19,20,21,22,23,24,25,26,27,28,29}'
  set -- rows=8 epochs=10 teaching-rate=5e-4 shots=2 products=bfloat16 rates=1e-4 \
    "train=$upper" block=17 \
    coefficient=500 'steered=layers.{15,16,17}.mlp.down_proj.weight' \
    "selected=$upper.mlp.{gate_proj,up_proj,down_proj}.weight" "$@"
else
  set -- rows=8 epochs=20 teaching-rate=1e-3 relearning-rate=2e-4 shots=1 rates=3e-4 \
    steps=16 "$@"
fi
line="$(date -u +%F),$(git -C "$here" rev-parse --short=7 HEAD),$machine,$name"
study() {
  "$here/../program.sh" DurabilityStudy "$model" "$folder/run/shards" "$folder" "$file" "$line" "$@"
}
[ -d "$folder/retrained" ] || study "$@" methods=prepare
[[ " $* " == *" methods="* ]] || set -- "$@" methods=all
study "$@"
