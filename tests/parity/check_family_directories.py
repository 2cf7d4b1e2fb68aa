"""Checks the directories of all families that Lethe wrote against transformers and peft.

    LETHE_PARITY=/tmp/parity mvn -pl pipeline,jobs,tests -am test -Dtest=FamilyDirectoryTest -Dsurefire.failIfNoSpecifiedTests=false
    python check_family_directories.py /tmp/parity/families

For each family, checks that transformers loads the original and the trained model, and peft both adapters (PEFT's usual targets
and all linear maps), without a warning and with every tensor in use; that the losses are Lethe's; and that the merged models
give the same losses.
"""

import json
import logging
import pathlib
import sys
import warnings

import torch
import transformers
from peft import PeftModel
from safetensors.torch import load_file

LIMIT = 1e-4
transformers.utils.logging.disable_progress_bar()


class Collector(logging.Handler):
    """Keeps warnings of transformers' and peft's loggers."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.messages = []

    def emit(self, record):
        self.messages.append(record.getMessage())


def load(path):
    model, info = transformers.AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32, attn_implementation="eager",
                                                                    output_loading_info=True)
    assert not any(info[k] for k in ("missing_keys", "unexpected_keys", "mismatched_keys")), info
    return model.eval()


def losses(model, rows):
    result = []
    with torch.no_grad():
        for row in rows:
            ids = torch.tensor([row["ids"]])
            logits = model(ids).logits[0, :-1].double()
            nll = torch.nn.functional.cross_entropy(logits, ids[0, 1:], reduction="none")
            result += nll[row["prompt_tokens"] - 1:].tolist()
    return torch.tensor(result)


def check(folder):
    lethe = json.loads((folder / "lethe.json").read_text())
    rows, worst = lethe["rows"], 0.0

    def compare(model, name):
        gap = (losses(model, rows) - torch.tensor(lethe[name], dtype=torch.float64)).abs().max().item()
        assert gap < LIMIT, (name, gap)
        return gap

    worst = max(compare(load(folder / "original"), "losses"), compare(load(folder / "trained"), "trained_losses"))
    factors = {}
    for name in ("usual", "all"):
        model = PeftModel.from_pretrained(load(folder / "original"), folder / (name + "-adapter")).eval()
        saved = load_file(folder / (name + "-adapter") / "adapter_model.safetensors")
        held = {n.replace(".default", ""): p for n, p in model.named_parameters() if "lora_" in n}
        assert saved.keys() == held.keys(), saved.keys() ^ held.keys()
        assert all(torch.equal(t, held[n].data) for n, t in saved.items())
        factors[name] = len(saved)
        worst = max(worst, compare(model, name + "_losses"), compare(load(folder / (name + "-merged")), name + "_losses"))
        merged, ours = model.merge_and_unload().state_dict(), load(folder / (name + "-merged")).state_dict()
        for n, tensor in merged.items():
            assert torch.allclose(tensor, ours[n], rtol=1e-4, atol=1e-6), n
    return f"{folder.name}: factors {factors}, largest difference of Lethe's token losses {worst:.1e}"


if __name__ == "__main__":
    collector = Collector()
    for name in ("transformers", "peft"):
        logging.getLogger(name).addHandler(collector)
    warnings.simplefilter("error")
    # Between peft and transformers, not of the directory.
    warnings.simplefilter("ignore", FutureWarning)
    failures = 0
    for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        collector.messages.clear()
        try:
            line = check(folder)
            assert not collector.messages, collector.messages
            print(line, flush=True)
        except Exception as problem:
            failures += 1
            print(f"{folder.name}: FAILED {type(problem).__name__} {str(problem)[:300]}", flush=True)
    sys.exit(failures > 0)
