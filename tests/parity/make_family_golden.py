"""Writes tests/src/test/resources/model/families/*.json: reference values of each family of models in float64.

Python and Java compute the weights from the same formula, so no weight file is needed. "config_json" is the config.json that
transformers writes; "gradient_norms" are those of the summed loss of all rows; "greedy" goes far beyond every window.
Run with the versions of requirements-families.txt: python make_family_golden.py ../src/test/resources/model/families [case ...]
"""

import json
import sys
import tempfile
from pathlib import Path

import torch

from family_models import CASES, build, stay_in_float64
from tiny_models import ids

# Losses of greedy tokens stay this far from those of the second-best, so that rounding cannot change the choice.
MARGIN = 1e-3
NEW_TOKENS = 64
# Different tokens that a continuation has at least.
VARIETY = 6


def losses(model, row):
    tokens = torch.tensor([row["ids"]])
    logits = model(tokens).logits[0, :-1]
    return torch.nn.functional.cross_entropy(logits, tokens[0, 1:], reduction="none")[row["prompt_tokens"] - 1:]


def greedy(model, prompt):
    tokens, margin = list(prompt), float("inf")
    for _ in range(NEW_TOKENS):
        best = model(torch.tensor([tokens])).logits[0, -1].topk(2)
        margin = min(margin, (best.values[0] - best.values[1]).item())
        tokens.append(int(best.indices[0]))
    return tokens[len(prompt):], margin


def config_json(model):
    with tempfile.TemporaryDirectory() as folder:
        model.config.save_pretrained(folder)
        return json.loads(Path(folder, "config.json").read_text())


def main(folder, only):
    torch.set_default_dtype(torch.float64)
    stay_in_float64()
    Path(folder).mkdir(parents=True, exist_ok=True)
    for case in only or CASES:
        model = build(case)
        rows = [dict(ids=ids(s, n, 61), prompt_tokens=p) for s, n, p in [(5, 30, 1), (9, 13, 4)]]
        result = dict(case=case, torch=torch.__version__, config_json=config_json(model), rows=rows)
        total = 0
        for row in rows:
            nll = losses(model, row)
            row["losses"] = nll.tolist()
            total = total + nll.sum()
        total.backward()
        result["gradient_norms"] = {n: p.grad.norm().item() for n, p in model.named_parameters()}
        with torch.no_grad():
            for seed in range(100):
                prompt = ids(seed, 8, 61)[:6]
                tokens, margin = greedy(model, prompt)
                if margin > MARGIN and len(set(tokens)) >= VARIETY:
                    break
        result["greedy"] = dict(prompt_ids=prompt, next_64=tokens, margin=margin)
        Path(folder, case + ".json").write_text(json.dumps(result, indent=1) + "\n")
        print(f"{case:20} loss {total.item():9.4f} margin {margin:.4f} distinct {len(set(tokens))} "
              f"smallest gradient {min(result['gradient_norms'].items(), key=lambda x: x[1])}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
