#!/usr/bin/env python3
"""Passes and greedy generation of SmolLM2-135M's shape in PyTorch, as DeviceBenchmark's.

Random weights, scaled-dot-product attention, eager mode. Prints a line of CSV for each figure.
"""

import statistics
import time

import torch
from transformers import LlamaConfig, LlamaForCausalLM

SEQUENCES, LENGTH, ROUNDS = 16, 512, 5
PROMPTS, PROMPT_LENGTH, NEW_TOKENS = 64, 32, 256


def median(rounds, work):
    work()
    seconds = []
    for _ in range(rounds):
        torch.cuda.synchronize()
        start = time.perf_counter()
        work()
        torch.cuda.synchronize()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def report(products, what, seconds):
    print(f"torch,{products},{what},{seconds * 1e3:.1f}", flush=True)


def main():
    config = LlamaConfig(
        vocab_size=49152,
        hidden_size=576,
        intermediate_size=1536,
        num_hidden_layers=30,
        num_attention_heads=9,
        num_key_value_heads=3,
        max_position_embeddings=2048,
        tie_word_embeddings=True,
        attn_implementation="sdpa",
    )
    torch.manual_seed(1)
    model = LlamaForCausalLM(config).cuda()
    tokens = torch.randint(3, config.vocab_size, (SEQUENCES, LENGTH), device="cuda")
    prompts = torch.randint(3, config.vocab_size, (PROMPTS, PROMPT_LENGTH), device="cuda")

    def forward_backward():
        model.zero_grad(set_to_none=True)
        model(tokens, labels=tokens, use_cache=False).loss.backward()

    def forward():
        with torch.no_grad():
            model(tokens, labels=tokens, use_cache=False)

    def generate():
        model.generate(
            prompts,
            attention_mask=torch.ones_like(prompts),
            min_new_tokens=NEW_TOKENS,
            max_new_tokens=NEW_TOKENS,
            do_sample=False,
            pad_token_id=0,
        )

    for products in ("float", "tf32", "bf16"):
        torch.backends.cuda.matmul.allow_tf32 = products == "tf32"
        if products == "bf16":
            model = model.bfloat16()
        report(products, "forward", median(ROUNDS, forward))
        report(products, "forward and backward", median(ROUNDS, forward_backward))
        if products == "tf32":
            report(products, "greedy generation 64 x (32 + 256)", median(1, generate))


if __name__ == "__main__":
    main()
