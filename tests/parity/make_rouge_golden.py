"""Writes the golden files of ROUGE-L and the Porter stemmer with Google's rouge-score 0.1.2.

    pip install -r requirements-evaluation.txt
    python make_rouge_golden.py ../src/test/resources/evaluation

Texts of benchmarks stay out of the repository. To check with them, pass JSON-lines files too. The
script pairs their strings with distorted copies and with their neighbours, and writes the pairs to
another folder, from which the test reads them:

    python make_rouge_golden.py /tmp/rouge ../shared/data/lume/*.jsonl ../shared/data/tofu/forget10.json
    LETHE_ROUGE_PAIRS=/tmp/rouge/rouge-pairs.jsonl.gz mvn ... -Dtest=RougeLTest

The texts in the repository are random syllables. rouge-pairs.jsonl.gz holds one pair per line:
reference, generated text, then precision, recall and F1 with and without stemming. stems.tsv.gz
holds word and stem. The same versions give the same bytes.
"""

import gzip
import json
import random
import sys
from pathlib import Path

from nltk.stem import porter
from rouge_score import rouge_scorer

RANDOM = random.Random(20251121)
SYLLABLES = "ba co di fe gu ha jo ka li mu no pe ra si tu ve wa xy yo ze bl cr st tr ph oy ey ay ck ll ss".split()
SUFFIXES = """ s es ies sses ss ed eed ied ing y ly ational tional enci anci izer bli abli alli entli eli ousli
ization ation ator alism iveness fulness ousness aliti iviti biliti fulli logi icate ative alize iciti ical ful
ness al ance ence er ic able ible ant ement ment ent sion tion ou ism ate iti ous ive ize e ll led ling ness
ology ally edly ingly ility ivity ually fully""".split()
ODD = """sky skies dying lying tying news innings inning outings outing cannings canning howe proceed exceed
succeed dies died ties tied lies lied flies spied spy by enjoy happy sayings geology theology feed agreed bled
plastered motoring sing conflated troubled sized hopping tanned falling hissing fizzed failing filing cease rate
probate controlling roll yyyy yyyyed yyyying syzygy oyed ayed aing eeding ass asss ions ion sions tions""".split()
UNICODE = [
    "\xe9t\xe9", "na\xefve", "\u6771\u4eac", "\u041c\u043e\u0441\u043a\u0432\u0430", "Stra\xdfe",
    "\u212aelvin", "\u0130stanbul", "\u0131\u0131", "e\u0301cole", "\uff11\uff12\uff13", "\u0663\u0664",
    "\U0001f600", "\U0001f600word", "a\xadb", "a\u200bb", "x\xa0y", "\ufb01sh", "\xbd",
    "\u03a3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2", "\u01c5", "m\xb2", "\ufeffbom",
    "\U0001d4d0\U0001f1e9go", "\u0141\xf3d\u017a"
]
PUNCTUATION = [".", ",", ";", "!", "?", "--", "...", "(", ")", "\"", "'", "/", "*", "_", "\n", "\t", " ", "@", "#", "\u2014", "\u201c"]


def word():
    stem = "".join(RANDOM.choice(SYLLABLES) for _ in range(RANDOM.randint(1, 3)))
    return stem + (RANDOM.choice(SUFFIXES) if RANDOM.random() < 0.7 else "")


VOCABULARY = sorted({word() for _ in range(400)} | set(ODD))


def token():
    draw = RANDOM.random()
    if draw < 0.80:
        chosen = RANDOM.choice(VOCABULARY)
        return RANDOM.choice([chosen, chosen, chosen.capitalize(), chosen.upper()])
    if draw < 0.88:
        return str(RANDOM.randint(0, 10 ** RANDOM.randint(1, 9)))
    if draw < 0.92:
        return "%03d-%02d-%04d" % (RANDOM.randint(0, 999), RANDOM.randint(0, 99), RANDOM.randint(0, 9999))
    if draw < 0.96:
        return RANDOM.choice(VOCABULARY) + "'s"
    return RANDOM.choice(UNICODE)


def text(tokens):
    parts = []
    for one in tokens:
        parts.append(one)
        parts.append(RANDOM.choice(PUNCTUATION) + " " if RANDOM.random() < 0.12 else " ")
    return "".join(parts)


def distorted(tokens, rate):
    result = []
    for one in tokens:
        draw = RANDOM.random()
        if draw < rate / 4:
            continue
        if draw < rate / 2:
            result.append(token())
        elif draw < 3 * rate / 4:
            result.extend([one, token()])
        elif draw < rate:
            result.append(one[: len(one) // 2] + RANDOM.choice(SUFFIXES))
        else:
            result.append(one)
    if result and RANDOM.random() < rate:
        cut = RANDOM.randrange(len(result))
        result = result[cut:] + result[:cut]
    return result


def pairs():
    for kind in range(2400):
        length = RANDOM.randint(1, 18)
        reference = [token() for _ in range(length)]
        choice = kind % 12
        if choice == 0:
            yield text(reference), text(reference)
        elif choice == 1:
            yield text(reference), text([token() for _ in range(RANDOM.randint(1, 18))])
        elif choice == 2:
            yield text(reference), text(reference + [token() for _ in range(RANDOM.randint(1, 30))])
        elif choice == 3:
            mixed = reference + [RANDOM.choice(UNICODE) for _ in range(4)]
            RANDOM.shuffle(mixed)
            yield text(mixed), text(distorted(mixed, 0.3))
        elif choice == 4:
            shuffled = list(reference)
            RANDOM.shuffle(shuffled)
            yield text(reference), text(shuffled)
        elif choice == 5:
            small = [RANDOM.choice("a b c as is the".split()) for _ in range(length)]
            yield text(small), text([RANDOM.choice("a b c as is the".split()) for _ in range(length)])
        else:
            yield text(reference), text(distorted(reference, RANDOM.choice([0.1, 0.3, 0.6, 0.9])))
    hollow = ["", " ", "\n\t ", "...", "?!--", "\u2014\u201c", "\u6771\u4eac", "\u0410", "\U0001f600", "\u00a0", "_", "\u0000"]
    for one in hollow:
        for other in hollow[:4] + ["abc", text([token() for _ in range(5)])]:
            yield one, other
            yield other, one
    for length in (500, 1000, 2000, 3000):
        reference = [token() for _ in range(length // 20)] * 20
        yield text(reference), text(distorted(reference, 0.2))
    yield "a" * 20000, "a" * 20000
    yield "y" * 3000 + "ing", "y" * 3000 + "ed"


def pairs_of(files):
    for file in files:
        texts = []
        for line in Path(file).read_text(encoding="utf-8").splitlines():
            for value in json.loads(line).values():
                texts += [value] if isinstance(value, str) else []
        for one, neighbour in zip(texts, texts[1:] + texts[:1]):
            words = one.split(" ")
            yield one, neighbour
            yield one, " ".join(distorted(words, 0.3))


def write(path, lines):
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, 0) as packed:
        packed.write("".join(line + "\n" for line in lines).encode("utf-8"))


def main(folder, files):
    stemming = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=True)
    plain = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=False)
    lines = []
    for reference, generated in pairs_of(files) if files else pairs():
        row = [reference, generated]
        for scorer in (stemming, plain):
            score = scorer.score(reference, generated)["rougeL"]
            row += [score.precision, score.recall, score.fmeasure]
        lines.append(json.dumps(row))
    write(folder / "rouge-pairs.jsonl.gz", lines)
    if files:
        print(len(lines), "pairs")
        return

    stemmer = porter.PorterStemmer()
    words = set(VOCABULARY)
    while len(words) < 8000:
        draw = RANDOM.random()
        if draw < 0.8:
            words.add(word())
        elif draw < 0.9:
            words.add(word() + RANDOM.choice(SUFFIXES))
        else:
            words.add("".join(RANDOM.choice("aeiouyyylst01") for _ in range(RANDOM.randint(1, 9))))
    write(folder / "stems.tsv.gz", [one + "\t" + stemmer.stem(one) for one in sorted(words)])
    print(len(lines), "pairs,", len(words), "words")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
