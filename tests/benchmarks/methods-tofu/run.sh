#!/usr/bin/env bash
# Usage: run.sh MODEL TOFU FOLDER, with stories15M and the folder of TOFU.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)"
data="$2"
LETHE_WORKERS=1 exec "$root/jobs/bin/lethe" benchmark tofu \
  --config "$root/conf/benchmark-stories15m.conf" --run-dir "$3" \
  --set "lethe.model.path=$1" --set "lethe.benchmark.tofu.data=$data"
