#!/usr/bin/env bash
# Usage: run.sh FOLDER. Runs reveal and release as they are now, with seed 42. The earlier lines of
# the table came from commits before 3ac4913 and have no switches.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)"
exec "$root/jobs/bin/lethe" quickstart --self-generated --run-dir "$1"
