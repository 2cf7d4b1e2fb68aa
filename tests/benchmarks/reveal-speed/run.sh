#!/usr/bin/env bash
# Usage: run.sh FOLDER MODEL LABEL...: reveals what MODEL (SmolLM2-135M-Instruct) knows of one subject
# with conf/reveal-instruct.conf and prints a line of CSV for each label. LETHE is the launcher (to
# compare builds, run one after the other), PROMPTS and NEIGHBOURS the prompts of the card (200) and
# of each neighbour (64), FLAGS further flags. Each worker has one thread; WORKERS is their number.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$(cd "$here/../../.." && pwd -P)"
folder="$1" model="$2"
shift 2
export OMP_NUM_THREADS=1 LETHE_WORKERS="${WORKERS:-2}"
read -ra flags <<<"${FLAGS:-}"
for label in "$@"; do
  run="$folder/$label"
  rm -rf "$run"
  mkdir -p "$folder"
  "${LETHE:-$root/jobs/bin/lethe}" reveal --config "$root/conf/reveal-instruct.conf" \
    --run-dir "$run" --set "lethe.model.path=$model" \
    --set "lethe.reveal.cards=$here/../forget-subject/cards/shakespeare.json" \
    --set "lethe.unlearn.workers=$LETHE_WORKERS" \
    --set "lethe.reveal.budget.prompts=${PROMPTS:-200}" \
    --set "lethe.reveal.neighbours.prompts=${NEIGHBOURS:-64}" "${flags[@]}" >"$run.log" 2>&1
  python3 - "$label" "$LETHE_WORKERS" "$run" <<'PY'
import json, sys
label, workers, run = sys.argv[1:]
report = json.load(open(run + "/revealed/report.json"))
seconds = json.load(open(run + "/result.json"))["seconds"]
asked = report["cards"] + report["neighbours"]
prompts, tokens = (sum(one[key] for one in asked) for key in ("prompts", "tokens"))
rows = sum(card["rows"] for card in report["cards"])
print(label, workers, prompts, tokens, rows, round(seconds), round(tokens / seconds), sep=",")
PY
done
