#!/usr/bin/env bash
# Measures on a machine with an NVIDIA GPU: tests/gpu/check.sh says how to get there.
exec "$(dirname "$0")/../../gpu/check.sh" "$@"
