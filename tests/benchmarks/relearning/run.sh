#!/usr/bin/env bash
# Teaches half of the forgotten rows again after four methods of unlearning, three seeds each, and
# writes FILE. Takes two minutes on an idle core.
# Usage: run.sh FILE MACHINE
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
commit="$(git -C "$here" rev-parse --short=7 HEAD)"
exec "$here/../program.sh" RelearningStudy "$1" "$(date -u +%F),$commit,$2"
