"""Counts the true facts that a reveal found, by number of prompts.

Usage: python count_revealed_facts.py FORGET_JSONL RUN_DIR...

FORGET_JSONL holds the true rows, with ids PERSON + "-"? + sc0.. or qa0... A fact is the answer of a
question (qa). It is found when a response to its person's card contains it and the relevance oracle
accepts the response (0.5 or more). Case, spaces, punctuation and the order of dates do not matter.
Prints the prompts for all cards and the facts found after each step of the search and the harvest.
Needs pyarrow. Prints counts only, no text.
"""

import calendar
import glob
import json
import re
import sys

import pyarrow.parquet as parquet


def plain(text):
    return re.sub(r"[^a-z0-9]+", "", text.lower())


def forms(answer):
    """Spellings of a fact: 1984-12-31 is also 31 December 1984 and December 31, 1984."""
    found = {plain(answer)}
    date = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", answer.strip())
    if date:
        year, month, day = date[1], calendar.month_name[int(date[2])], str(int(date[3]))
        found = {plain(answer), plain(month + day + year), plain(day + month + year)}
    return found


def facts(forget):
    """Spellings of facts by question, by person."""
    people = {}
    with open(forget) as lines:
        for line in lines:
            row = json.loads(line)
            person, question = re.fullmatch(r"(.*?)-?((?:sc|qa)\d+)", row["id"]).groups()
            if question.startswith("qa"):
                people.setdefault(person, {})[question] = forms(row["output"])
    return people


def found_in(people, person, text):
    return {(person, q) for q, of in people.get(person, {}).items() if any(f in plain(text) for f in of)}


def curve(forget, run):
    """Number of facts, and (number of prompts, facts found) after each step."""
    people = facts(forget)
    found, prompts, points = set(), 0, []
    for step in sorted(glob.glob(run + "/revealed/steps/*")):
        with open(step + "/step.json") as document:
            state = json.load(document)
        if state["phase"] == "NEIGHBOURS":
            break
        prompts += sum(ask["count"] for ask in state["asks"])
        for row in parquet.read_table(step + "/candidates.parquet").to_pylist():
            if row["relevance"] >= 0.5:
                found |= found_in(people, row["card"], row["text"] or "")
        points.append((prompts, len(found)))
    return sum(map(len, people.values())), points


def in_rows(forget, file):
    """Facts contained in the rows of a revealed corpus."""
    people = facts(forget)
    found = set()
    for row in parquet.read_table(file).to_pylist():
        person = re.sub(r"^again-\d+\.", "", row["id"]).split(".")[0]
        found |= found_in(people, person, row["input"] + " " + row["output"])
    return found


if __name__ == "__main__":
    for run in sys.argv[2:]:
        total, points = curve(sys.argv[1], run)
        print(run, f"{total} facts:", ", ".join(f"{n} after {prompts}" for prompts, n in points))
