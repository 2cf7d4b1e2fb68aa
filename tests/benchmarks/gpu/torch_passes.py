#!/usr/bin/env python3
"""Passes and greedy generation of SmolLM2-135M's shape, and LoRA of TinyLlama-1.1B's, in PyTorch,
as DeviceBenchmark's. The rate of a large bf16 product, for the share of it that a pass reaches.

Random weights, scaled-dot-product attention, eager mode. Prints a line of CSV for each figure.
"""

import statistics
import time

import torch
from transformers import LlamaConfig, LlamaForCausalLM

SEQUENCES, LENGTH, ROUNDS = 16, 512, 5
LORA_SEQUENCES, RANK, ALPHA = 8, 16, 32
PRODUCT = 8192
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
        if products != "float":
            report(products, "greedy generation 64 x (32 + 256)", median(1, generate))
        if products == "tf32":
            with torch.autocast("cuda", torch.bfloat16):
                report("bf16 autocast", "forward and backward", median(ROUNDS, forward_backward))
    del model
    product()
    lora()


def product():
    a = torch.randn(PRODUCT, PRODUCT, device="cuda", dtype=torch.bfloat16)
    b = torch.randn(PRODUCT, PRODUCT, device="cuda", dtype=torch.bfloat16)
    report("bf16", f"product of {PRODUCT} x {PRODUCT} x {PRODUCT}", median(20, lambda: a @ b))


class Adapted(torch.nn.Module):
    """A frozen map with LoRA factors."""

    def __init__(self, linear):
        super().__init__()
        self.linear = linear
        like = {"device": "cuda", "dtype": torch.bfloat16}
        self.a = torch.nn.Parameter(torch.randn(RANK, linear.in_features, **like) / 64)
        self.b = torch.nn.Parameter(torch.zeros(linear.out_features, RANK, **like))

    def forward(self, x):
        return self.linear(x) + ALPHA / RANK * (x @ self.a.T) @ self.b.T


def lora():
    config = LlamaConfig(
        vocab_size=32000,
        hidden_size=2048,
        intermediate_size=5632,
        num_hidden_layers=22,
        num_attention_heads=32,
        num_key_value_heads=4,
        max_position_embeddings=2048,
        attn_implementation="sdpa",
    )
    with torch.device("cuda"):
        model = LlamaForCausalLM(config).bfloat16().requires_grad_(False)
    for layer in model.model.layers:
        for part in (layer.self_attn, layer.mlp):
            for name, child in list(part.named_children()):
                if isinstance(child, torch.nn.Linear):
                    setattr(part, name, Adapted(child))
    tokens = torch.randint(3, config.vocab_size, (LORA_SEQUENCES, LENGTH), device="cuda")

    def step():
        model.zero_grad(set_to_none=True)
        model(tokens, labels=tokens, use_cache=False).loss.backward()

    report("bf16", "LoRA of 1.1 B, activations kept", median(ROUNDS, step))


if __name__ == "__main__":
    main()
