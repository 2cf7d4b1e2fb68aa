#!/usr/bin/env bash
# Makes the shards and two models once (FOLDER), then appends a line for each method, rate and seed
# to FILE. Without KEY=VALUE it runs all methods, which takes about an hour on two cores.
# Usage: run.sh MODEL TOFU FOLDER FILE MACHINE [KEY=VALUE...], with SmolLM2-135M-Instruct; keys are
# methods ("NPO;BLUR"; prepare: only the models), rates, seeds, steps, batch, gamma, products, and
# seconds after which no line is begun. A further run continues FILE.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$here/../../.."
model="$1" folder="$3" file="$4" machine="$5"
if [ ! -d "$folder/run/shards" ]; then
  mkdir -p "$folder"
  head -n 12 "$2/forget10.json" > "$folder/forget.jsonl"
  head -n 12 "$2/retain90.json" > "$folder/retain.jsonl"
  LETHE_WORKERS=1 "$root/jobs/bin/lethe" pipeline --config "$root/conf/smollm2-tofu.conf" \
    --run-dir "$folder/run" --set "lethe.model.path=$model" \
    --set 'lethe.pipeline.stages=[shard]' --set lethe.model.template=none \
    --set "lethe.corpus.forget=$folder/forget.jsonl" \
    --set "lethe.corpus.retain=$folder/retain.jsonl"
fi
shift 5
set -- rows=8 "$@"
line="$(date -u +%F),$(git -C "$here" rev-parse --short=7 HEAD),$machine"
study() {
  "$here/../program.sh" DurabilityStudy "$model" "$folder/run/shards" "$folder" "$file" "$line" "$@"
}
[ -d "$folder/retrained" ] || study methods=prepare "$@"
[[ " $* " == *" methods="* ]] || set -- methods=all "$@"
study "$@"
