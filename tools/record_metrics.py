"""Records what scikit-learn and SciPy say of small sets of predictions and texts.

    python tools/record_metrics.py            writes core/src/test/resources/metrics/*.json
    python tools/record_metrics.py FOLDER     prints the n-gram baseline's accuracy on FOLDER/train.csv, test.csv

The bootstrap intervals take some minutes. Versions: tools/requirements.txt.
"""
import csv
import json
import pathlib
import sys
import warnings

import numpy
from scipy import stats
from sklearn import metrics
from sklearn.calibration import calibration_curve
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

TARGET = pathlib.Path(__file__).parent.parent / "core/src/test/resources/metrics"
BINS = 15
C = 10

SUPPORT = [
    ("Where is my parcel? It has not arrived.", 0),
    ("My parcel never arrived at the door", 0),
    ("the parcel I ordered is late again", 0),
    ("parcel parcel parcel: late, late!", 0),
    ("I want my money back", 1),
    ("Please refund the money you took", 1),
    ("Refund me for the shoes, I'm not happy", 1),
    ("money was taken twice; refund one", 1),
    ("How do I change my password?", 2),
    ("the password reset link is broken", 2),
    ("Can't log in, password forgotten", 2),
    ("log in fails with a new password", 2),
]
UNSEEN = [
    "my parcel is late",
    "refund my MONEY",
    "the password was forgotten again",
    "Öffnungszeiten für Straße_12 und naïve cafés, ２０２４",
    "parcel parcel refund",
    "x",
]


def probabilities(generator, rows, classes, sharpness, expected):
    """Softmax of noise that leans towards the expected class, with four decimals that add up to 1."""
    logits = generator.normal(size=(rows, classes))
    logits[numpy.arange(rows), expected] += sharpness
    exact = numpy.exp(logits * 2)
    exact /= exact.sum(axis=1, keepdims=True)
    parts = numpy.floor(exact * 10_000).astype(int)
    parts[numpy.arange(rows), exact.argmax(axis=1)] += 10_000 - parts.sum(axis=1)
    return parts / 10_000


def drawn(seed, rows, classes, sharpness, shares=None):
    generator = numpy.random.default_rng(seed)
    expected = generator.choice(classes, size=rows, p=shares)
    return classes, expected, probabilities(generator, rows, classes, sharpness, expected)


def cases():
    yield "binary", drawn(1, 80, 2, 1.0)
    yield "unbalanced", drawn(2, 120, 4, 1.5, [0.9, 0.06, 0.04, 0.0])
    yield "twelve", drawn(3, 150, 12, 2.5)
    yield "seventy_seven", drawn(4, 60, 77, 3.0)
    yield "perfect", (3, numpy.array([0, 1, 2, 1]), numpy.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0]]) * 1.0)
    yield "all_wrong", (2, numpy.array([0, 1, 0]), numpy.array([[0, 1], [1, 0], [0.25, 0.75]]))
    yield "one_answer", (3, numpy.array([0, 1, 2, 0, 0]), numpy.array([[0.6, 0.2, 0.2]] * 5))
    yield "ties", (3, numpy.array([0, 1, 2]), numpy.array([[0.4, 0.4, 0.2], [0.4, 0.4, 0.2], [0.2, 0.4, 0.4]]))
    yield "one_row", (2, numpy.array([1]), numpy.array([[0.2, 0.8]]))


def overall(classes, expected, distribution):
    """The overall metrics, in the names of scores.json."""
    predicted = distribution.argmax(axis=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            "accuracy": metrics.accuracy_score(expected, predicted),
            "balanced_accuracy": metrics.balanced_accuracy_score(expected, predicted),
            "macro_f1": metrics.f1_score(expected, predicted, average="macro", zero_division=0),
            "weighted_f1": metrics.f1_score(expected, predicted, average="weighted", zero_division=0),
            "mcc": metrics.matthews_corrcoef(expected, predicted),
            "log_loss": metrics.log_loss(expected, distribution, labels=range(classes)),
            "calibration_error": calibration(expected, distribution)[0],
        }


def calibration(expected, distribution):
    """The expected calibration error, and accuracy and confidence of the bins that hold rows."""
    confidence = distribution.max(axis=1)
    correct = (distribution.argmax(axis=1) == expected).astype(int)
    accuracy, mean = calibration_curve(correct, confidence, n_bins=BINS, strategy="uniform", pos_label=1)
    edges = numpy.linspace(0, 1, BINS + 1)
    counts = numpy.bincount(numpy.searchsorted(edges[1:-1], confidence), minlength=BINS)
    filled = counts[counts > 0]
    error = float((filled * numpy.abs(accuracy - mean)).sum() / len(expected))
    return error, counts.tolist(), accuracy.tolist(), mean.tolist()


def intervals(classes, expected, distribution):
    """SciPy's percentile bootstrap of every overall metric."""
    rows = numpy.arange(len(expected))

    def interval(name):
        result = stats.bootstrap(
            (rows,),
            lambda chosen: overall(classes, expected[chosen], distribution[chosen])[name],
            vectorized=False, n_resamples=2000, method="percentile", rng=numpy.random.default_rng(0))
        return [float(result.confidence_interval.low), float(result.confidence_interval.high)]

    return {name: interval(name) for name in overall(classes, expected, distribution)}


def recorded(name, classes, expected, distribution):
    distribution = distribution.astype(numpy.float32)
    predicted = distribution.argmax(axis=1)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        expected, predicted, labels=range(classes), zero_division=0)
    _, counts, accuracy, confidence = calibration(expected, distribution)
    case = {
        "classes": classes,
        "expected": expected.tolist(),
        "probabilities": [[round(float(p), 4) for p in row] for row in distribution],
        "scores": {key: float(value) for key, value in overall(classes, expected, distribution).items()},
        "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(), "support": support.tolist(),
        "bin_rows": counts, "bin_accuracy": accuracy, "bin_confidence": confidence,
    }
    if name in ("binary", "twelve"):
        case["intervals"] = intervals(classes, expected, distribution)
    return case


def model(texts, labels):
    vectorizer = TfidfVectorizer(ngram_range=(1, 2))
    classifier = OneVsRestClassifier(LogisticRegression(solver="liblinear", C=C))
    return vectorizer, classifier.fit(vectorizer.fit_transform(texts), labels)


def ngrams():
    texts, labels = zip(*SUPPORT)
    vectorizer, classifier = model(texts, labels)
    names = vectorizer.get_feature_names_out()
    vectors = vectorizer.transform(UNSEEN)
    return {
        "texts": texts, "labels": labels, "unseen": UNSEEN, "terms": len(names),
        "analyzed": [vectorizer.build_analyzer()(text) for text in UNSEEN],
        "vectors": [{str(names[j]): float(row[0, j]) for j in row.indices} for row in vectors],
        "probabilities": classifier.predict_proba(vectors).tolist(),
    }


def write(name, value):
    TARGET.mkdir(parents=True, exist_ok=True)
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    (TARGET / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))[1:]
    return [line[0] for line in lines], [line[1] for line in lines]


if len(sys.argv) > 1:
    folder = pathlib.Path(sys.argv[1])
    vectorizer, classifier = model(*rows(folder / "train.csv"))
    texts, labels = rows(folder / "test.csv")
    print(metrics.accuracy_score(labels, classifier.predict(vectorizer.transform(texts))))
else:
    for name, case in cases():
        write(name, recorded(name, *case))
    write("ngrams", ngrams())
