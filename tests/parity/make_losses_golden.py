"""Writes tests/src/test/resources/objective/losses.json: every loss and its gradient in float64.

Runs one padded batch (three lengths, one answer of a single token) through transformers'
LlamaForCausalLM. The losses are written with torch's own functions and differentiated by autograd.
Weights come from the integer formula of make_tiny_golden.py. The initial model uses the same
formula with "initial." before each name. Losses of alternative answers have a second batch with the
same prompts. RMU's random vector comes from Java's generator (SplitMix64), reimplemented here. For
each tensor, the file holds the gradient's norm and its inner product with the formula's numbers for
"probe." + name. Points are gradients taken at other parameters: uphill, rounded to 4 bits, or
where low-rank factors have learned the rows, with the principal components of the gradient collapsed.
Run: python make_losses_golden.py ../src/test/resources/objective
"""

import json
import sys
import zlib
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
    """Shifted logits and labels of the batch; b: the sequence of each covered position.

    hidden: output of each decoder layer, not shifted, [B, T, D]; other: the pass over the
    alternative answers.
    """

    def __init__(self, model, batch, other=None):
        tokens, mask, labels = batch
        self.mask, self.answer = mask.double(), (labels != IGNORED).double()
        self.hidden = [None] * len(model.model.layers)

        def keep(layer):
            def hook(module, inputs, output):
                self.hidden[layer] = output[0] if isinstance(output, tuple) else output
            return hook

        hooks = [layer.register_forward_hook(keep(i)) for i, layer in enumerate(model.model.layers)]
        logits = model(input_ids=tokens, attention_mask=mask).logits[:, :-1]
        for hook in hooks:
            hook.remove()
        self.other = Pass(model, other) if other is not None else None
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


def idknll(p, initial):
    return p.other.nll.mean()


def dpo(p, initial, beta, scale):
    win = initial.other.sums - p.other.sums
    lose = initial.sums - p.sums
    return (-scale * F.logsigmoid(beta * (win - lose))).mean()


def pdu(p, initial):
    return ((p.z.max(-1).values - p.z.mean(-1)) ** 2).mean()


def jensen_shannon(p, q):
    m = (p + q) / 2
    kl = lambda a: (torch.xlogy(a, a) - torch.xlogy(a, m)).sum(-1)
    return (kl(p) + kl(q)) / 2


def refusal_target(p, target):
    t = torch.zeros_like(p.z)
    for c, (b, i) in enumerate(zip(p.b, p.position)):
        refusal = p.other.y[p.other.b == b]
        refusal = refusal[: max(1, len(refusal) - 1)]  # without the end token
        t[c, refusal[i % len(refusal)] if target == "cycled" else refusal] = 1
    return t


def jensun(p, initial, target):
    return jensen_shannon(p.z.softmax(-1), refusal_target(p, target)).mean()


def js(p, initial):
    return jensen_shannon(initial.z.softmax(-1), p.z.softmax(-1)).mean()


def java_doubles(seed, count):
    """SplittableRandom(seed).nextDouble(), count times."""
    m = (1 << 64) - 1
    out = []
    for _ in range(count):
        seed = (seed + 0x9E3779B97F4A7C15) & m
        z = ((seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9) & m
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & m
        z ^= z >> 31
        out.append((z >> 11) * 2.0**-53)
    return torch.tensor(out)


def activations(h, target, p, tokens, measure):
    covered = p.mask if tokens == "all" else p.answer  # [B, T]
    square = (h - target) ** 2
    square = square.sum(-1) if measure == "squared-norm" else square.mean(-1)
    return ((square * covered).sum(1) / covered.sum(1)).mean()


def rmu(p, initial, layer, tokens, measure, coefficient, seed):
    u = java_doubles(seed, p.hidden[layer].shape[-1])
    return activations(p.hidden[layer], coefficient * u / u.norm(), p, tokens, measure)


def match(p, initial, layer, tokens, measure):
    return activations(p.hidden[layer], initial.hidden[layer], p, tokens, measure)


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
    ("idknll", idknll, {}),
    ("dpo", dpo, dict(beta=0.1, scale=1.0)),
    ("dpo", dpo, dict(beta=0.5, scale=4.0)),
    ("pdu", pdu, {}),
    ("jensun", jensun, dict(target="cycled")),
    ("jensun", jensun, dict(target="all")),
    ("js", js, {}),
    ("rmu", rmu, dict(layer=0, tokens="all", measure="squared-norm", coefficient=6.5, seed=42)),
    ("rmu", rmu, dict(layer=1, tokens="completion", measure="mean-square", coefficient=2.0, seed=-3 & (1 << 64) - 1)),
    ("activation", match, dict(layer=0, tokens="all", measure="squared-norm")),
    ("activation", match, dict(layer=1, tokens="completion", measure="mean-square")),
]


def likelihood(p, beta):
    return (-p.nll).exp().detach() ** beta


def saturation(p, beta1, beta2):
    p = (-p.nll).exp().detach()
    return p**beta1 * (1 - p) ** beta2


def weighted(tokens, weights, settings):
    """The token mean of a loss, given token by token, with other weights."""
    return lambda p, initial, **arguments: (weights(p, **settings) * tokens(p, initial, **arguments)).mean()


# Token by token, from the definitions of the losses above.
def ga_tokens(p, initial):
    return -p.nll


def ceu_tokens(p, initial, skipped):
    target = (p.z.detach() + at_target(p.z, p.y, float("-inf"))).softmax(-1)
    counted = p.position >= skipped
    loss = F.cross_entropy(p.z, target, reduction="none") * counted
    return loss * len(loss) / counted.sum()


def undial_tokens(p, initial, beta):
    return F.cross_entropy(p.z, (initial.z - at_target(p.z, p.y, beta)).softmax(-1), reduction="none")


def uniform_tokens(p, initial):
    v = p.z.shape[1]
    return -torch.log(torch.tensor(float(v))) - p.z.log_softmax(-1).mean(-1)


def pdu_tokens(p, initial):
    return (p.z.max(-1).values - p.z.mean(-1)) ** 2


def jensun_tokens(p, initial, target):
    return jensen_shannon(p.z.softmax(-1), refusal_target(p, target))


WGA, SATIMP = ("wga", likelihood, dict(beta=0.5)), ("satimp", saturation, dict(beta1=0.5, beta2=2.0))
WEIGHTED = [
    ("ga", ga_tokens, {}, WGA),
    ("ce-u", ceu_tokens, dict(skipped=1), WGA),
    ("undial", undial_tokens, dict(beta=3.0), SATIMP),
    ("kl-uniform", uniform_tokens, {}, WGA),
    ("pdu", pdu_tokens, {}, SATIMP),
    ("jensun", jensun_tokens, dict(target="cycled"), WGA),
]

def learned(model, batch, steps):
    """Ascent with weights of a scorer of the last hidden state, which PyTorch's SGD trains along."""
    scorer = torch.nn.Linear(model.config.hidden_size, 1)
    torch.nn.init.zeros_(scorer.weight), torch.nn.init.zeros_(scorer.bias)
    sgd = torch.optim.SGD(scorer.parameters(), lr=20.0, momentum=0.9, weight_decay=1e-2)
    for _ in range(steps):
        model.zero_grad()
        states = []
        hook = model.model.norm.register_forward_hook(lambda m, i, o: states.append(o))
        p = Pass(model, batch)
        hook.remove()
        covered = batch[2][:, 1:] != IGNORED
        scores = torch.sigmoid(scorer(states[0][:, :-1].detach())).squeeze(-1)
        shares = torch.softmax(scores.masked_fill(~covered, -torch.inf), 1)[covered]
        weights = shares * p.lengths[p.b]
        loss = -(weights.detach() * p.nll).mean()
        loss.backward()
        yield loss.item(), {n: q.grad.clone() for n, q in model.named_parameters()}
        sgd.zero_grad()
        (-(weights * p.nll.detach()).mean()).backward()
        torch.nn.utils.clip_grad_norm_(scorer.parameters(), 0.5)
        sgd.step()


LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


def at(model, moved, work):
    """Runs work with other values of some parameters."""
    kept = {n: p.detach().clone() for n, p in model.named_parameters()}
    with torch.no_grad():
        for n, p in model.named_parameters():
            p.copy_(moved(n, p.detach()))
    result = work()
    with torch.no_grad():
        for n, p in model.named_parameters():
            p.copy_(kept[n])
    return result


def sharpened(model, gradients, radius):
    loss, g = gradients()
    norm = torch.sqrt(sum((x**2).sum() for x in g.values()))
    return loss, at(model, lambda n, p: p + radius / norm * g[n], lambda: gradients()[1])


def int4(n, p):
    if not any(f".{name}.weight" in n for name in LINEAR):
        return p
    step = p.abs().amax(-1, keepdim=True).clamp(min=1e-8) / 7
    return (p / step).round().clamp(-8, 7) * step


def rounded(model, gradients, share):
    loss, g = gradients()
    rounded_loss, r = at(model, int4, gradients)
    mix = lambda a, b: share * a + (1 - share) * b
    return mix(rounded_loss, loss), {n: mix(r[n], g[n]) for n in g}


def collapsed(g, components):
    """RepSelect's two collapses, on the input side and then on the output side."""
    u, s, v = (x[..., :components] for x in (lambda u, s, vt: (u, s, vt.mT))(*torch.linalg.svd(g, full_matrices=False)))
    share = s / s.min()

    def side(m, vectors):
        projected = m @ vectors
        return m - (projected - projected / share) @ vectors.mT

    return side(side(g, v).mT, u).mT


def selected(model, gradients, rank, rate, components, seed, rows):
    linear = {n: p for n, p in model.named_parameters() if any(f".{name}.weight" in n for name in LINEAR)}
    factors = {}
    for n, p in linear.items():
        spread = zlib.crc32(n.encode()) * 0x9E3779B97F4A7C15
        a = (2 * java_doubles((seed ^ spread) & (2**64 - 1), rank * p.shape[1]) - 1) / p.shape[1] ** 0.5
        factors[n] = (a.view(rank, -1).requires_grad_(), torch.zeros(p.shape[0], rank).requires_grad_())
    for row in rows:
        moved = {n: p.detach() + factors[n][1] @ factors[n][0] for n, p in linear.items()}
        tokens, mask, labels = padded([row])
        logits = torch.func.functional_call(
            model, moved, (), dict(input_ids=tokens, attention_mask=mask)).logits
        F.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten(), ignore_index=IGNORED).backward()
        with torch.no_grad():
            for pair in factors.values():
                for x in pair:
                    x -= rate * x.grad
                    x.grad = None
    with torch.no_grad():
        moved = {n: p + factors[n][1] @ factors[n][0] for n, p in linear.items()}
    loss, g = at(model, lambda n, p: moved.get(n, p), gradients)
    return loss, {n: collapsed(x, components) if n in linear else x for n, x in g.items()}


POINTS = [
    ("sharpened", sharpened, dict(radius=0.5), "npo", npo, dict(beta=0.1)),
    ("sharpened", sharpened, dict(radius=0.01), "simnpo", simnpo, dict(beta=4.5, delta=0.0)),
    ("rounded", rounded, dict(share=1.0), "npo", npo, dict(beta=0.1)),
    ("rounded", rounded, dict(share=0.75), "ga", ga, {}),
    ("selected", selected, dict(rank=2, rate=0.5, components=3, seed=42), "ga", ga, {}),
    ("selected", selected, dict(rank=8, rate=0.0, components=7, seed=1), "npo", npo, dict(beta=0.1)),
]


def main(folder):
    torch.set_default_dtype(torch.float64)
    settings = CASES["tiny-grouped"]
    rows = [dict(ids=ids(s, n, settings["vocab_size"]), prompt_tokens=p) for s, n, p in [(5, 21, 6), (9, 13, 4), (3, 9, 8)]]
    others = [dict(ids=r["ids"][:r["prompt_tokens"]] + ids(s, n, settings["vocab_size"])[1:],
                   prompt_tokens=r["prompt_tokens"]) for r, (s, n) in zip(rows, [(2, 8), (4, 2), (7, 11)])]
    batch, other = padded(rows), padded(others)
    model = load(settings, "")
    with torch.no_grad():
        initial = Pass(load(settings, "initial."), batch, other)
    def differentiated(function, arguments):
        model.zero_grad()
        loss = function(Pass(model, batch, other), initial, **arguments)
        loss.backward()
        return loss.item(), {n: torch.zeros_like(p) if p.grad is None else p.grad.clone()
                             for n, p in model.named_parameters()}

    def figures(gradients):
        return {n: [g.norm().item(), (g * weight("probe." + n, tuple(g.shape))).sum().item()]
                for n, g in gradients.items()}

    losses, points = [], []
    for name, function, arguments in LOSSES:
        loss, gradients = differentiated(function, arguments)
        losses.append(dict(name=name, arguments=arguments, loss=loss, gradients=figures(gradients)))
        print(name, arguments, loss)
    for name, tokens, arguments, (weights, function, powers) in WEIGHTED:
        loss, gradients = differentiated(weighted(tokens, function, powers), arguments)
        losses.append(dict(name=name, arguments=arguments, weights=weights, powers=powers, loss=loss,
                           gradients=figures(gradients)))
        print(name, weights, loss)
    for point, move, settings_of_point, name, function, arguments in POINTS:
        loss, gradients = move(model, lambda: differentiated(function, arguments), **settings_of_point,
                               **(dict(rows=rows) if point == "selected" else {}))
        points.append(dict(point=point, settings=settings_of_point, name=name, arguments=arguments,
                           loss=loss, gradients=figures(gradients)))
        print(point, settings_of_point, name, loss)
    steps = [dict(loss=loss, gradients=figures(gradients)) for loss, gradients in learned(model, batch, 4)]
    print("learned", [step["loss"] for step in steps])
    result = dict(precision="float64", torch=torch.__version__, config=settings, forget=rows,
                  alternatives=others, initial_sums=initial.sums.tolist(), losses=losses, points=points, learned=steps)
    Path(folder, "losses.json").write_text(json.dumps(result, indent=1) + "\n")


main(sys.argv[1])
