"""How many true facts of the quickstart a reveal found, by prompts spent.

Usage: python count_revealed_facts.py RUN_DIR...   (runs of `lethe quickstart --self-generated`)

A fact is an answer of quickstart/corpus/forget.jsonl; it is found when a response to its person's card that the
relevance oracle accepts (0.5 or more) holds it, case and punctuation aside. Prints prompts spent on all cards and facts found
after each step of the search and the harvest. Needs pyarrow. Prints counts only, no text.
"""

import glob
import json
import re
import sys

import pyarrow.parquet as parquet


def plain(text):
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def facts(run):
    people = {}
    with open(run + "/quickstart/corpus/forget.jsonl") as lines:
        for line in lines:
            row = json.loads(line)
            person, question = row["id"].rsplit("-", 1)
            if question != "sc1":  # the whole biography
                people.setdefault(person, {})[question] = plain(row["output"])
    return people


def curve(run):
    people = facts(run)
    found, prompts, points = set(), 0, []
    for step in sorted(glob.glob(run + "/revealed/steps/*")):
        with open(step + "/step.json") as document:
            state = json.load(document)
        if state["phase"] == "NEIGHBOURS":
            break
        prompts += sum(ask["count"] for ask in state["asks"])
        for row in parquet.read_table(step + "/candidates.parquet").to_pylist():
            if row["relevance"] < 0.5:
                continue
            person = row.get("card") or row["id"].split(".")[0]
            text = plain(row.get("text") or row.get("response"))
            found |= {(person, k) for k, v in people.get(person, {}).items() if v in text}
        points.append((prompts, len(found)))
    return sum(map(len, people.values())), points


for run in sys.argv[1:]:
    total, points = curve(run)
    print(run, f"{total} facts:", ", ".join(f"{found} after {prompts}" for prompts, found in points))
