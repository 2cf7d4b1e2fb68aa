#!/usr/bin/env python3
"""Forward and backward passes in PyTorch eager on the CPU, as PassBenchmark's.

Usage: torch_passes.py SHAPE PRODUCTS [ROUNDS [SEQUENCES [LENGTH]]], with SHAPE stories15m or
smollm2 and PRODUCTS float or bfloat16 (autocast). Random weights, scaled-dot-product attention.
Prints a line of CSV for each figure, in PassBenchmark's columns.
"""

import contextlib
import statistics
import sys
import time

import torch
from transformers import LlamaConfig, LlamaForCausalLM

SHAPES = {
    "stories15m": dict(
        hidden_size=288,
        intermediate_size=768,
        num_hidden_layers=6,
        num_attention_heads=6,
        num_key_value_heads=6,
        vocab_size=32000,
    ),
    "smollm2": dict(
        hidden_size=576,
        intermediate_size=1536,
        num_hidden_layers=30,
        num_attention_heads=9,
        num_key_value_heads=3,
        vocab_size=49152,
    ),
}
PEAK_SIZE = 2048
WARM_UP = 2


def main():
    shape, products = sys.argv[1:3]
    rounds, sequences, length = [int(v) for v in sys.argv[3:]] + [5, 8, 256][len(sys.argv) - 3 :]
    torch.manual_seed(1)
    bfloat16 = products == "bfloat16"
    model = LlamaForCausalLM(
        LlamaConfig(
            max_position_embeddings=2048,
            tie_word_embeddings=True,
            attn_implementation="sdpa",
            bos_token_id=1,
            eos_token_id=2,
            **SHAPES[shape],
        )
    ).float()
    ids = torch.randint(3, model.config.vocab_size, (sequences, length + 1))
    inputs, targets = ids[:, :-1], ids[:, 1:].reshape(-1)

    def precision():
        if bfloat16:
            return torch.autocast("cpu", dtype=torch.bfloat16)
        return contextlib.nullcontext()

    def loss():
        with precision():
            logits = model(inputs, use_cache=False).logits
        flat = logits.float().reshape(-1, logits.shape[-1])
        return torch.nn.functional.cross_entropy(flat, targets, reduction="sum")

    def forward():
        with torch.no_grad():
            loss()

    def measure(what, work, operations=0):
        seconds, processor = [], []
        for i in range(-WARM_UP, rounds):
            start, before = time.perf_counter(), time.process_time()
            work()
            if i >= 0:
                seconds.append(time.perf_counter() - start)
                processor.append(time.process_time() - before)
        figures = [statistics.median(seconds), min(seconds), min(processor)]
        rate = f"{operations / min(seconds) / 1e9:.0f}" if operations else ""
        times = ",".join(f"{v * 1e3:.1f}" for v in figures)
        print(f"pytorch,{shape},{products},full,{what},{times},{rate}", flush=True)

    a = torch.randn(PEAK_SIZE, PEAK_SIZE, dtype=torch.bfloat16 if bfloat16 else torch.float32)
    measure(f"product of {PEAK_SIZE}", lambda: a @ a.T, 2 * PEAK_SIZE**3)
    measure("forward", forward)
    # Gradients accumulate, as in the decoder's gradient buffers.
    measure("forward and backward", lambda: loss().backward())


if __name__ == "__main__":
    main()
