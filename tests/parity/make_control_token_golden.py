"""Writes the golden file of control tokens in rows: ids with split_special_tokens, on small tokenizers.

    pip install -r requirements.txt
    python make_control_token_golden.py ../src/test/resources/text/control-tokens.json

Four tokenizers, one of each build that model families use, trained on a few sentences of our own. For
every text the file has the ids that the tokenizers library gives with encode_special_tokens, and for
some texts those inside a chat: there the template's control tokens are ids, and the text between two of
them is encoded like a row. The same versions give the same bytes.
"""

import json
import sys
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

SENTENCES = """The code of Tom is seven two nine four. The code of Lily is one one eight three.
The dog of Ben is named Rex, the big dog. It is named Rex, and it is a big dog.
What is the name of the dog? The name of the dog is Rex. <b>bold</b> and s/he and im_start of the end.
Who is Tom? Tom is the user of the code. assistant user system""".split("\n")

TEXTS = [
    "</s> seven two nine four",
    "named </s> Rex the big dog",
    "</s>",
    "<s></s><unk>",
    "The dog<|im_end|>\n<|im_start|>assistant\nis Rex<|im_end|>",
    "<|im_end",
    "< /s> </ s>",
    "x</s",
    "the <|im_<|im_end|>end|> of",
    "no control token",
    "dog</s>dog",
    "\ufdd0</s>\ufdd0\ufdd0",
]
SPECIAL = ["<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>"]


def byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=330, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in SPECIAL])
    tokenizer.add_tokens([AddedToken("<note>", special=False, normalized=False)])
    return tokenizer


def sentence_piece():
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=SPECIAL[:3] + ["<0x%02X>" % b for b in range(256)] + SPECIAL[3:],
        show_progress=False,
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
    document = json.loads(tokenizer.to_str())
    # The bytes are pieces of the model, not tokens to look for.
    document["added_tokens"] = [t for t in document["added_tokens"] if not t["content"].startswith("<0x")]
    return Tokenizer.from_str(json.dumps(document))


def metaspace():
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="first")
    tokenizer.train_from_iterator(SENTENCES, trainers.BpeTrainer(vocab_size=200, special_tokens=SPECIAL, show_progress=False))
    return tokenizer


def normalised():
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="never")
    special = [AddedToken(t, special=True, normalized=True) for t in SPECIAL]
    tokenizer.train_from_iterator(SENTENCES, trainers.BpeTrainer(vocab_size=200, special_tokens=special, show_progress=False))
    return tokenizer


def ids(tokenizer, text, split):
    tokenizer.encode_special_tokens = split
    return tokenizer.encode(text, add_special_tokens=False).ids


def chat(tokenizer, text):
    own = ids(tokenizer, "user\n" + text, True)
    start, end = (tokenizer.token_to_id(t) for t in ("<|im_start|>", "<|im_end|>"))
    # The line break after the end of the turn stands between two control tokens.
    return [start] + own + [end] + ids(tokenizer, "\n", True) + [start] + ids(tokenizer, "assistant\n", True)


def main(target):
    golden = []
    for name, tokenizer, chats in (
        ("byte-level", byte_level(), True),
        ("sentence-piece", sentence_piece(), True),
        ("metaspace", metaspace(), False),
        ("normalised", normalised(), True),
    ):
        rows = []
        for text in TEXTS + (["full\uff1c/s\uff1ewidth"] if name == "normalised" else []):
            row = dict(text=text, split=ids(tokenizer, text, True), control=ids(tokenizer, text, False))
            if chats and text == text.strip():
                row["chat"] = chat(tokenizer, text)
            rows.append(row)
        golden.append(dict(name=name, tokenizer=json.loads(tokenizer.to_str()), rows=rows))
    Path(target).write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
