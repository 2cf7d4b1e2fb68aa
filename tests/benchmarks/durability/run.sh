#!/usr/bin/env bash
# Makes the shards and two models once (FOLDER), then tunes each method and measures it with three
# seeds: a line of tuning.csv for each value tried, a line of results.csv for each seed, both beside
# this script. A further run continues them. A line takes up to a minute of processor time with
# SmolLM2-135M-Instruct and 10 s with stories15M.
# Usage: run.sh smollm2|stories15m MODEL TOFU FOLDER MACHINE [KEY=VALUE...]; keys are methods
# ("NPO;BLUR"; prepare: only the models), seeds, steps, batch, the parameters of the methods, train
# (the trained weights), fixed (values that are measured without tuning) with label, and seconds
# after which no line is begun.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$here/../../.."
name="$1" model="$2" folder="$4" machine="$5"
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
shift 5
if [ "$name" = smollm2 ]; then
  # The upper 15 of 30 blocks are trained; an attacker trains all. RMU reads one of them.
  label=SmolLM2-135M-Instruct
  upper='layers.{15,16,17,18,19,20,21,22,23,24,25,26,27,28,29}'
  set -- rows=8 epochs=10 teaching-rate=5e-4 shots=2 products=bfloat16 steps=10 "train=$upper" \
    coefficient=20,100,400 block=17 steering-rate=5e-4 \
    'steered=layers.{15,16,17}.mlp.down_proj.weight' \
    "selected=$upper.mlp.{gate_proj,up_proj,down_proj}.weight" "$@"
else
  label=stories15M
  set -- rows=8 epochs=20 teaching-rate=1e-3 relearning-rate=2e-4 shots=1 steps=16 \
    rate=1.5e-4,3e-4,6e-4 "$@"
fi
line="$(date -u +%F),$(git -C "$here" rev-parse --short=7 HEAD),$machine,$label"
study() {
  "$here/../program.sh" DurabilityStudy "$model" "$folder/run/shards" "$folder" \
    "$here/results.csv" "$here/tuning.csv" "$line" "$@"
}
[ -d "$folder/retrained" ] || study "$@" methods=prepare
[[ " $* " == *" methods="* ]] || set -- "$@" methods=all
study "$@"
