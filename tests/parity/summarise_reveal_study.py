"""Prints figures of the studies tests/benchmarks/reveal-search and tests/benchmarks/reveal-release.

Usage: python summarise_reveal_study.py OUT/PROBLEM, where PROBLEM is quickstart or lume. Needs
pyarrow. Prints no text of rows.
"""

import json
import pathlib
import re
import statistics
import sys

from count_revealed_facts import curve, facts, in_rows

out = pathlib.Path(sys.argv[1])
corpus = next(p for p in (out / "corpus", out / "base/quickstart/corpus") if p.exists())
forget = corpus / "forget.jsonl"
SETS = ["forget", "true-forget", "true-retain"]


def document(path):
    return json.loads(path.read_text())


def percent(values):
    if not values:
        return ""
    mean, ends = statistics.mean(values), sorted((min(values), max(values)))
    text = f"{100 * mean:.0f} %"
    return text if len(values) == 1 else f"{text} ({100 * ends[0]:.0f} to {100 * ends[1]:.0f})"


def searches():
    print(f"True facts of {sum(map(len, facts(forget).values()))} by prompts spent\n")
    runs = {}
    for run in sorted(out.glob("search-*-[0-9]*/result.json")):
        name, seed = re.fullmatch(r"search-(.*)-(\d+)", run.parent.name).groups()
        runs[name, int(seed)] = dict(curve(forget, str(run.parent))[1])
    marks = sorted({mark for points in runs.values() for mark in points})[::2]
    print("| strategy | seed | " + " | ".join(map(str, marks)) + " |\n|" + "---|" * (2 + len(marks)))
    for (name, seed), points in sorted(runs.items(), key=lambda item: (item[0][1], item[0][0])):
        print(f"| {name} | {seed} | " + " | ".join(str(points.get(m, "")) for m in marks) + " |")
    for name in sorted({name for name, _ in runs}):
        of = [points for (other, _), points in runs.items() if other == name]
        means = [statistics.mean(p[m] for p in of if m in p) if any(m in p for p in of) else "" for m in marks]
        print(f"| {name} | mean of {len(of)} | " + " | ".join(m and f"{m:.1f}" for m in means) + " |")


def figures(summary):
    return {s: summary[f"{s}.rouge-l-recall"] for s in SETS if f"{s}.rouge-l-recall" in summary}


def evaluation(folder):
    """Means of one evaluation, by dotted name."""
    found = {}
    for name, of in document(folder / "summary.json")["sets"].items():
        found |= {f"{name}.{figure}": value["mean"] for figure, value in of["figures"].items()}
    return found


def releases():
    lines = {}
    for path in sorted(out.glob("revealed-*-[0-9]*/iterations.json")):
        method, seed = re.fullmatch(r"revealed-(.*)-(\d+)", path.parent.name).groups()
        done = document(path)
        lines.setdefault(("before", "", 0), {})[seed] = (figures(done["before"]), None, "")
        for line in done["lines"]:
            folder = path.parent / "iterations" / f"{line['number']:02d}"
            lines.setdefault((method, "revealed", line["number"]), {})[seed] = (
                figures(line["after"]), counts(folder), weight(folder))
    for path in sorted(out.glob("*/evaluation/after/summary.json")):
        run = path.parent.parent.parent
        name = re.fullmatch(r"(true|revealed)-(.*)-(\d+)", run.name)
        if not name:
            continue
        rows, method, seed = name.groups()
        lines.setdefault(("before", "", 0), {})[seed] = (figures(evaluation(run / "evaluation/before")), None, "")
        lines.setdefault((method, rows, 1), {})[seed] = (
            figures(evaluation(path.parent)), counts(run) if rows == "revealed" else None, weight(run))
    print("\n| method | rows | iteration | seeds | rows, true facts in them | lambda_f | held-out facts | true forget set"
          " | true retain set |\n|---|---|---|---|---|---|---|---|---|")
    for (method, rows, iteration), of in sorted(lines.items(), key=lambda item: (item[0][0] != "before", item[0])):
        cells = [percent([f[s] for f, _, _ in of.values() if s in f]) for s in SETS]
        rows_and_facts = "; ".join(f"{c[0]}, {c[1]}" for _, c, _ in of.values() if c)
        weights = "; ".join(str(w) for _, _, w in of.values() if w != "")
        print(f"| {method} | {rows} | {iteration or ''} | {' '.join(of)} | {rows_and_facts} | {weights} | " + " | ".join(cells) + " |")


def counts(run):
    """Number of training rows, and of true facts in them."""
    cards = document(run / "revealed/report.json")["cards"]
    return sum(card["rows"] for card in cards), len(in_rows(forget, run / "revealed/forget.parquet"))


def weight(run):
    """lambda_f that the line search chose."""
    chosen = run / "candidate" / "arithmetic.json"
    return document(chosen)["forget_weight"] if chosen.exists() else ""


searches()
releases()
