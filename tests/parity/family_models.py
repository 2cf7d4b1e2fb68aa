"""The small models of the golden files of families: one row for each, with every feature of its family in use."""

import re

import numpy as np
import torch
import transformers
from torch.nn import functional

from tiny_models import weight as llama_weight

# Rows of the table in pipeline/FAMILIES.md: name, configuration class, settings. Windows are shorter than the sequences.
COMMON = dict(bos_token_id=1, eos_token_id=2, pad_token_id=0)
LLAMA = dict(hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
             vocab_size=61, max_position_embeddings=128, tie_word_embeddings=False)
GEMMA = LLAMA | dict(head_dim=8, tie_word_embeddings=True, num_key_value_heads=1)


def rope(theta=10000.0, **more):
    return dict(rope_type="default", rope_theta=theta) | more


CASES = {
    "llama": ("Llama", LLAMA | dict(rope_parameters=rope(500.0, rope_type="llama3", factor=4.0, low_freq_factor=1.0,
                                                        high_freq_factor=4.0, original_max_position_embeddings=32))),
    "llama-linear": ("Llama", LLAMA | dict(rope_parameters=rope(500.0, rope_type="linear", factor=3.0), attention_bias=True,
                                           mlp_bias=True)),
    "llama-yarn": ("Llama", LLAMA | dict(head_dim=16, rope_parameters=rope(
        500.0, rope_type="yarn", factor=4.0, original_max_position_embeddings=32, beta_fast=4.0, beta_slow=1.0))),
    "mistral": ("Mistral", LLAMA | dict(sliding_window=7, rope_parameters=rope())),
    "qwen2": ("Qwen2", LLAMA | dict(use_sliding_window=True, sliding_window=7, max_window_layers=1, rope_parameters=rope(1e6))),
    "qwen3": ("Qwen3", LLAMA | dict(head_dim=8, attention_bias=True, rope_parameters=rope(1e6))),
    "gemma": ("Gemma", GEMMA | dict(hidden_act="gelu_pytorch_tanh", rope_parameters=rope())),
    "gemma2": ("Gemma2", GEMMA | dict(num_hidden_layers=3, sliding_window=7, query_pre_attn_scalar=6, attn_logit_softcapping=2.0,
                                      final_logit_softcapping=1.5, rope_parameters=rope())),
    "gemma3_text": ("Gemma3Text", GEMMA | dict(
        num_hidden_layers=3, sliding_window=7, query_pre_attn_scalar=6,
        layer_types=["sliding_attention", "full_attention", "sliding_attention"],
        rope_parameters=dict(full_attention=rope(1e6, rope_type="linear", factor=8.0), sliding_attention=rope()))),
    "phi": ("Phi", LLAMA | dict(num_key_value_heads=4, hidden_size=32, hidden_act="gelu_new",
                                rope_parameters=rope(partial_rotary_factor=0.5))),
    "phi3": ("Phi3", LLAMA | dict(sliding_window=7, original_max_position_embeddings=128, rope_parameters=rope())),
    "gpt2": ("GPT2", dict(n_embd=24, n_inner=40, n_layer=2, n_head=4, vocab_size=61, n_positions=128,
                          scale_attn_by_inverse_layer_idx=True)),
    "gpt_neox": ("GPTNeoX", dict(hidden_size=32, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4, vocab_size=61,
                                 max_position_embeddings=128, rope_parameters=rope(partial_rotary_factor=0.5))),
    "gpt_neox-sequential": ("GPTNeoX", dict(
        hidden_size=32, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4, vocab_size=61, attention_bias=False,
        max_position_embeddings=128, use_parallel_residual=False, rope_parameters=rope(partial_rotary_factor=0.25))),
    "gpt_neo": ("GPTNeo", dict(hidden_size=24, num_layers=2, num_heads=4, attention_types=[[["global", "local"], 1]],
                               intermediate_size=40, window_size=7, vocab_size=61, max_position_embeddings=128)),
    "olmo": ("Olmo", LLAMA | dict(rope_parameters=rope())),
    "olmo2": ("Olmo2", LLAMA | dict(rope_parameters=rope())),
    "smollm3": ("SmolLM3", LLAMA | dict(num_hidden_layers=3, tie_word_embeddings=True, no_rope_layers=[1, 0, 1],
                                        no_rope_layer_interval=2, rope_parameters=rope(2e6))),
    "stablelm": ("StableLm", LLAMA | dict(hidden_size=32, use_qkv_bias=True, rope_parameters=rope(partial_rotary_factor=0.25))),
    "stablelm-parallel": ("StableLm", LLAMA | dict(hidden_size=32, use_parallel_residual=True,
                                                   rope_parameters=rope(partial_rotary_factor=0.5))),
}


def weight(name, shape):
    """As for the small Llama models; ln_1 and the like are norms too."""
    return llama_weight(re.sub(r"\bln_\w+\.weight$", lambda m: m[0][:-7] + "norm.weight", name), shape)


def stay_in_float64():
    """transformers computes norms, softmax and some scores in float32 for every data type. They stay in float64 here."""
    to, single, softmax = torch.Tensor.to, torch.Tensor.float, functional.softmax

    def is_cast(tensor, kinds, named):
        return tensor.dtype == torch.float64 and torch.float32 in (*[k for k in kinds if isinstance(k, torch.dtype)],
                                                                   named.get("dtype"))

    torch.Tensor.to = lambda self, *a, **k: self if is_cast(self, a, k) else to(self, *a, **k)
    torch.Tensor.float = lambda self, *a, **k: self if self.dtype == torch.float64 else single(self, *a, **k)
    functional.softmax = lambda x, *a, **k: softmax(x, *a, **{n: v for n, v in k.items() if n != "dtype" or x.dtype != torch.float64})
    torch.nn.functional.softmax = functional.softmax


def exact_tables(module):
    """Rotary tables in float32, as in transformers, but correctly rounded: torch's cosines are off in one entry of twenty."""
    def forward(x, position_ids, layer_type=None):
        prefix = f"{layer_type}_" if layer_type else ""
        frequencies = getattr(module, prefix + "inv_freq").numpy().astype(np.float32)
        scaling = np.float32(getattr(module, prefix + "attention_scaling"))
        angles = position_ids[0].numpy().astype(np.float32)[:, None] * frequencies
        angles = np.concatenate([angles, angles], -1)[None].astype(np.float64)
        return [torch.from_numpy((f(angles).astype(np.float32) * scaling).astype(np.float64)) for f in (np.cos, np.sin)]

    return forward


def build(case):
    """The model of a case in float64, with the weights of the formula."""
    kind, settings = CASES[case]
    config = getattr(transformers, kind + "Config")(**(COMMON | settings), attn_implementation="eager")
    model = transformers.AutoModelForCausalLM.from_config(config).double().eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(weight(name, tuple(parameter.shape)))
    for module in model.modules():
        if type(module).__name__.endswith("RotaryEmbedding"):
            module.forward = exact_tables(module)
    return model
