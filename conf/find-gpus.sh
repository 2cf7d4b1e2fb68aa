#!/usr/bin/env bash
# Prints the GPUs of this machine in the form that Spark's resource discovery expects.
set -eu
addresses=$(nvidia-smi --query-gpu=index --format=csv,noheader | sed 's/.*/"&"/' | paste -sd, -)
echo "{\"name\": \"gpu\", \"addresses\": [$addresses]}"
