"""Writes tests/src/test/resources/model/stories260K-rotary.json.

The file holds the rotary tables that PyTorch used for the shared golden file of stories260K.
Torch's float32 cosine is not correctly rounded: about one value in fifteen differs from the nearest
float by one unit in the last place. Run with the versions of requirements.txt on a CPU with AVX2 or
AVX-512: python make_rotary_tables.py ../src/test/resources/model
"""

import json
import sys
from pathlib import Path

import torch

POSITIONS, HEAD_SIZE, THETA = 40, 8, 10000.0

# As transformers' LlamaRotaryEmbedding, for every data type of the model.
inverse = 1.0 / (THETA ** (torch.arange(0, HEAD_SIZE, 2, dtype=torch.int64).float() / HEAD_SIZE))
angles = torch.outer(torch.arange(POSITIONS).float(), inverse)
angles = torch.cat((angles, angles), dim=-1)
half = HEAD_SIZE // 2
tables = {
    "definition": "entry [position, i] at position * 4 + i: cos and sin of position / 10000^(2 i / 8), torch float32",
    "torch": torch.__version__,
    "cosines": angles.cos()[:, :half].flatten().tolist(),
    "sines": angles.sin()[:, :half].flatten().tolist(),
}
(Path(sys.argv[1]) / "stories260K-rotary.json").write_text(json.dumps(tables, indent=1) + "\n")
