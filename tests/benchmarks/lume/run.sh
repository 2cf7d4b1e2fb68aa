#!/usr/bin/env bash
# Usage: run.sh MODEL LUME FOLDER, with stories15M and LUME's folder.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)"
lume="$2" folder="$3"
lethe() { # COMMAND RUN [FLAG...]
  "$root/jobs/bin/lethe" "$1" --config "$root/conf/lume.conf" --run-dir "$folder/$2" \
    --set "lethe.corpus.forget=$lume/forget.jsonl" --set "lethe.corpus.retain=$lume/retain.jsonl" \
    "${@:3}" || echo "$2 ended with $?" >&2 # A gate may refuse; the figures are there.
}
lethe finetune target --set "lethe.model.path=$1"
unlearn() { # NAME [FLAG...]
  for seed in 42 43; do
    lethe pipeline "$1-$seed" --set "lethe.model.path=$folder/target/finetune/model" \
      --set 'lethe.pipeline.stages=[shard,unlearn,evaluate,release]' \
      --set "lethe.unlearn.seed=$seed" "${@:2}"
  done
}
sum=(--set lethe.unlearn.direction=weighted-sum)
ascent=("${sum[@]}" --set lethe.unlearn.forget-loss=ga --set lethe.unlearn.weighted-sum.retain=0)
unlearn blur
unlearn sum "${sum[@]}"
unlearn blur-01 --set lethe.unlearn.blur.gamma=0.1
unlearn sum-01 "${sum[@]}" --set lethe.unlearn.weighted-sum.forget=0.1
unlearn ascent "${ascent[@]}"
unlearn ascent-slow "${ascent[@]}" --set lethe.unlearn.learning-rate.peak=1e-5
