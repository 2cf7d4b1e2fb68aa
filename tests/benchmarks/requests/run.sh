#!/usr/bin/env bash
# Usage: run.sh MODEL TOFU FOLDER [REQUESTS]: erasure requests of one TOFU author each (default 50),
# unlearned one after another and as one batch. MODEL is SmolLM2-135M-Instruct, TOFU its data's
# folder, with full.json.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)"
folder="$3"
count="${4:-50}"
mkdir -p "$folder/requests"
export LETHE_WORKERS=1
list=""
# Each author has 20 consecutive rows. The requests' authors come first, 20 other authors are kept.
for ((i = 1; i <= count; i++)); do
  head -n $((20 * i)) "$2/full.json" | tail -n 20 > "$folder/requests/author-$i.jsonl"
  list="$list{ id = author-$i, forget = [\"$folder/requests/author-$i.jsonl\"] }, "
done
head -n $((20 * (count + 20))) "$2/full.json" | tail -n 400 > "$folder/retain.jsonl"

lethe() { # RUN MODEL STAGES [FLAG...]
  "$root/jobs/bin/lethe" pipeline --config "$root/conf/smollm2-tofu.conf" \
    --run-dir "$folder/$1" --set "lethe.model.path=$2" --set "lethe.requests=[$list]" \
    --set "lethe.corpus.retain=$folder/retain.jsonl" --set "lethe.pipeline.stages=$3" "${@:4}" ||
    echo "$1 ended with $?" >&2 # A gate may refuse; the figures are there.
}
# Steps that teach all authors by heart, as in ../smollm2: 7.5 epochs of 8 rows.
steps=$(((20 * count + 400) * 15 / 16))
lethe batch "$1" '[shard, finetune, unlearn, evaluate, release]' \
  --set "lethe.finetune.rounds=4" --set "lethe.finetune.local-steps=$((steps / 4))" \
  --set "lethe.unlearn.rounds=$((3 * count / 4 + 3))" --set "lethe.requests-at-once=$count"
lethe one-by-one "$folder/batch/finetune/model" '[shard, unlearn, evaluate, release]'

for run in batch one-by-one; do
  python3 - "$folder/$run" <<'PY'
import json, sys
run = sys.argv[1]
print(run, json.load(open(run + "/result.json"))["seconds"], "s (batch: with the fine-tuning)")
for line in json.load(open(run + "/record.json"))["requests"]:
    recited = "forget.rouge-l-recall"
    last = line["later"][-1]["figures"] if line["later"] else line["after"]
    print(line["id"], line["decision"], *(f[recited] for f in (line["before"], line["after"], last)))
PY
done
