#!/usr/bin/env bash
# Prints a row of results.csv for each finished run: what its attacks took of its command's time.
# Usage: run.sh MACHINE NAME RUN_DIR..., such as run directories of ../quickstart/run.sh.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)"
machine="$1" name="$2"
shift 2
commit="$(git -C "$root" rev-parse --short=7 HEAD)"
number() { # FILE FIELD
  sed -n "s/^ *\"$2\" *: *\([-0-9.E]*\).*/\1/p" "$1" | head -n 1
}
for run in "$@"; do
  LC_ALL=C awk -v prefix="$(date -u +%F),$commit,,$machine,$name,$(basename "$run")" \
    -v before="$(number "$run/metrics/attacks-before.json" seconds)" \
    -v after="$(number "$run/metrics/attacks-after.json" seconds)" \
    -v command="$(number "$run/metrics/attacks-after.json" command_seconds)" \
    -v share="$(number "$run/metrics/attacks-after.json" share)" \
    -v rows="$(number "$run/evaluation/attacks-after/summary.json" rows)" \
    'BEGIN { printf "%s,%d,%.1f,%.1f,%.1f,%.1f\n",
      prefix, rows, before, after, command, 100 * share }'
done
