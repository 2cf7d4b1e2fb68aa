"""Makes tests/src/test/resources/objective/losses.json: every forget loss and its gradient in float64.

One padded batch (three lengths, one answer of a single token) through transformers' LlamaForCausalLM, the losses
written with torch's own functions and differentiated by autograd. Weights come from the integer formula of
make_tiny_golden.py; those of the initial model from the same formula with "initial." before each name.
Gradients are kept as, for each tensor, its norm and its inner product with the formula's numbers for "probe." + name.
Run: python make_losses_golden.py ../src/test/resources/objective
"""

import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from transformers import LlamaConfig, LlamaForCausalLM
from transformers.models.llama.modeling_llama import LlamaRMSNorm

from tiny_models import CASES, ids, weight

LlamaRMSNorm.forward = lambda self, x: self.weight * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.variance_epsilon)
IGNORED = -100


def load(settings, prefix):
    config = LlamaConfig(**settings, attn_implementation="sdpa", bos_token_id=1, eos_token_id=2)
    model = LlamaForCausalLM(config).double().eval()
    with torch.no_grad():
        for n, p in model.named_parameters():
            p.copy_(weight(prefix + n, tuple(p.shape)))
    frequencies = model.model.rotary_emb.inv_freq.float()

    def rotary(x, position_ids):
        angle = (position_ids[0][:, None].float() * frequencies[None]).double()
        both = torch.cat([angle, angle], -1)[None]
        return both.cos().float().double(), both.sin().float().double()

    model.model.rotary_emb.forward = rotary
    return model


def padded(rows):
    length = max(len(r["ids"]) for r in rows)
    tokens = torch.zeros(len(rows), length, dtype=torch.long)
    mask = torch.zeros_like(tokens)
    labels = torch.full_like(tokens, IGNORED)
    for b, r in enumerate(rows):
        n = len(r["ids"])
        tokens[b, :n] = torch.tensor(r["ids"])
        mask[b, :n] = 1
        labels[b, r["prompt_tokens"]:n] = tokens[b, r["prompt_tokens"]:n]
    return tokens, mask, labels


class Pass:
    """Shifted logits and labels of the batch; b: which sequence each covered position is of."""

    def __init__(self, model, batch):
        tokens, mask, labels = batch
        logits = model(input_ids=tokens, attention_mask=mask).logits[:, :-1]
        labels = labels[:, 1:]
        covered = labels != IGNORED
        self.b = torch.nonzero(covered)[:, 0]
        self.position = torch.cat([torch.arange(int(c)) for c in covered.sum(1)])
        self.z = logits[covered]  # [C, V]
        self.y = labels[covered]  # [C]
        self.nll = F.cross_entropy(self.z, self.y, reduction="none")
        self.lengths = covered.sum(1)
        self.sums = torch.zeros(len(labels)).index_add(0, self.b, self.nll)


def at_target(z, y, value):
    return torch.zeros_like(z).scatter(1, y[:, None], value)


def ga(p, initial):
    return -p.nll.mean()


def npo(p, initial, beta):
    return (-2 / beta * F.logsigmoid(beta * (p.sums - initial.sums))).mean()


def simnpo(p, initial, beta, delta):
    return (-2 / beta * F.logsigmoid(beta * (p.sums / p.lengths - delta))).mean()


def wga(p, initial, beta):
    return -((-p.nll).exp().detach() ** beta * p.nll).mean()


def satimp(p, initial, beta1, beta2):
    likelihood = (-p.nll).exp().detach()
    return -(likelihood**beta1 * (1 - likelihood) ** beta2 * p.nll).mean()


def ceu(p, initial, skipped):
    kept = p.position >= skipped
    z, y = p.z[kept], p.y[kept]
    target = (z.detach() + at_target(z, y, float("-inf"))).softmax(-1)
    return F.cross_entropy(z, target)


def undial(p, initial, beta):
    return F.cross_entropy(p.z, (initial.z - at_target(p.z, p.y, beta)).softmax(-1))


def uniform(p, initial):
    return F.kl_div(p.z.log_softmax(-1), torch.full_like(p.z, 1 / p.z.shape[1]), reduction="batchmean")


LOSSES = [
    ("ga", ga, {}),
    ("npo", npo, dict(beta=0.1)),
    ("npo", npo, dict(beta=0.5)),
    ("simnpo", simnpo, dict(beta=4.5, delta=0.0)),
    ("simnpo", simnpo, dict(beta=0.7, delta=3.0)),
    ("wga", wga, dict(beta=1.0)),
    ("wga", wga, dict(beta=0.5)),
    ("satimp", satimp, dict(beta1=5.0, beta2=1.0)),
    ("satimp", satimp, dict(beta1=0.5, beta2=2.0)),
    ("ce-u", ceu, dict(skipped=1)),
    ("ce-u", ceu, dict(skipped=0)),
    ("undial", undial, dict(beta=10.0)),
    ("undial", undial, dict(beta=3.0)),
    ("kl-uniform", uniform, {}),
]


def main(folder):
    torch.set_default_dtype(torch.float64)
    settings = CASES["tiny-grouped"]
    rows = [dict(ids=ids(s, n, settings["vocab_size"]), prompt_tokens=p) for s, n, p in [(5, 21, 6), (9, 13, 4), (3, 9, 8)]]
    batch = padded(rows)
    model = load(settings, "")
    with torch.no_grad():
        initial = Pass(load(settings, "initial."), batch)
    losses = []
    for name, function, arguments in LOSSES:
        model.zero_grad()
        loss = function(Pass(model, batch), initial, **arguments)
        loss.backward()
        gradients = {
            n: [p.grad.norm().item(), (p.grad * weight("probe." + n, tuple(p.shape))).sum().item()]
            for n, p in model.named_parameters()
        }
        losses.append(dict(name=name, arguments=arguments, loss=loss.item(), gradients=gradients))
        print(name, arguments, loss.item())
    result = dict(precision="float64", torch=torch.__version__, config=settings, forget=rows,
                  initial_sums=initial.sums.tolist(), losses=losses)
    Path(folder, "losses.json").write_text(json.dumps(result, indent=1) + "\n")


main(sys.argv[1])
