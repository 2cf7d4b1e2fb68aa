"""Checks model directories that Lethe wrote against transformers.

    LETHE_PARITY=/tmp/parity mvn -pl pipeline,jobs,tests -am test -Dtest=ParityExportTest -Dsurefire.failIfNoSpecifiedTests=false
    python check_hf_directory.py /tmp/parity

For each model under the given folder, checks that
- AutoModelForCausalLM loads original and copy with the same tensors and identical logits;
- config, tokenizer and generation config have the same bytes;
- the tokenizer gives the ids that Lethe used;
- Lethe's losses agree with transformers (float32).
"""

import json
import pathlib
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils import logging

logging.disable_progress_bar()


def load(path, dtype=torch.float32):
    return AutoModelForCausalLM.from_pretrained(path, dtype=dtype).eval()


def losses(model, ids, prompt_tokens):
    """Negative log-likelihood of every token after the prompt, in nats."""
    with torch.no_grad():
        logits = model(torch.tensor([ids])).logits[0].double()
    log_probabilities = torch.log_softmax(logits[:-1], -1)
    picked = -log_probabilities.gather(1, torch.tensor(ids[1:])[:, None])[:, 0]
    return picked[prompt_tokens - 1 :], logits


def check(folder):
    lethe = json.loads((folder / "lethe.json").read_text())
    for file in sorted((folder / "original").iterdir()):
        written = folder / "written" / file.name
        if not file.name.startswith("model"):
            assert written.read_bytes() == file.read_bytes(), file
    original, written = load(folder / "original", "auto"), load(folder / "written", "auto")
    assert original.dtype == written.dtype, (original.dtype, written.dtype)
    tensors = written.state_dict()
    for name, tensor in original.state_dict().items():
        assert torch.equal(tensor, tensors[name]), name
    tokenizer = AutoTokenizer.from_pretrained(folder / "written")
    assert tokenizer(lethe["prompt"], add_special_tokens=False)["input_ids"] == lethe["prompt_ids"]
    original, written = load(folder / "original"), load(folder / "written")
    expected, logits = losses(original, lethe["ids"], lethe["prompt_tokens"])
    _, same = losses(written, lethe["ids"], lethe["prompt_tokens"])
    assert torch.equal(logits, same), "logits differ"
    difference = (expected - torch.tensor(lethe["losses"], dtype=torch.float64)).abs().max().item()
    assert difference < 1e-4, difference
    print(f"{folder.name}: {len(tensors)} tensors and logits identical, dtype {tensors['model.norm.weight'].dtype},"
          f" largest difference of Lethe's token losses {difference:.1e}")


if __name__ == "__main__":
    for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        check(folder)
