#!/usr/bin/env bash
# Usage: run.sh FOLDER
set -euo pipefail
study="$(dirname "${BASH_SOURCE[0]}")/../step-study.sh"
"$study" "$1" drift
"$study" "$1" averaging
"$study" "$1" averaging rate=6e-4
