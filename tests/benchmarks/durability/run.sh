#!/usr/bin/env bash
# Usage: run.sh FOLDER [KEY=VALUE...]; prints CSV.
set -euo pipefail
study="$(dirname "${BASH_SOURCE[0]}")/../step-study.sh"
folder="$1"
shift
"$study" "$folder" durability "$@"
