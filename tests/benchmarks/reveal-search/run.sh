#!/usr/bin/env bash
# Usage: run.sh FOLDER [SEED...]. LUME runs too if MODEL (stories15M) and LUME name their folders.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
folder="$1"
shift
"$here/../reveal-release/reveal-study.sh" "$folder" quickstart search "$@"
[ -z "${LUME:-}" ] || "$here/../reveal-release/reveal-study.sh" "$folder" lume search "$@"
for problem in quickstart ${LUME:+lume}; do
  "${PYTHON:-python3}" "$here/../../parity/summarise_reveal_study.py" "$folder/$problem"
done
