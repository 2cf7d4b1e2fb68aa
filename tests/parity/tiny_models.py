"""The small models of the golden files: their configurations, weights from an integer formula, and token ids."""

import math

import numpy as np
import torch

MASK = (1 << 32) - 1


def weight(name, shape):
    """Uniform in +-sqrt(3 / in) (norms: 1 +- 0.2), from a 32-bit hash of (name, index)."""
    seed = sum((j + 1) * ord(c) for j, c in enumerate(name)) & MASK
    x = (np.arange(int(np.prod(shape)), dtype=np.uint64) * 2654435761 + seed * 40503) & MASK
    x ^= x >> 15
    x = (x * 2246822519) & MASK
    x ^= x >> 13
    unit = x.astype(np.float64) / 2.0**31 - 1.0
    if name.endswith("norm.weight"):
        values = 1.0 + 0.2 * unit
    elif len(shape) == 1:
        values = 0.1 * unit
    else:
        values = math.sqrt(3.0 / shape[1]) * unit
    return torch.from_numpy(values.reshape(shape))


CASES = {
    "tiny-grouped": dict(
        hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        head_dim=6, vocab_size=61, max_position_embeddings=64, rms_norm_eps=1e-5, rope_theta=10000.0,
        tie_word_embeddings=True, attention_bias=False, mlp_bias=False),
    "tiny-scaled": dict(
        hidden_size=16, intermediate_size=28, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=1,
        head_dim=8, vocab_size=47, max_position_embeddings=96, rms_norm_eps=1e-6, rope_theta=500.0,
        tie_word_embeddings=False, attention_bias=True, mlp_bias=True,
        rope_scaling=dict(rope_type="llama3", factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0,
                          original_max_position_embeddings=32)),
}

# Qwen2 has biases on query, key and value only, which its configuration does not name.
QWEN2_CASES = {
    "tiny-qwen2": dict(
        hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        vocab_size=61, max_position_embeddings=64, rms_norm_eps=1e-6, rope_theta=1000000.0, tie_word_embeddings=True,
        use_sliding_window=False, sliding_window=32, max_window_layers=1),
    "tiny-qwen2-untied": dict(
        hidden_size=32, intermediate_size=28, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=1,
        vocab_size=47, max_position_embeddings=96, rms_norm_eps=1e-5, rope_theta=10000.0, tie_word_embeddings=False,
        use_sliding_window=False, max_window_layers=3),
}


def ids(seed, length, vocabulary):
    return [1] + [3 + (seed * 31 + 7 * i * i + 11 * i) % (vocabulary - 3) for i in range(length - 2)] + [2]
