"""The small Llama models of tiny_models.py with all weights times a factor, in float64."""

import torch
from transformers import LlamaConfig, LlamaForCausalLM
from transformers.models.llama.modeling_llama import LlamaRMSNorm

from tiny_models import weight

LlamaRMSNorm.forward = lambda self, x: self.weight * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.variance_epsilon)


def model(settings, factor):
    config = LlamaConfig(**settings, attn_implementation="sdpa", bos_token_id=1, eos_token_id=2)
    found = LlamaForCausalLM(config).double().eval()
    with torch.no_grad():
        for n, p in found.named_parameters():
            p.copy_(factor * weight(n, tuple(p.shape)))
    # Correctly rounded tables in float32, as in make_tiny_golden.py.
    frequencies = found.model.rotary_emb.inv_freq.float()

    def rotary(x, position_ids):
        angle = (position_ids[0][:, None].float() * frequencies[None]).double()
        both = torch.cat([angle, angle], -1)[None]
        return both.cos().float().double(), both.sin().float().double()

    found.model.rotary_emb.forward = rotary
    return found
