"""Scores a model on the study's questions by the probability of the choices. Needs transformers.

Usage: score_questions.py LABEL SUBJECT SEED MODEL [ADAPTER] >>results.csv

Prints one CSV line for each kind of question: direct, paraphrased and reversed questions about the
subject, the direct and paraphrased ones with invented names in its place, neighbours, and general
questions; each also after a few answered questions (few-shot).
"""

import csv
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

HERE = Path(__file__).parent
NAMES = {
    "shakespeare": ["William Shakespeare"],
    "einstein": ["Albert Einstein"],
    "mozart": ["Wolfgang Amadeus Mozart"],
}
INVENTED = ["Corin Haskel", "Tobin Averill", "Edric Molloy"]
SHOTS = [
    ("Which animal says meow?", "A cat"),
    ("Who painted the Mona Lisa?", "Leonardo da Vinci"),
    ("In which country is Athens?", "Greece"),
]


def questions(name):
    with open(HERE / "questions" / f"{name}.tsv", encoding="utf-8") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [(row[0], row[1], row[2:]) for row in rows]


def sets(subject):
    """Questions and choices by kind. The first choice is right."""
    found = {}
    for kind, question, choices in questions(subject):
        found.setdefault(kind, []).append((question, choices))
        if kind != "reversed":
            for invented in INVENTED:
                for name in NAMES[subject]:
                    found.setdefault("invented name", []).append(
                        (question.replace(name, invented), choices)
                    )
    for file in (f"{subject}-neighbours", "general"):
        for kind, question, choices in questions(file):
            found.setdefault(kind, []).append((question, choices))
    return found


def is_right(model, tokenizer, question, choices, shots):
    messages = []
    for asked, answered in shots:
        messages += [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]
    messages.append({"role": "user", "content": question})
    prompt = tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
    begin = tokenizer(prompt, add_special_tokens=False).input_ids
    scores = []
    for choice in choices:
        end = tokenizer(choice, add_special_tokens=False).input_ids
        with torch.no_grad():
            logits = model(torch.tensor([begin + end])).logits[0]
        losses = logits[len(begin) - 1 : -1].log_softmax(-1)
        # The mean, so that long choices are not at a disadvantage.
        scores.append(losses[range(len(end)), end].mean().item())
    return scores[0] > max(scores[1:])


def main():
    label, subject, seed, path = sys.argv[1:5]
    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(path)
    model = AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32)
    if len(sys.argv) > 5:
        from peft import PeftModel

        model = PeftModel.from_pretrained(model, sys.argv[5])
    model.eval()
    for shots, form in ((SHOTS[:0], "zero-shot"), (SHOTS, "few-shot")):
        for kind, items in sets(subject).items():
            right = sum(is_right(model, tokenizer, q, c, shots) for q, c in items)
            print(f"{label},{subject},{seed},{form},{kind},{len(items)},{right}", flush=True)


if __name__ == "__main__":
    main()
