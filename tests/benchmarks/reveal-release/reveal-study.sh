#!/usr/bin/env bash
# Runs the cells of the studies reveal-search and reveal-release. A cell that ended well is not run
# again.
#
# Usage: reveal-study.sh OUT quickstart|lume search|release [SEED...]      (seeds: 42 43 44)
#   search   random, greedy and NeuralUCB with nu 1 (on the quickstart also 0.1) at equal budget, no
#            harvest
#   release  METHODS (blur plain ext-sub) on ROWS (true revealed): ITERATIONS (4) on revealed rows,
#            one on true rows
# lume needs MODEL (stories15M) and LUME (its folder), and PYTHON (python3) with pyarrow. LETHE names
# the command (jobs/bin/lethe). tests/parity/summarise_reveal_study.py prints the figures.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)"
out="$1" problem="$2" part="$3"
shift 3
seeds=("${@:-42}")
[ $# -gt 0 ] || seeds=(42 43 44)
python="${PYTHON:-python3}"
lethe="${LETHE:-$root/jobs/bin/lethe}"
export LETHE_WORKERS="${LETHE_WORKERS:-1}" OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"
mkdir -p "$out/$problem"
out="$(cd "$out/$problem" && pwd -P)"

# cell RUN COMMAND ARGUMENT...: runs lethe once. A run that a gate refused (4) has its figures.
cell() {
  local run="$out/$1" command="$2"
  shift 2
  if grep -qsE '"exit_status" : [04]' "$run/result.json"; then
    return
  fi
  nice -n 10 "$lethe" "$command" "${configs[@]}" --run-dir "$run" "$@" >"$run.log" 2>&1 ||
    echo "${run#"$out"/} ended with $?, see $run.log" >&2
  echo "$(date +%T) ${run#"$out"/}"
}

case "$problem" in
  quickstart)
    configs=()
    cell base quickstart --set 'lethe.pipeline.stages=[shard,finetune]'
    corpus="$out/base/quickstart/corpus"
    # BLUR in the place of the scenario's method.
    configs=(--config "$root/conf/quickstart.conf" --config "$root/conf/quickstart-self-generated.conf"
      --set lethe.unlearn.forget-loss=npo --set lethe.unlearn.direction=blur
      --set lethe.unlearn.blur.gamma=0.03 --set lethe.unlearn.rounds=15
      --set lethe.unlearn.learning-rate.schedule=cosine --set 'lethe.unlearn.stop.rules=[]')
    ;;
  lume)
    corpus="$out/corpus"
    configs=(--config "$root/tests/benchmarks/reveal-release/reveal-lume.conf")
    [ -f "$corpus/cards.json" ] || "$python" "$root/tests/parity/make_lume_cards.py" "$LUME" "$corpus"
    cell base finetune --set "lethe.model.path=$MODEL" --set "lethe.corpus.forget=$corpus/forget.jsonl" \
      --set "lethe.corpus.retain=$corpus/retain.jsonl"
    ;;
esac
target=(--set "lethe.model.path=$out/base/finetune/model" --set "lethe.reveal.cards=$corpus/cards.json"
  --set "lethe.reveal.truth.forget=$corpus/forget.jsonl" --set "lethe.reveal.truth.retain=$corpus/retain.jsonl")

search() {
  local strategy="$1" name="$2" nu="$3"
  cell "search-$name-$seed" pipeline "${target[@]}" --set 'lethe.pipeline.stages=[reveal]' \
    --set "lethe.reveal.seed=$seed" --set "lethe.reveal.search.strategy=$strategy" \
    --set "lethe.reveal.search.network.nu=$nu" --set lethe.reveal.search.initial-pulls=4 \
    --set lethe.reveal.harvest.prompts=0 --set lethe.reveal.neighbours.prompts=0
}

# method NAME: blur, or a variant of adapter arithmetic.
method() {
  case "$1" in
    blur) releasing=() ;;
    plain) releasing=(--set lethe.reveal.release.method=arithmetic --set lethe.reveal.release.arithmetic.variant=plain
      --set lethe.reveal.release.arithmetic.retain-module=none) ;;
    *) releasing=(--set lethe.reveal.release.method=arithmetic --set "lethe.reveal.release.arithmetic.variant=$1"
      --set lethe.reveal.release.arithmetic.retain-module=trained) ;;
  esac
}

# Switches the stop rules off, so that every iteration runs.
revealed_rows() {
  local run="revealed-$1-$seed" first=""
  method "$1"
  [ "${ITERATIONS:-4}" = 1 ] || first=iterations/01/
  if [ ! -d "$out/$run/${first}revealed" ]; then # All methods start from the same rows.
    mkdir -p "$out/$run/$first"
    cp -r "$out/reveal-$seed/revealed" "$out/$run/$first"
  fi
  cell "$run" pipeline "${target[@]}" "${seeding[@]}" "${releasing[@]}" \
    --set "lethe.reveal.iterations=${ITERATIONS:-4}" --set lethe.reveal.again.margin=-1 \
    --set lethe.reveal.again.retain-rise=100
}

# Trains on the true rows instead of the revealed ones; the difference is the noise of revealing.
true_rows() {
  local run="true-$1-$seed"
  method "$1"
  if [ ! -d "$out/$run/revealed" ]; then
    mkdir -p "$out/$run"
    cp -r "$out/reveal-$seed/revealed" "$out/$run/"
    "$python" "$root/tests/parity/true_rows_as_revealed.py" "$corpus" "$out/$run/revealed"
  fi
  cell "$run" pipeline "${target[@]}" "${seeding[@]}" "${releasing[@]}" \
    --set 'lethe.pipeline.stages=[shard,unlearn,evaluate]'
}

for seed in "${seeds[@]}"; do
  seeding=(--set "lethe.reveal.seed=$seed" --set "lethe.unlearn.seed=$seed"
    --set "lethe.reveal.release.module.seed=$seed")
  if [ "$part" = search ]; then
    search random random 1
    search greedy greedy 1
    search neural-ucb neural-ucb 1
    [ "$problem" = lume ] || search neural-ucb neural-ucb-0.1 0.1
  else
    cell "reveal-$seed" pipeline "${target[@]}" "${seeding[@]}" --set 'lethe.pipeline.stages=[reveal]'
    for name in ${METHODS:-blur plain ext-sub}; do
      for rows in ${ROWS:-true revealed}; do
        "${rows}_rows" "$name"
      done
    done
  fi
done
