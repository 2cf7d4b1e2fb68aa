#!/usr/bin/env python3
"""Writes gpu.json from the output of tests/gpu/check.sh, and prints the goals.

    python3 tests/gpu/summarise.py RESULTS COMMIT [NAME OF A FAILED STEP ...]

A figure that was not measured is null. Exits with 1 if a step or a test failed.
"""

import json
import pathlib
import re
import subprocess
import sys

PASSES = "forward and backward"
GENERATION = "greedy generation 64 x (32 + 256)"
LORA = "LoRA of 1.1 B, activations kept"
PRODUCT = "product of 8192 x 8192 x 8192"

# Forward and gradients of inputs: 4 operations for each weight of a product and token.
LORA_WEIGHTS = 22 * (2048 * 2560 + 2048 * 2048 + 3 * 2048 * 5632) + 2048 * 32000
LORA_OPERATIONS = 4 * LORA_WEIGHTS * 8 * 512


def read(file):
    return file.read_text(errors="replace") if file.exists() else ""


def card():
    try:
        return subprocess.run(
            ["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def tests(text):
    counts = {}
    for word in ("successful", "failed", "skipped"):
        found = re.search(rf"\[ *(\d+) tests {word}", text)
        counts[word] = int(found.group(1)) if found else None
    return counts


def speed(text):
    """Lines of programs: program, products, work, milliseconds. Work may contain commas."""
    rows = []
    for line in text.splitlines():
        found = re.fullmatch(r"(lethe|torch),([\w ]+),(.*),([\d.]+)", line)
        if found:
            program, products, work, milliseconds = found.groups()
            row = {"program": program, "products": products, "work": work}
            rows.append({**row, "milliseconds": float(milliseconds)})
    return rows


def goals(rows, rounds):
    time = {(r["program"], r["products"], r["work"]): r["milliseconds"] for r in rows}

    def ratio(first, second):
        return time[first] / time[second] if first in time and second in time else None

    def faster(products, work):
        return ratio(("torch", products, work), ("lethe", products, work))

    def blur(products):
        return ratio(("lethe", products, "BLUR step"), ("lethe", products, "two passes"))

    def replayed(products, work):
        return ratio(("lethe", products, work), ("lethe", products, work + " with graphs"))

    share = ratio(("torch", "bf16", PRODUCT), ("lethe", "bf16", LORA))
    spark = re.findall(r"rest [\d.]+ s \(([\d.]+) %\)", rounds)
    return [
        ("passes against PyTorch, tf32", faster("tf32", PASSES), ">= 1.2"),
        ("passes against PyTorch, bf16", faster("bf16", PASSES), ">= 1.2"),
        ("LoRA of 1.1 B against PyTorch, bf16", faster("bf16", LORA), ">= 1.0"),
        (
            "its share of the rate of a large product",
            share and share * LORA_OPERATIONS / (2 * 8192**3),
            "",
        ),
        ("BLUR step against its two passes, tf32", blur("tf32"), "<= 1.03"),
        ("BLUR step against its two passes, bf16", blur("bf16"), "<= 1.03"),
        ("generation against PyTorch, tf32", faster("tf32", GENERATION), ">= 1.5"),
        ("generation against PyTorch, bf16", faster("bf16", GENERATION), ">= 1.5"),
        ("passes with graphs against without, tf32", replayed("tf32", PASSES), ""),
        ("generation with graphs against without, tf32", replayed("tf32", GENERATION), ""),
        ("passes with graphs against without, bf16", replayed("bf16", PASSES), ""),
        ("generation with graphs against without, bf16", replayed("bf16", GENERATION), ""),
        ("Spark's percentage of the last round", float(spark[-1]) if spark else None, "<= 5"),
    ]


def main():
    results = pathlib.Path(sys.argv[1])
    failed = sys.argv[3:]
    device = read(results / "device.txt")
    counts = tests(read(results / "tests.txt"))
    rows = speed(read(results / "speed.txt"))
    figures = goals(rows, read(results / "rounds.txt"))
    summary = {
        "commit": sys.argv[2],
        "card": card(),
        "device": device.splitlines(),
        "failed": failed,
        "tests": counts,
        "speed": rows,
        "goals": [dict(zip(("figure", "value", "goal"), goal)) for goal in figures],
    }
    (results / "gpu.json").write_text(json.dumps(summary, indent=2) + "\n")
    print(device, end="")
    print(f"tests: {counts}")
    for figure, value, goal in figures:
        print("%-45s %6s  %s" % (figure, "-" if value is None else "%.2f" % value, goal))
    for name in failed:
        print(f"FAILED: {name}; see errors.txt")
    print(results / "gpu.json")
    sys.exit(1 if failed or counts["failed"] else 0)


if __name__ == "__main__":
    main()
