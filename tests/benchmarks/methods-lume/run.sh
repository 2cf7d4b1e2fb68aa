#!/usr/bin/env bash
# Usage: run.sh MODEL LUME FOLDER, with stories15M and the folder of LUME.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)"
data="$2"
LETHE_WORKERS=1 exec "$root/jobs/bin/lethe" benchmark lume \
  --config "$root/conf/benchmark-stories15m.conf" --run-dir "$3" \
  --set "lethe.model.path=$1" --set "lethe.benchmark.lume.forget=$data/forget.jsonl" \
  --set "lethe.benchmark.lume.retain=$data/retain.jsonl"
