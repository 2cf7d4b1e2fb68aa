"""Checks adapter directories that Lethe wrote against peft, after check_hf_directory.py's export.

    python check_peft_directory.py /tmp/parity

For each model under the given folder, checks that
- PeftModel loads the adapter on the original and uses every factor;
- Lethe's losses with the adapter agree with peft (float32);
- Lethe's merged model gives the logits of peft's merge_and_unload, up to rounding in the model's
  dtype.
"""

import json
import pathlib
import sys
import warnings

import torch
from peft import PeftModel
from safetensors.torch import load_file

from check_hf_directory import load, losses


def check(folder):
    lethe = json.loads((folder / "lethe.json").read_text())
    plain, _ = losses(load(folder / "original"), lethe["ids"], lethe["prompt_tokens"])
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # peft only warns of missing factors
        model = PeftModel.from_pretrained(load(folder / "original"), folder / "adapter").eval()
    saved = load_file(folder / "adapter" / "adapter_model.safetensors")
    held = {n.replace(".default", ""): p for n, p in model.named_parameters() if "lora_" in n}
    assert saved.keys() == held.keys(), saved.keys() ^ held.keys()
    for name, tensor in saved.items():
        assert torch.equal(tensor, held[name].data), name
    expected, _ = losses(model, lethe["ids"], lethe["prompt_tokens"])
    effect = (expected - plain).abs().max().item()
    assert effect > 1e-3, "the adapter does nothing"
    difference = (expected - torch.tensor(lethe["adapter_losses"], dtype=torch.float64)).abs().max().item()
    assert difference < 1e-4, difference
    # The dtype in the file, which config.json may contradict.
    dtype = load_file(folder / "original" / "model.safetensors")["model.norm.weight"].dtype
    merged = model.merge_and_unload()
    ours = load(folder / "merged")
    worst = 0.0
    for name, tensor in merged.state_dict().items():
        rounded = tensor.to(dtype).float()
        gap = (rounded - ours.state_dict()[name]).abs() / tensor.abs().clamp_min(1e-4)
        worst = max(worst, gap.max().item())
    # Sums in another order may round to the neighbouring value.
    limit = 1e-3 if dtype == torch.float32 else 1.01 * torch.finfo(dtype).eps
    assert worst <= limit, worst
    print(f"{folder.name}: {len(saved)} factors used, largest effect {effect:.3f}, largest difference of"
          f" Lethe's token losses {difference:.1e}, of merged weights {worst:.1e} (relative, {dtype})")


if __name__ == "__main__":
    for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        check(folder)
