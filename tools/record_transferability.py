"""Records LogME, H-score and LEEP of small features, transcribed from their papers in NumPy's float64.

    python tools/record_transferability.py    writes core/src/test/resources/transferability/scores.json

Versions: tools/requirements.txt.
"""
import json
import pathlib

import numpy

TARGET = pathlib.Path(__file__).parent.parent / "core/src/test/resources/transferability/scores.json"


def log_me(features, labels, classes):
    """You et al. 2021, algorithm 3, by a singular value decomposition of the features."""
    rows, width = features.shape
    u, s, _ = numpy.linalg.svd(features, full_matrices=False)
    sigma = numpy.zeros(width)
    sigma[:len(s)] = s ** 2
    total = 0
    for k in range(classes):
        y = (labels == k).astype(float)
        z2 = numpy.zeros(width)
        z2[:len(s)] = (u.T @ y) ** 2
        delta = y @ y - z2.sum()
        alpha = beta = 1.0
        for _ in range(11):
            t = alpha / beta
            gamma = (sigma / (sigma + t)).sum()
            m2 = (sigma * z2 / (t + sigma) ** 2).sum()
            res2 = (z2 / (1 + sigma / t) ** 2).sum() + delta
            alpha = gamma / (m2 + 1e-5)
            beta = (rows - gamma) / (res2 + 1e-5)
            if abs(alpha / beta - t) / t <= 1e-3:
                break
        total += (width / 2 * numpy.log(alpha) + rows / 2 * numpy.log(beta)
                  - numpy.log(alpha + beta * sigma).sum() / 2 - beta / 2 * res2 - alpha / 2 * m2
                  - rows / 2 * numpy.log(2 * numpy.pi)) / rows
    return total / classes


def h_score(features, labels):
    """Bao et al. 2019, definition 2."""
    means = numpy.stack([features[labels == label].mean(0) for label in labels])
    return numpy.trace(numpy.linalg.pinv(numpy.cov(features.T), rcond=1e-10) @ numpy.cov(means.T))


def leep(source, labels, classes):
    """Nguyen et al. 2020, equations 1 and 2."""
    joint = numpy.stack([source[labels == k].sum(0) for k in range(classes)]) / len(labels)
    conditional = joint / joint.sum(0)
    return numpy.log((source @ conditional.T)[numpy.arange(len(labels)), labels]).mean()


cases = []
for seed, rows, width, classes, spread in ((1, 40, 6, 3, 2.0), (2, 30, 8, 2, 0.3), (3, 60, 5, 4, 1.0)):
    random = numpy.random.default_rng(seed)
    labels = numpy.arange(rows) % classes
    features = (random.normal(size=(rows, width)) + spread * random.normal(size=(classes, width))[labels])
    features = features.astype(numpy.float32)
    source = random.dirichlet(numpy.full(4, 0.3), size=rows).astype(numpy.float32)
    exact = features.astype(numpy.float64)
    cases.append({"features": features.tolist(), "labels": labels.tolist(), "classes": classes,
                  "source": source.tolist(), "log_me": log_me(exact, labels, classes),
                  "h_score": h_score(exact, labels), "leep": leep(source.astype(numpy.float64), labels, classes)})
TARGET.parent.mkdir(parents=True, exist_ok=True)
TARGET.write_text(json.dumps(cases, indent=1) + "\n")
