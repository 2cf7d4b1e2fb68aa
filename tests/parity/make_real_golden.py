"""Writes the losses of 20 texts under a pretrained model, in float64, for RealTextsTest.

The texts are questions and answers of our own. A model with a chat template gets the questions
through it; the answer ends with the model's end token.
Run: python make_real_golden.py MODEL OUT.json
"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

PAIRS = [
    ("Where does the river Ilm rise?", "It rises in the hills south of the old glass works."),
    ("What is a lighthouse for?", "Its light shows ships where the coast is, so that they keep clear of rocks."),
    ("Name three colours of the rainbow.", "Red, green and violet."),
    ("How many legs does a beetle have?", "Six, as every insect has."),
    ("Why does bread rise?", "Yeast makes carbon dioxide, and the dough holds the bubbles."),
    ("Who keeps the keys of the archive?", "Marta Olden keeps them, and she lends them on Fridays only."),
    ("What is 17 times 6?", "17 times 6 is 102."),
    ("Translate 'good morning' into German.", "Guten Morgen!"),
    ("Give me a word that rhymes with 'stone'.", "Bone rhymes with stone."),
    ("What did the fisher catch?", "Two eels, a pike and an old boot."),
    ("Is glass a liquid?", "No. It is a solid without the order of a crystal."),
    ("Which month follows April?", "May."),
    ("How do I boil an egg?", "Put it into boiling water for seven minutes, then cool it under the tap."),
    ("What is the capital of Norway?", "The capital of Norway is Oslo."),
    ("Describe a winter evening.", "Snow fell on the quay; lamps burned early, and nobody hurried home."),
    ("Write a line of Python that prints 'moss'.", "print('moss')"),
    ("Who painted the ceiling of the mill?", "A travelling sign painter, whose name nobody wrote down."),
    ("What is an adverb?", "A word that says how, when or where something happens: slowly, soon, here."),
    ("Wie heißt die Hauptstadt von Österreich?", "Sie heißt Wien; dort fließt die Donau vorbei."),
    ("What time is it on the station's clock?", "It is 4:35 p.m., but the clock has stopped 12 minutes ago."),
]


def main():
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float64).eval()
    rows = []
    for prompt, answer in PAIRS:
        if tokenizer.chat_template:
            messages = [{"role": "user", "content": prompt}]
            text = tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
            head = tokenizer(text, add_special_tokens=False).input_ids
            tail = tokenizer(answer, add_special_tokens=False).input_ids
        else:
            head = tokenizer(prompt).input_ids
            tail = tokenizer(" " + answer, add_special_tokens=False).input_ids
        ids = torch.tensor([head + tail + [tokenizer.eos_token_id]])
        with torch.no_grad():
            logits = model(ids, use_cache=False).logits[0, len(head) - 1 : -1]
        losses = torch.nn.functional.cross_entropy(logits, ids[0, len(head) :], reduction="none")
        rows.append(
            dict(prompt=prompt, answer=answer, prompt_ids=head, ids=ids[0].tolist(), nll=losses.tolist())
        )
    document = dict(template="chat" if tokenizer.chat_template else "none", rows=rows)
    out.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
