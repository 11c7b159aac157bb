"""Records what scikit-learn, SciPy and PyTorch say of rows with several labels, ordered labels and numbers.

    python tools/record_targets.py            writes core/src/test/resources/targets/*.json and
                                              train/src/test/resources/targets/*.json

Versions: tools/requirements.txt.
"""
import json
import pathlib

import numpy
import torch
from scipy import stats
from sklearn import metrics
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge

ROOT = pathlib.Path(__file__).parent.parent
CORE = ROOT / "core/src/test/resources/targets"
TRAIN = ROOT / "train/src/test/resources/targets"

TEXTS = [
    "the parcel is late", "the parcel is late and broken", "broken screen", "refund my money", "late refund",
    "a broken parcel and no refund", "thank you", "the money came late", "screen and parcel broken", "all is well",
]
LABELS = [["late"], ["late", "broken"], ["broken"], ["refund"], ["late", "refund"], ["broken", "refund"], [], ["late"],
          ["broken"], []]
NUMBERS = [2.5, 1.25, 1.5, 2.0, 1.75, 0.5, 5.0, 2.25, 1.0, 4.5]
UNSEEN = ["the screen is late", "thank you for the refund", "broken", "nothing that is known"]


def sets():
    """Predictions of labels, with ties, an empty row that is answered emptily, and thresholds that differ."""
    generator = numpy.random.default_rng(5)
    expected = generator.random((60, 4)) < [0.5, 0.3, 0.2, 0.1]
    said = numpy.round(1 / (1 + numpy.exp(-generator.normal(size=(60, 4)) - 2 * expected + 1)), 2).astype(numpy.float32)
    thresholds = numpy.array([0.5, 0.4, 0.35, 0.6])
    answers = said >= thresholds
    f1 = {f"{average}_f1": metrics.f1_score(expected, answers, average=average, zero_division=empty)
          for average, empty in (("micro", 0), ("macro", 0), ("samples", 1))}
    scores = {
        **f1,
        "subset_accuracy": metrics.accuracy_score(expected, answers),
        "hamming_loss": metrics.hamming_loss(expected, answers),
        "average_precision": metrics.average_precision_score(expected, said, average="macro"),
    }
    precision, recall, each, support = metrics.precision_recall_fscore_support(expected, answers, zero_division=0)
    return {"expected": expected.tolist(), "probabilities": numpy.round(said.astype(float), 2).tolist(),
            "thresholds": thresholds.tolist(), "scores": plain(scores), "precision": precision.tolist(),
            "recall": recall.tolist(), "f1": each.tolist(), "support": support.tolist()}


def ordered():
    generator = numpy.random.default_rng(6)
    expected = generator.choice(5, size=80, p=[0.4, 0.3, 0.15, 0.1, 0.05])
    logits = generator.normal(size=(80, 5)) - 0.7 * numpy.abs(numpy.arange(5) - expected[:, None])
    said = numpy.exp(logits) / numpy.exp(logits).sum(axis=1, keepdims=True)
    said = said.astype(numpy.float32)
    answers = said.argmax(axis=1)
    scores = {
        "quadratic_weighted_kappa": metrics.cohen_kappa_score(expected, answers, weights="quadratic"),
        "mae": metrics.mean_absolute_error(expected, answers),
        "accuracy": metrics.accuracy_score(expected, answers),
        "spearman": stats.spearmanr(expected, answers).statistic,
        "log_loss": metrics.log_loss(expected, said.astype(float), labels=range(5)),
    }
    return {"expected": expected.tolist(), "probabilities": said.astype(float).tolist(), "scores": plain(scores)}


def numbers():
    generator = numpy.random.default_rng(7)
    expected = numpy.round(generator.normal(3, 2, size=70), 1)
    said = numpy.round(expected + generator.normal(0, 1.5, size=70), 1)
    scores = {
        "r2": metrics.r2_score(expected, said),
        "mae": metrics.mean_absolute_error(expected, said),
        "rmse": metrics.root_mean_squared_error(expected, said),
        "pearson": stats.pearsonr(expected, said).statistic,
        "spearman": stats.spearmanr(expected, said).statistic,
    }
    intervals = {}
    for name in scores:
        draws = generator.integers(0, 70, size=(4000, 70))
        of = {"r2": metrics.r2_score, "mae": metrics.mean_absolute_error, "rmse": metrics.root_mean_squared_error,
              "pearson": lambda a, b: stats.pearsonr(a, b).statistic,
              "spearman": lambda a, b: stats.spearmanr(a, b).statistic}[name]
        values = [of(expected[rows], said[rows]) for rows in draws]
        intervals[name] = numpy.quantile(values, [0.025, 0.975]).tolist()
    return {"expected": expected.tolist(), "predicted": said.tolist(), "scores": plain(scores), "intervals": intervals}


def baselines():
    """One logistic regression a label, and ridge regression of the numbers less their mean, on words and pairs."""
    vectorizer = TfidfVectorizer(ngram_range=(1, 2))
    learned = vectorizer.fit_transform(TEXTS)
    asked = vectorizer.transform(UNSEEN)
    names = sorted({name for row in LABELS for name in row})
    has = numpy.array([[name in row for name in names] for row in LABELS])
    probabilities = [LogisticRegression(solver="liblinear", C=10, tol=1e-6).fit(learned, has[:, k]).predict_proba(asked)[:, 1]
                     for k in range(len(names))]
    ones = lambda vectors: numpy.hstack([vectors.toarray(), numpy.ones((vectors.shape[0], 1))])
    mean = numpy.mean(NUMBERS)
    ridge = Ridge(alpha=1, fit_intercept=False, tol=1e-10).fit(ones(learned), numpy.array(NUMBERS) - mean)
    return {"texts": TEXTS, "names": names, "has": has.tolist(), "numbers": NUMBERS, "unseen": UNSEEN,
            "probabilities": numpy.array(probabilities).T.tolist(), "ridge": (ridge.predict(ones(asked)) + mean).tolist()}


def heads():
    """CORN's conditional probabilities as log-probabilities of classes, and losses with their gradients."""
    torch.manual_seed(3)
    steps = torch.randn(6, 3, dtype=torch.float64) * 3
    above = torch.sigmoid(steps)
    passed = torch.cumprod(above, dim=1)
    classes = torch.cat([1 - passed[:, :1], passed[:, :-1] - passed[:, 1:], passed[:, -1:]], dim=1)
    logits = torch.randn(5, 3, requires_grad=True)
    has = (torch.rand(5, 3) < 0.4).float()
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, has)
    loss.backward()
    return {"steps": steps.tolist(), "log_probabilities": torch.log(classes).tolist(),
            "logits": logits.tolist(), "has": has.tolist(), "bce": loss.item(), "bce_gradient": logits.grad.tolist()}


def probes():
    """Heads on fixed features: a logistic regression for each label, and ridge regression."""
    generator = numpy.random.default_rng(8)
    features = numpy.round(generator.normal(size=(40, 5)), 3)
    weights = generator.normal(size=(5, 3))
    has = features @ weights + generator.normal(size=(40, 3)) > 0.3
    logistic = [LogisticRegression(C=0.3, tol=1e-10, max_iter=10_000).fit(features, has[:, k]) for k in range(3)]
    targets = features @ weights[:, 0] + generator.normal(size=40)
    ridge = Ridge(alpha=1 / 0.3).fit(features, targets)
    return {"features": features.tolist(), "has": has.tolist(), "strength": 0.3,
            "weights": [model.coef_[0].tolist() + model.intercept_.tolist() for model in logistic],
            "targets": targets.tolist(), "ridge": ridge.coef_.tolist() + [float(ridge.intercept_)]}


def plain(scores):
    return {name: float(value) for name, value in scores.items()}


def write(folder, name, value):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(value, separators=(",", ":")) + "\n", encoding="utf-8")


write(CORE, "sets", sets())
write(CORE, "ordered", ordered())
write(CORE, "numbers", numbers())
write(CORE, "baselines", baselines())
write(TRAIN, "heads", heads())
write(TRAIN, "probes", probes())
