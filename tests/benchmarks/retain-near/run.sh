#!/usr/bin/env bash
# Unlearns with a small sample of the retain rows, drawn evenly or with neighbours of the forget
# rows first, and evaluates on all retain rows.
# Usage: run.sh MODEL LUME TOFU FOLDER, with stories15M and the folders of both data sets.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$(cd "$here/../../.." && pwd -P)"
model="$1" lume="$2" tofu="$3" folder="$4"
lethe() { # COMMAND RUN [FLAG...]
  "$root/jobs/bin/lethe" "$1" --config "$root/conf/lume.conf" --run-dir "$folder/$2" "${@:3}"
}
study() { # NAME FOLDER_OF_ROWS
  local data="$1" seed near rows name
  local flags=(--set "lethe.corpus.forget=$2/forget.jsonl" --set lethe.corpus.limit=60
    --set "lethe.corpus.retain=$2/retain.jsonl" --set lethe.finetune.rounds=10
    --set lethe.unlearn.rounds=5)
  lethe finetune "$data-target" --set "lethe.model.path=$model" "${flags[@]}"
  for seed in 42 43 44; do
    for near in all 0 1; do
      rows=15
      [ "$near" != all ] || rows=0
      name="$data-$near-$seed"
      lethe pipeline "$name" --set "lethe.model.path=$folder/$data-target/finetune/model" \
        "${flags[@]}" --set 'lethe.pipeline.stages=[shard,unlearn]' \
        --set "lethe.shard.retain-rows=$rows" --set "lethe.shard.retain-near=${near/all/0}" \
        --set "lethe.shard.seed=$seed" --set "lethe.unlearn.seed=$seed"
      lethe pipeline "$name-all-rows" --set "lethe.model.path=$folder/$name/candidate/model" \
        "${flags[@]}" --set 'lethe.pipeline.stages=[shard,evaluate]' \
        --set 'lethe.evaluate.attacks.try=[]'
    done
  done
}
# conf/lume.conf keeps rows of Task2.
mkdir -p "$folder/tofu"
python3 - "$tofu" "$folder/tofu" <<'PY'
import json, sys
for name, source in (("forget", "forget05"), ("retain", "retain95")):
    with open(f"{sys.argv[1]}/{source}.json") as rows, open(f"{sys.argv[2]}/{name}.jsonl", "w") as out:
        for number, row in enumerate(map(json.loads, rows)):
            out.write(json.dumps({"id": f"{name}-{number}", "input": row["question"],
                                  "output": row["answer"], "task": "Task2"}) + "\n")
PY
study lume "$lume"
study tofu "$folder/tofu"
python3 "$here/table.py" "$folder"
