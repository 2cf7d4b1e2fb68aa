#!/usr/bin/env bash
# Runs the quickstart with OpenLineage events and checks each event against the published schema.
# Needs Python 3.10 and the network for the schema and the packages of requirements.txt.
# Usage: run.sh; SPEC names a local copy of OpenLineage.json, EVENTS a file of events to check.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$(cd "$here/../.." && pwd -P)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
if [ -z "${PY:-}" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" -q install -r "$here/requirements.txt"
  PY="$work/venv/bin/python"
fi
if [ -z "${SPEC:-}" ]; then
  SPEC="$work/OpenLineage.json"
  curl -fsSL -o "$SPEC" https://openlineage.io/spec/2-0-2/OpenLineage.json
fi
if [ -z "${EVENTS:-}" ]; then
  EVENTS="$work/events.jsonl"
  "$root/jobs/bin/lethe" quickstart --run-dir "$work/run" --set lethe.lineage.file="$EVENTS"
fi
"$PY" "$here/check.py" "$SPEC" "$EVENTS"
