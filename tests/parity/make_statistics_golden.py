"""Writes statistics.json with scikit-learn, numpy and scipy.

The file holds AUC, Min-K, Min-K++, Kolmogorov-Smirnov, zlib lengths and memorisation of random
inputs.

    pip install -r requirements-evaluation.txt
    python make_statistics_golden.py ../src/test/resources/evaluation
"""

import json
import sys
import zlib
from pathlib import Path

import numpy as np
from scipy.special import log_softmax
from scipy.stats import hmean, ks_2samp
from sklearn.metrics import roc_auc_score

RANDOM = np.random.default_rng(20251121)


def auc():
    for n, m, grid in [(1, 1, 0), (5, 9, 0), (40, 60, 0), (50, 50, 4), (30, 70, 2), (20, 20, 1), (200, 300, 20)]:
        positives, negatives = RANDOM.normal(0.4, 1, n), RANDOM.normal(0, 1, m)
        if grid:
            positives, negatives = np.round(positives * grid) / grid, np.round(negatives * grid) / grid
        labels = [1] * n + [0] * m
        value = roc_auc_score(labels, np.concatenate([positives, negatives]))
        yield {"positives": positives.tolist(), "negatives": negatives.tolist(), "auc": value}


def kolmogorov():
    for n, m, shift, grid in [(5, 5, 0, 0), (10, 10, 1, 0), (40, 40, 0.5, 0), (60, 60, 3, 0), (30, 50, 0.3, 0),
                              (40, 40, 0.5, 5), (50, 31, 1, 3), (100, 100, 0.2, 0), (17, 300, 2, 0)]:
        first, second = RANDOM.normal(0, 1, n), RANDOM.normal(shift, 1, m)
        if grid:
            first, second = np.round(first * grid) / grid, np.round(second * grid) / grid
        result = ks_2samp(first, second, method="exact")
        yield {"first": first.tolist(), "second": second.tolist(), "statistic": result.statistic, "p": result.pvalue}


def lowest(values, share):
    return float(-np.mean(np.sort(values)[: max(1, int(share * len(values)))]))


def tokens():
    for length, vocabulary, scale in [(1, 5, 1), (2, 7, 3), (7, 11, 2), (12, 20, 5), (20, 8, 40)]:
        logits = RANDOM.normal(0, scale, (length, vocabulary))
        targets = RANDOM.integers(0, vocabulary, length)
        logp = log_softmax(logits, axis=-1)
        p = np.exp(logp)
        mean = (p * logp).sum(-1)
        variance = np.maximum((p * logp**2).sum(-1) - mean**2, 1e-6)
        chosen = logp[np.arange(length), targets]
        standard = (chosen - mean) / np.sqrt(variance)
        hits = logits.argmax(-1) == targets
        known = next((k for k in range(length) if hits[k:].all()), length - 1)
        yield {
            "logits": logits.tolist(),
            "targets": targets.tolist(),
            "losses": (-chosen).tolist(),
            "mink": {str(k): lowest(chosen, k) for k in (0.2, 0.4, 1.0)},
            "minkpp": {str(k): lowest(standard, k) for k in (0.2, 0.4, 1.0)},
            "memorisation": float(hits.mean()),
            "extraction": 1 - known / length,
        }


def compressed():
    for text in ["", "a", "abcabcabc", "Sphinx of black quartz, judge my vow. " * 9, "\u6771\u4eac \u00e9t\u00e9", "0123456789" * 50]:
        yield {"text": text, "bytes": len(zlib.compress(text.encode("utf-8")))}


def main(folder):
    values = RANDOM.uniform(0.01, 1, 12)
    document = {
        "auc": list(auc()),
        "ks": list(kolmogorov()),
        "tokens": list(tokens()),
        "zlib": list(compressed()),
        "harmonic": {"values": values.tolist(), "mean": float(hmean(values))},
    }
    (folder / "statistics.json").write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
