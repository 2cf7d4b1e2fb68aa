#!/usr/bin/env bash
# Usage: run.sh FOLDER
set -euo pipefail
"$(dirname "${BASH_SOURCE[0]}")/../step-study.sh" "$1" quality
