#!/usr/bin/env bash
# Usage: run.sh FOLDER
set -euo pipefail
study="$(dirname "${BASH_SOURCE[0]}")/../step-study.sh"
"$study" "$1" variants
"$study" "$1" variants rates=1.6e-3,3.2e-3
