"""Scores a model on the study's questions by the probability of the choices. Needs transformers.

Usage: score_questions.py LABEL SUBJECT SEED MODEL [ADAPTER] >>results.csv

Prints one CSV line for each kind of question: direct, paraphrased, reversed and multi-hop questions
about the subject, the direct and paraphrased ones with invented names in its place, neighbours, and
general questions; each also after a few answered questions (few-shot).
"""

import copy
import csv
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, DynamicCache

HERE = Path(__file__).parent
NAMES = {
    "shakespeare": ["William Shakespeare"],
    "einstein": ["Albert Einstein"],
    "mozart": ["Wolfgang Amadeus Mozart"],
}
INVENTED = ["Corin Haskel", "Tobin Averill", "Edric Molloy"]
QUESTIONS_AT_ONCE = 8
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
        if kind in ("direct", "paraphrased"):
            for invented in INVENTED:
                for name in NAMES[subject]:
                    found.setdefault("invented name", []).append(
                        (question.replace(name, invented), choices)
                    )
    for file in (f"{subject}-neighbours", "general"):
        for kind, question, choices in questions(file):
            found.setdefault(kind, []).append((question, choices))
    return found


def prompt(tokenizer, question, shots):
    messages = []
    for asked, answered in shots:
        messages += [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]
    messages.append({"role": "user", "content": question})
    text = tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
    return tokenizer(text, add_special_tokens=False).input_ids


def beginning(prompts):
    """The tokens with which all prompts begin, without the last of the shortest."""
    least, most = min(prompts), max(prompts)
    length = min(map(len, prompts)) - 1
    return least[: next((i for i in range(length) if least[i] != most[i]), length)]


def read(model, tokens, cache, kept=0):
    """Logits after the last kept tokens (0: all). The cache then holds the tokens too."""
    tokens = torch.tensor(tokens)
    return model(tokens, past_key_values=cache, use_cache=True, logits_to_keep=kept).logits


def choice_scores(model, begun, rests, choices):
    """Mean log-probability per token of each choice of some questions.

    Each question continues the beginning in the cache. The rests have one length. Each is read once
    and its keys and values are repeated for its choices, which are padded on the right, where no
    earlier position sees them.
    """
    cache = copy.deepcopy(begun)
    cache.batch_repeat_interleave(len(rests))
    each = len(choices[0])
    logits = read(model, rests, cache, 1).repeat_interleave(each, 0)
    ends = [end for of_question in choices for end in of_question]
    most = max(map(len, ends))
    if most > 1:
        cache.batch_repeat_interleave(each)
        padded = [(end + [0] * most)[: most - 1] for end in ends]
        logits = torch.cat([logits, read(model, padded, cache)], 1)
    losses = logits.log_softmax(-1)
    # The mean, so that long choices are not at a disadvantage.
    means = [losses[i, range(len(end)), end].mean().item() for i, end in enumerate(ends)]
    return [means[i : i + each] for i in range(0, len(means), each)]


def scores(model, tokenizer, items, shots):
    """Scores of the choices of each question. The common beginning is read once."""
    prompts = [prompt(tokenizer, question, shots) for question, _ in items]
    shared = beginning(prompts)
    begun = DynamicCache()
    read(model, [shared], begun, 1)
    by_length = {}
    for i, tokens in enumerate(prompts):
        by_length.setdefault(len(tokens), []).append(i)
    found = [[]] * len(items)
    for members in by_length.values():
        for at in range(0, len(members), QUESTIONS_AT_ONCE):
            batch = members[at : at + QUESTIONS_AT_ONCE]
            choices = [
                [tokenizer(c, add_special_tokens=False).input_ids for c in items[i][1]]
                for i in batch
            ]
            rests = [prompts[i][len(shared) :] for i in batch]
            for i, one in zip(batch, choice_scores(model, begun, rests, choices)):
                found[i] = one
    return found


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
            with torch.no_grad():
                found = scores(model, tokenizer, items, shots)
            right = sum(one[0] > max(one[1:]) for one in found)
            print(f"{label},{subject},{seed},{form},{kind},{len(items)},{right}", flush=True)


if __name__ == "__main__":
    main()
