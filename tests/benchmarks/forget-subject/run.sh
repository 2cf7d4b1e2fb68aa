#!/usr/bin/env bash
# Usage: run.sh FOLDER MODEL [SUBJECT...]     (subjects: shakespeare einstein mozart)
#
# Forgets each subject from its card alone, for each of SEEDS (42 43 44), and scores the questions
# before and after. Adds lines to FOLDER/results.csv. A cell that ended is not run again. MODEL is
# SmolLM2-135M-Instruct. PYTHON (python3) needs transformers and torch. A run that a gate refused
# (status 4) is scored too; its label says so.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$(cd "$here/../../.." && pwd -P)"
folder="$1" model="$2"
shift 2
subjects=("${@:-shakespeare}")
[ $# -gt 0 ] || subjects=(shakespeare einstein mozart)
python="${PYTHON:-python3}"
lethe="${LETHE:-$root/jobs/bin/lethe}"
mkdir -p "$folder"
results="$folder/results.csv"
[ -f "$results" ] || echo "model,subject,seed,form,kind,questions,right" >"$results"

score() {
  grep -q "^$1,$2,$3," "$results" || "$python" "$here/score_questions.py" "$1" "$2" "$3" "$4" >>"$results"
}

for subject in "${subjects[@]}"; do
  score before "$subject" - "$model"
  for seed in ${SEEDS:-42 43 44}; do
    run="$folder/$subject-$seed"
    if ! grep -qsE '"exit_status" : [04]' "$run/result.json"; then
      status=0
      nice -n 10 "$lethe" pipeline --config "$root/conf/forget-subject.conf" --run-dir "$run" \
        --set "lethe.model.path=$model" --set "lethe.reveal.cards=$here/cards/$subject.json" \
        --set "lethe.reveal.seed=$seed" --set "lethe.unlearn.seed=$seed" >"$run.log" 2>&1 || status=$?
      echo "$(date +%T) $subject $seed ended with $status"
    fi
    if [ -d "$run/model" ]; then
      score released "$subject" "$seed" "$run/model"
    elif [ -d "$run/model.refused" ]; then
      score refused "$subject" "$seed" "$run/model.refused"
    fi
  done
done
