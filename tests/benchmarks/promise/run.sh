#!/usr/bin/env bash
# Usage: run.sh FOLDER
set -euo pipefail
study="$(dirname "${BASH_SOURCE[0]}")/../step-study.sh"
"$study" "$1" promise
"$study" "$1" promise gammas=0.01
