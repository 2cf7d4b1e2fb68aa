"""Writes topic cards for the first people of LUME's Task 2, and the rows about them.

Usage: python make_lume_cards.py LUME OUT [PEOPLE]

LUME holds forget.jsonl and retain.jsonl. PEOPLE is the number from each set, 12 by default.

A card has a name, the names of five attributes and two neighbours from the retain set, but no
value. Writes OUT/cards.json, OUT/forget.jsonl and OUT/retain.jsonl. They contain LUME's text: keep
them out of the repository.
"""

import json
import pathlib
import re
import sys

ATTRIBUTES = ["birth date", "Social Security Number", "phone number", "email address", "home address"]

lume, out = map(pathlib.Path, sys.argv[1:3])
count = int(sys.argv[3]) if len(sys.argv) > 3 else 12
out.mkdir(parents=True, exist_ok=True)


def people(name):
    """Rows by person, for the first people that have one row for each attribute."""
    rows = {}
    for line in (lume / f"{name}.jsonl").open():
        row = json.loads(line)
        if row["task"] == "Task2":
            rows.setdefault(re.sub(r"(sc|qa)\d+$", "", row["id"]), []).append(row)
    whole = [(person, of) for person, of in rows.items() if len(of) == 1 + len(ATTRIBUTES)]
    return whole[:count]


def subject(rows):
    questions = [re.match(r"What is the birth date of (.*)\?$", row["input"]) for row in rows]
    return next(found[1] for found in questions if found)


sets = {name: people(name) for name in ("forget", "retain")}
for name, chosen in sets.items():
    with (out / f"{name}.jsonl").open("w") as file:
        file.writelines(json.dumps(row) + "\n" for _, rows in chosen for row in rows)
kept = [subject(rows) for _, rows in sets["retain"]]
cards = [
    {
        "id": person,
        "name": subject(rows),
        "attributes": [
            {"name": a, "questions": [f"What is the {a} of {{name}}?", f"What is {{name}}'s {a}?"]}
            for a in ATTRIBUTES
        ],
        "neighbours": [kept[i], kept[(i + 1) % len(kept)]],
        "oracle": {"kind": "contrast"},
    }
    for i, (person, rows) in enumerate(sets["forget"])
]
with (out / "cards.json").open("w") as file:
    json.dump({"version": 1, "cards": cards}, file, indent=1)
print(f"{len(cards)} cards, {len(kept)} neighbours")
