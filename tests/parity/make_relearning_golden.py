"""Writes relearning.json: reference values of attacks on request, by transformers in float64.

Relearning is that of the robustness script of the unlearning-depth-score repository: AdamW without
weight decay, a linear rate without warm-up, gradients clipped at norm 1, the mean loss of the answer
tokens of a batch. Its shuffling is left out: the batches are those of the file, in order. The depth
score is that of its compute_uds.py with the scope "full": hidden states at the positions that
predict the answer, without its end token; and with the scope "entity", at the positions that predict
some of its tokens. The models have the weights of tiny_models.py, times a
factor: the initial model 1, the retrained one 0.5, the unlearned one 0.8.

    pip install -r requirements-attacks.txt
    python make_relearning_golden.py ../src/test/resources/evaluation
"""

import json
import sys
from pathlib import Path

import torch
from transformers import get_linear_schedule_with_warmup

from scaled_models import model
from tiny_models import CASES, ids

ROWS = [(5, 21, 6), (9, 13, 4), (2, 17, 1), (11, 15, 5), (3, 12, 7)]
# First token of an entity and the one after it, from the beginning of the answer, for each row.
ENTITIES = [(1, 3), (2, 5), (0, 4), (6, 9), (3, 4)]
TAUGHT = [(21 + i, 9 + i % 6, 2 + i % 4) for i in range(27)]
# The last one has one row.
BATCH = 2
EPOCHS = 2
RATE = 1e-3
THRESHOLD = 0.05


def examples(rows, vocabulary):
    return [(torch.tensor([ids(seed, length, vocabulary)]), prompt) for seed, length, prompt in rows]


def losses(found, tokens, prompt):
    logits = found(tokens).logits[0].log_softmax(-1)
    return -logits[prompt - 1:-1].gather(1, tokens[0, prompt:, None])[:, 0]


def relearn(settings):
    found = model(settings, 0.8)
    taught = examples(TAUGHT, settings["vocab_size"])
    steps = EPOCHS * -(-len(taught) // BATCH)
    optimizer = torch.optim.AdamW(found.parameters(), lr=RATE, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
    schedule = get_linear_schedule_with_warmup(optimizer, 0, steps)
    for _ in range(EPOCHS):
        for first in range(0, len(taught), BATCH):
            batch = torch.cat([losses(found, *row) for row in taught[first:first + BATCH]])
            batch.mean().backward()
            torch.nn.utils.clip_grad_norm_(found.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
    return found


@torch.no_grad()
def hidden(found, tokens):
    captured = []
    hooks = [
        block.register_forward_hook(lambda module, args, out: captured.append(out[0] if isinstance(out, tuple) else out))
        for block in found.model.layers
    ]
    found(tokens)
    for hook in hooks:
        hook.remove()
    return captured


@torch.no_grad()
def patched(full, states, layer, tokens, prompt, place):
    """Mean loss of the tokens at a place of the answer when the states that predict them are others."""
    where = slice(prompt - 1 + place[0], prompt - 1 + place[1])

    def replace(module, args, out):
        changed = (out[0] if isinstance(out, tuple) else out).clone()
        changed[:, where] = states[layer][:, where]
        return (changed,) + out[1:] if isinstance(out, tuple) else changed

    hook = full.model.layers[layer].register_forward_hook(replace)
    found = losses(full, tokens, prompt)[slice(*place)].mean().item()
    hook.remove()
    return found


@torch.no_grad()
def depth(settings, tokens, prompt, place):
    full, retrained, unlearned = model(settings, 1.0), model(settings, 0.5), model(settings, 0.8)
    own = losses(full, tokens, prompt)[slice(*place)].mean().item()
    sources = [hidden(retrained, tokens), hidden(unlearned, tokens)]
    known = gone = 0.0
    by_layer = []
    for layer in range(len(full.model.layers)):
        first, second = (patched(full, states, layer, tokens, prompt, place) for states in sources)
        by_layer.append([first, second])
        drop, other = first - own, second - own
        if drop > THRESHOLD:
            known += drop
            gone += drop * min(1.0, max(0.0, other / drop))
    return {"own": own, "patched": by_layer, "score": gone / known if known > 0 else None}


def case(name):
    settings = CASES[name]
    taught = relearn(settings)
    rows = []
    for (tokens, prompt), entity in zip(examples(ROWS, settings["vocab_size"]), ENTITIES):
        answer = tokens.shape[1] - prompt
        with torch.no_grad():
            after = losses(taught, tokens, prompt).tolist()
            before = losses(model(settings, 0.8), tokens, prompt).tolist()
        rows.append({
            "ids": tokens[0].tolist(),
            "prompt_tokens": prompt,
            "before": before,
            "after": after,
            "depth": depth(settings, tokens, prompt, (0, answer - 1)),
            "entity": {"from": entity[0], "to": entity[1], **depth(settings, tokens, prompt, entity)},
        })
    return {
        "model": name,
        "taught": [{"ids": tokens[0].tolist(), "prompt_tokens": prompt} for tokens, prompt in
                   examples(TAUGHT, settings["vocab_size"])],
        "batch": BATCH,
        "epochs": EPOCHS,
        "rate": RATE,
        "examples": rows,
    }


def main(folder):
    torch.set_default_dtype(torch.float64)
    document = {"torch": torch.__version__, "cases": [case(name) for name in CASES]}
    Path(folder, "relearning.json").write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
