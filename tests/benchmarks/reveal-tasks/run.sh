#!/usr/bin/env bash
# Usage: run.sh FOLDER MODEL MACHINE [SEED...]      (seeds: 42 43 44)
#
# For each of TASKS (toxicity entities code): makes the corpus, fine-tunes MODEL (stories15M) on it,
# reveals, and releases with BLUR and with Ext-Sub without and with O-LoRA's penalty, on true and on
# revealed rows; with BLUR on revealed rows ITERATIONS (2) times. Then measures all models and adds
# lines to FOLDER/results.csv. A cell that ended is not run again. PYTHON (python3) needs pyarrow.
# LETHE names the command (jobs/bin/lethe); CLASS_PATH as for program.sh.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$(cd "$here/../../.." && pwd -P)"
mkdir -p "$1"
folder="$(cd "$1" && pwd -P)" model="$2" machine="$3"
shift 3
[ $# -gt 0 ] || set -- 42 43 44
python="${PYTHON:-python3}"
lethe="${LETHE:-$root/jobs/bin/lethe}"
iterations="${ITERATIONS:-2}"
export LETHE_WORKERS="${LETHE_WORKERS:-1}" OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"
commit="$(git -C "$root" rev-parse --short=7 HEAD)"

program() {
  JAVA_OPTIONS="${JAVA_OPTIONS:--Xmx1g}" "$here/../program.sh" "$@"
}

# cell RUN COMMAND ARGUMENT...: runs lethe once. A run that a gate refused (4) has its figures.
cell() {
  local run="$out/$1" command="$2"
  shift 2
  if grep -qsE '"exit_status" : [04]' "$run/result.json"; then
    return
  fi
  "$lethe" "$command" --config "$here/reveal-tasks.conf" --run-dir "$run" "$@" >"$run.log" 2>&1 ||
    echo "${run#"$folder"/} ended with $?, see $run.log" >&2
  echo "$(date +%T) ${run#"$folder"/}"
}

# released RUN ROWS ARGUMENT...: releases from the revealed rows, or from the true ones in their place.
released() {
  local run="$out/$1" rows="$2" stages='[shard,unlearn]' first=""
  shift 2
  if [ "$rows" = iterated ]; then
    stages='[reveal,shard,unlearn,evaluate,release]' first=iterations/01/
  fi
  if [ ! -d "$run/${first}revealed" ]; then
    mkdir -p "$run/$first"
    cp -r "$out/reveal/revealed" "$run/$first"
    [ "$rows" != true ] ||
      "$python" "$root/tests/parity/true_rows_as_revealed.py" "$corpus" "$run/revealed"
  fi
  cell "${run#"$out"/}" pipeline "${target[@]}" --set "lethe.pipeline.stages=$stages" "$@"
}

# measured LABEL RUN: adds the candidate of a run to the models to measure.
measured() {
  if ! grep -qs ",$task,$1,$seed," "$folder/results.csv"; then
    [ ! -d "$out/$2/model" ] || models+=("$1,$seed=$out/$2/model")
  fi
}

for seed in "$@"; do
  for task in ${TASKS:-toxicity entities code}; do
    out="$folder/$task-$seed"
    corpus="$out/corpus"
    [ -f "$corpus/cards.json" ] || program tasks.TaskFiles "$task" "$seed" "$corpus"
    cell target finetune --set "lethe.model.path=$model" --set "lethe.finetune.seed=$seed" \
      --set "lethe.corpus.forget=$corpus/forget.jsonl" \
      --set "lethe.corpus.retain=$corpus/retain.jsonl"
    oracle=(--set "lethe.reveal.oracles.scorers.form=[\"$here/../program.sh\",tasks.FormScorer,$task]")
    [ "$task" != toxicity ] || oracle=(--set "lethe.reveal.oracles.lexicon=$corpus/lexicon.txt")
    target=(--set "lethe.model.path=$out/target/finetune/model"
      --set "lethe.reveal.cards=$corpus/cards.json"
      --set "lethe.corpus.retain=$corpus/retain.jsonl" --set "lethe.reveal.seed=$seed"
      --set "lethe.unlearn.seed=$seed" --set "lethe.reveal.release.module.seed=$seed" "${oracle[@]}")
    cell reveal pipeline "${target[@]}" --set 'lethe.pipeline.stages=[reveal]'
    models=()
    measured "before,,," target/finetune
    released blur-true true
    measured "BLUR,,true,1" blur-true/candidate
    released blur-revealed iterated --set "lethe.reveal.iterations=$iterations"
    for iteration in $(seq "$iterations"); do
      measured "BLUR,,revealed,$iteration" \
        "blur-revealed/iterations/$(printf %02d "$iteration")/candidate"
    done
    for penalty in 0 10; do
      for rows in true revealed; do
        released "ext-sub-$penalty-$rows" "$rows" --set lethe.reveal.release.method=arithmetic \
          --set "lethe.reveal.release.arithmetic.orthogonality=$penalty"
        measured "Ext-Sub,$penalty,$rows,1" "ext-sub-$penalty-$rows/candidate"
      done
    done
    [ ${#models[@]} = 0 ] || program tasks.TaskMeasures "$folder/results.csv" \
      "$(date -u +%F),$commit,,$machine" "$task" "$corpus" "${models[@]}"
    echo "$(date +%T) measured $task $seed"
  done
done
