"""Writes attacks.json: reference values of attacks on small models.

Rounded weights are those of bitsandbytes (NF4, groups of 64) and of whole steps of 1/127. The logit
lens and the divergence are those of transformers in float64: the tiny models have the weights of
tiny_models.py, and the initial model those of the same formula, halved. Membership follows
open-unlearning (AUC: 1 if forget rows look like members) and the unlearning-depth-score repository
(s).

    pip install -r requirements-attacks.txt
    python make_attack_golden.py ../src/test/resources/evaluation
"""

import json
import sys
from pathlib import Path

import bitsandbytes.functional as bnb
import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from scaled_models import model
from tiny_models import CASES, ids

RANDOM = np.random.default_rng(20261126)
GROUP = 64


def rounding():
    # A vector: on the CPU, bitsandbytes 0.50.2 multiplies a matrix whose rows are no multiple of the
    # group by the scales of other groups. Its codes and scales are the same in both forms.
    values = torch.from_numpy(RANDOM.normal(0, 0.02, 7 * 96).astype(np.float32))
    packed, state = bnb.quantize_4bit(values, blocksize=GROUP, quant_type="nf4")
    four = bnb.dequantize_4bit(packed, state)
    flat = values.flatten()
    eight = torch.empty_like(flat)
    for start in range(0, len(flat), GROUP):
        part = flat[start:start + GROUP]
        scale = part.abs().max()
        eight[start:start + GROUP] = torch.round(part / scale * 127) / 127 * scale
    return {"group": GROUP, "values": flat.tolist(), "nf4": four.flatten().tolist(), "int8": eight.tolist()}


def membership():
    for inside, outside, shift, reference in [(40, 50, -1, 0.5), (30, 30, 0, 0.5), (25, 60, 2, 0.5), (40, 40, -0.3, 0.62)]:
        forget, unseen = RANDOM.normal(shift, 1, inside), RANDOM.normal(0, 1, outside)
        auc = roc_auc_score([0] * inside + [1] * outside, np.concatenate([forget, unseen]))
        s = min(1.0, max(0.0, 1 - abs(auc - reference) / reference))
        yield {"forget": forget.tolist(), "unseen": unseen.tolist(), "reference": reference, "auc": auc, "s": s}


@torch.no_grad()
def lens(name):
    settings = CASES[name]
    attacked, initial = model(settings, 1.0), model(settings, 0.5)
    rows = [(5, 21, 6), (9, 13, 4), (2, 17, 1)]
    captured = []
    for block in attacked.model.layers:
        block.register_forward_hook(lambda module, args, out: captured.append(out[0] if isinstance(out, tuple) else out))
    examples = []
    for seed, length, prompt in rows:
        tokens = torch.tensor([ids(seed, length, settings["vocab_size"])])
        captured.clear()
        logits = attacked(tokens).logits[0]
        targets = tokens[0, prompt:]
        by_block = []
        for hidden in captured:
            read = initial.lm_head(initial.model.norm(hidden))[0].log_softmax(-1)
            by_block.append((-read[prompt - 1:-1].gather(1, targets[:, None])[:, 0]).tolist())
        p, q = logits.log_softmax(-1)[prompt - 1:-1], initial(tokens).logits[0].log_softmax(-1)[prompt - 1:-1]
        divergence = (q.exp() * (q - p)).sum(-1).mean().item()
        examples.append({"ids": tokens[0].tolist(), "prompt_tokens": prompt, "losses": by_block, "divergence": divergence})
    return {"model": name, "examples": examples}


def main(folder):
    torch.set_default_dtype(torch.float64)
    document = {
        "bitsandbytes": __import__("bitsandbytes").__version__,
        "torch": torch.__version__,
        "rounding": rounding(),
        "membership": list(membership()),
        "lens": [lens(name) for name in CASES],
    }
    Path(folder, "attacks.json").write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
