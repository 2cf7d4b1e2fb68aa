#!/usr/bin/env python3
"""Greedy generation with a key/value cache in transformers, as DecodingBenchmark's.

Usage: torch_decoding.py SHAPE PRODUCTS WEIGHTS [ROUNDS [SEQUENCES [PROMPT [NEW]]]], with SHAPE
stories15m or smollm2, PRODUCTS float, and WEIGHTS float or bf16 (the whole model in that type).
Prints lines of CSV in PassMeter's columns.
"""

import pathlib
import statistics
import sys
import time

import torch
from transformers import LlamaConfig, LlamaForCausalLM

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "bfloat16"))
from torch_passes import SHAPES  # noqa: E402

WARM_UP = 2


def main():
    shape, products, weights = sys.argv[1:4]
    rounds, sequences, length, new = [int(v) for v in sys.argv[4:]] + [5, 16, 32, 64][
        len(sys.argv) - 4 :
    ]
    torch.manual_seed(1)
    model = LlamaForCausalLM(
        LlamaConfig(
            max_position_embeddings=2048,
            tie_word_embeddings=True,
            attn_implementation="sdpa",
            bos_token_id=1,
            eos_token_id=None,
            pad_token_id=0,
            **SHAPES[shape],
        )
    ).eval()
    model = model.to(torch.bfloat16 if weights == "bf16" else torch.float32)
    prompts = torch.randint(3, model.config.vocab_size, (sequences, length))

    @torch.no_grad()
    def generate(count):
        past, tokens = None, prompts
        for _ in range(count):
            out = model(tokens, past_key_values=past, use_cache=True, logits_to_keep=1)
            past, tokens = out.past_key_values, out.logits[:, -1].argmax(-1, keepdim=True)

    def measure(what, count):
        seconds, processor = [], []
        for i in range(-WARM_UP, rounds):
            start, before = time.perf_counter(), time.process_time()
            generate(count)
            if i >= 0:
                seconds.append(time.perf_counter() - start)
                processor.append(time.process_time() - before)
        times = ",".join(
            f"{v * 1e3:.1f}" for v in (statistics.median(seconds), min(seconds), min(processor))
        )
        print(f"transformers,{shape},{products},{weights},{what},{times},", flush=True)

    measure("first token", 1)
    measure("generation", new)


if __name__ == "__main__":
    main()
