"""Writes tests/src/test/resources/model/tiny-*.json: reference values of small models in float64.

The models are transformers' LlamaForCausalLM and Qwen2ForCausalLM. Python and Java compute their
weights from the same integer formula, so no weight file is needed. "config_json" is the config.json
that transformers writes.
Run: python make_tiny_golden.py ../src/test/resources/model [case ...]
"""

import json
import sys
import tempfile
from pathlib import Path

import torch
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM
from transformers.models.llama.modeling_llama import LlamaRMSNorm
from transformers.models.qwen2.modeling_qwen2 import Qwen2RMSNorm

from tiny_models import CASES, QWEN2_CASES, ids, weight

BETA, GAMMA, STEPS = 0.1, 1.0, 4
# transformers normalises in float32 for every data type. Its eager attention also computes the
# softmax in float32, so the models use sdpa.
LlamaRMSNorm.forward = Qwen2RMSNorm.forward = lambda self, x: self.weight * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.variance_epsilon)


FAMILIES = [(CASES, LlamaConfig, LlamaForCausalLM), (QWEN2_CASES, Qwen2Config, Qwen2ForCausalLM)]


def examples(vocabulary):
    rows = dict(forget=[(5, 21, 6), (9, 13, 4)], retain=[(2, 17, 1), (7, 26, 9)])
    return {k: [dict(ids=ids(s, n, vocabulary), prompt_tokens=p) for s, n, p in v] for k, v in rows.items()}


def token_nll(model, example):
    tokens = torch.tensor([example["ids"]])
    logits = model(tokens).logits[0, :-1]
    nll = torch.nn.functional.cross_entropy(logits, tokens[0, 1:], reduction="none")
    return nll[example["prompt_tokens"] - 1:]


def forget_loss(model, rows, reference):
    total = 0.0
    for row, s_ref in zip(rows, reference):
        s = token_nll(model, row).sum()
        total = total - (2 / BETA) * torch.nn.functional.logsigmoid(BETA * (s - s_ref))
    return total / len(rows)


def retain_loss(model, rows):
    losses = [token_nll(model, row) for row in rows]
    return sum(l.sum() for l in losses) / sum(len(l) for l in losses)


def gradient(model, loss):
    model.zero_grad()
    loss.backward()
    return {n: p.grad.clone() for n, p in model.named_parameters()}


def inner(a, b):
    return sum((a[n] * b[n]).sum().item() for n in a)


def config_json(model):
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        return json.loads(Path(folder, "config.json").read_text())


def main(folder, only):
    torch.set_default_dtype(torch.float64)
    cases = [(n, s, c, m) for all_cases, c, m in FAMILIES for n, s in all_cases.items() if not only or n in only]
    for name, settings, config_class, model_class in cases:
        config = config_class(**settings, attn_implementation="sdpa", bos_token_id=1, eos_token_id=2)
        model = model_class(config).double().eval()
        with torch.no_grad():
            for n, p in model.named_parameters():
                p.copy_(weight(n, tuple(p.shape)))
        # Tables in float32, as in transformers, but correctly rounded. Torch's float32 cosine is
        # off by one unit in the last place in one entry of twenty, which would hide errors of 2e-8.
        frequencies = model.model.rotary_emb.inv_freq.float()

        def rotary(x, position_ids, frequencies=frequencies):
            angle = (position_ids[0][:, None].float() * frequencies[None]).double()
            both = torch.cat([angle, angle], -1)[None]
            return both.cos().float().double(), both.sin().float().double()

        model.model.rotary_emb.forward = rotary
        rows = examples(settings["vocab_size"])
        lr = 2e-3
        result = dict(model=name, precision="float64", torch=torch.__version__, config=settings, config_json=config_json(model),
                      learning_rate=lr, **rows)
        with torch.no_grad():
            for row in rows["forget"] + rows["retain"]:
                row["token_nll"] = token_nll(model, row).tolist()
            reference = [token_nll(model, r).sum().item() for r in rows["forget"]]
            prompt = rows["forget"][0]["ids"][:6]
            tokens = list(prompt)
            for _ in range(24):
                tokens.append(int(model(torch.tensor([tokens])).logits[0, -1].argmax()))
            result["greedy"] = dict(prompt_ids=prompt, next_24=tokens[len(prompt):])
        series, norms = [], {}
        for step in range(STEPS):
            lf = forget_loss(model, rows["forget"], reference)
            gf = gradient(model, lf)
            lr_loss = retain_loss(model, rows["retain"])
            gr = gradient(model, lr_loss)
            ff, rr, rf = inner(gf, gf), inner(gr, gr), inner(gr, gf)
            rho = rf / ff
            if step == 0:
                norms = {n: dict(forget=gf[n].norm().item(), retain=gr[n].norm().item()) for n in gf}
            series.append(dict(step=step, forget_loss=lf.item(), retain_loss=lr_loss.item(), forget_sq_norm=ff,
                               retain_sq_norm=rr, inner=rf, rho=rho))
            with torch.no_grad():
                for n, p in model.named_parameters():
                    p -= lr * (gr[n] + (GAMMA - rho) * gf[n])
        result["gradient_norms"] = norms
        result["series"] = series
        Path(folder, name + ".json").write_text(json.dumps(result, indent=1) + "\n")
        print(name, series[0], result["greedy"])


main(sys.argv[1], sys.argv[2:])
