#!/usr/bin/env bash
# 500 arms of 64 dimensions, 65 pulls (40 of them random), five seeds.
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/../program.sh" SearchBenchmark 500 64 65 5
