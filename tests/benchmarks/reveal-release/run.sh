#!/usr/bin/env bash
# Usage: run.sh FOLDER [SEED...]. LUME runs too if MODEL (stories15M) and LUME name their folders.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
folder="$1"
shift
METHODS="blur ext-sub" "$here/reveal-study.sh" "$folder" quickstart release "$@"
METHODS="plain ethos" ITERATIONS=1 "$here/reveal-study.sh" "$folder" quickstart release "$@"
if [ -n "${LUME:-}" ]; then
  METHODS="blur ext-sub" "$here/reveal-study.sh" "$folder" lume release "$@"
  METHODS="plain ethos" ITERATIONS=1 ROWS=revealed \
    "$here/reveal-study.sh" "$folder" lume release "$@"
fi
for problem in quickstart ${LUME:+lume}; do
  "${PYTHON:-python3}" "$here/../../parity/summarise_reveal_study.py" "$folder/$problem"
done
