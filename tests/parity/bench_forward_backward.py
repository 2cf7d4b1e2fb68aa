"""Measures forward and backward passes and batched greedy generation of stories15M's shape.

Runs PyTorch eager on the CPU.

The counterpart of ForwardBackwardBenchmark.java; run the two in turn, with the same threads:
OMP_NUM_THREADS=2 python bench_forward_backward.py [rounds]
"""

import statistics
import sys
import time

import torch
from transformers import LlamaConfig, LlamaForCausalLM

rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
torch.manual_seed(1)
model = LlamaForCausalLM(LlamaConfig(
    hidden_size=288, intermediate_size=768, num_hidden_layers=6, num_attention_heads=6, num_key_value_heads=6,
    vocab_size=32000, max_position_embeddings=256, rms_norm_eps=1e-5, tie_word_embeddings=True, use_cache=True,
    bos_token_id=1, eos_token_id=None, pad_token_id=0)).float().eval()
ids = torch.randint(3, 32000, (8, 129))
inputs, targets = ids[:, :-1], ids[:, 1:]


def step():
    # Gradients accumulate, as in the decoder's two gradient buffers.
    logits = model(inputs, use_cache=False).logits
    loss = torch.nn.functional.cross_entropy(logits.reshape(-1, 32000), targets.reshape(-1), reduction="sum")
    loss.backward()


def forward():
    with torch.no_grad():
        logits = model(inputs, use_cache=False).logits
        torch.nn.functional.cross_entropy(logits.reshape(-1, 32000), targets.reshape(-1), reduction="none")


prompts = torch.randint(3, 32000, (16, 32))


def generate():
    with torch.no_grad():
        past, tokens = None, prompts
        for _ in range(64):
            out = model(tokens, past_key_values=past, use_cache=True, logits_to_keep=1)
            past, tokens = out.past_key_values, out.logits[:, -1].argmax(-1, keepdim=True)


def measure(what, work, tokens, rounds, warm_up):
    seconds = []
    for i in range(-warm_up, rounds):
        start = time.perf_counter()
        work()
        if i >= 0:
            seconds.append(time.perf_counter() - start)
    median = statistics.median(seconds)
    print(f"{what:36s} median {median * 1e3:8.1f} ms, best {min(seconds) * 1e3:8.1f} ms, {tokens / median:9.0f} tokens/s")


def product_rate(size=2048, rounds=10):
    """Best rate of a product of two square matrices, in GFLOP/s."""
    a, b = torch.randn(size, size), torch.randn(size, size)
    out, best = torch.empty(size, size), float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        torch.mm(a, b, out=out)
        best = min(best, time.perf_counter() - start)
    return 2 * size**3 / best / 1e9


def processor():
    with open("/proc/cpuinfo") as lines:
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))


print(f"{processor()}, best product rate {product_rate():.0f} GFLOP/s")
print("torch", torch.__version__, "threads", torch.get_num_threads())
measure("forward + backward", step, 1024, rounds, 3)
measure("forward", forward, 1024, rounds, 1)
measure("greedy generation, 16 x (32 + 64)", generate, 16 * 64, max(2, rounds // 3), 1)
