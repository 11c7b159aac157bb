"""Records scikit-learn's logistic regression on small features, centred and brought to one scale.

    python tools/record_probe.py              writes train/src/test/resources/probe/probe.json

Versions: tools/requirements.txt.
"""
import json
import pathlib

import numpy
from sklearn.linear_model import LogisticRegression

TARGET = pathlib.Path(__file__).parent.parent / "train/src/test/resources/probe/probe.json"
ROWS, WIDTH, CLASSES = 48, 5, 3

random = numpy.random.default_rng(5)
labels = numpy.arange(ROWS) % CLASSES
centres = random.normal(size=(CLASSES, WIDTH))
features = (3 + random.normal(size=(ROWS, WIDTH)) + centres[labels]) * [1, 10, 0.1, 1, 2]
features = features.astype(numpy.float32)
centred = features.astype(numpy.float64) - features.astype(numpy.float64).mean(0)
scaled = centred / numpy.sqrt(centred.var(0).mean())
cases = []
for strength in (0.03, 1.0):
    model = LogisticRegression(C=strength, tol=1e-10, max_iter=10_000).fit(scaled, labels)
    cases.append({"strength": strength,
                  "probabilities": model.predict_proba(scaled).round(6).tolist()})
TARGET.parent.mkdir(parents=True, exist_ok=True)
TARGET.write_text(json.dumps({"features": features.tolist(), "labels": labels.tolist(), "cases": cases}, indent=1)
                  + "\n")
