#!/usr/bin/env bash
# Usage: run.sh MODEL TOFU FOLDER [REQUESTS [ROWS]]: erasure requests of one TOFU author each (default
# 50) with ROWS of their 20 rows (default 4), unlearned as one batch and one after another. MODEL is
# SmolLM2-135M-Instruct, TOFU its data's folder, with full.json. LETHE_FLAGS adds flags to all runs;
# LETHE is the launcher.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)"
folder="$3"
count="${4:-50}"
rows="${5:-4}"
read -ra flags <<<"${LETHE_FLAGS:-}"
mkdir -p "$folder/requests"
export LETHE_WORKERS=1
list=""
# Each author has 20 consecutive rows. The requests' authors come first, 20 other authors are kept.
author() { # NUMBER
  sed -n "$((20 * $1 - 19)),$((20 * $1 - 20 + rows))p" "$data"
}
data="$2/full.json"
files=""
for ((i = 1; i <= count; i++)); do
  author "$i" > "$folder/requests/author-$i.jsonl"
  files="$files\"$folder/requests/author-$i.jsonl\", "
  list="$list{ id = author-$i, forget = [\"$folder/requests/author-$i.jsonl\"] }, "
done
for ((i = count + 1; i <= count + 20; i++)); do
  author "$i"
done > "$folder/retain.jsonl"

lethe() { # RUN MODEL STAGES [FLAG...]
  "${LETHE:-$root/jobs/bin/lethe}" pipeline --config "$root/conf/smollm2-tofu.conf" \
    --run-dir "$folder/$1" --set "lethe.model.path=$2" \
    --set "lethe.corpus.retain=$folder/retain.jsonl" --set "lethe.pipeline.stages=$3" \
    "${flags[@]}" "${@:4}" || echo "$1 ended with $?" >&2 # A gate may refuse; the figures are there.
}
# Steps that teach all authors by heart, as in ../smollm2: 7.5 epochs of 8 rows.
steps=$((rows * (count + 20) * 15 / 16))
lethe target "$1" '[shard, finetune]' --set "lethe.corpus.forget=[$files]" \
  --set "lethe.finetune.rounds=4" --set "lethe.finetune.local-steps=$((steps / 4))"
model="$folder/target/finetune/model"
lethe batch "$model" '[shard, unlearn, evaluate, release]' --set "lethe.requests=[$list]" \
  --set "lethe.unlearn.rounds=$((3 * count / 4 + 3))" --set "lethe.requests-at-once=$count"
lethe one-by-one "$model" '[shard, unlearn, evaluate, release]' --set "lethe.requests=[$list]"

for run in batch one-by-one; do
  python3 - "$folder/$run" <<'PY'
import json, sys
run = sys.argv[1]
print(run, json.load(open(run + "/result.json"))["seconds"], "s")
for line in json.load(open(run + "/record.json"))["requests"]:
    recited = "forget.rouge-l-recall"
    last = line["later"][-1]["figures"] if line["later"] else line["after"]
    print(line["id"], line["decision"], *(f[recited] for f in (line["before"], line["after"], last)))
PY
done
