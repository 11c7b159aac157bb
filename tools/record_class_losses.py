"""Records losses of classes and their gradients by PyTorch as train/src/test/resources/losses/classes.json.

python record_class_losses.py

Focal loss is written out after Lin et al. 2017, R-Drop after the listing of Liang et al. 2021 with divergences that are
summed over classes and averaged over rows, the supervised contrastive term after equation 2 of Gunel et al. 2021 with a
mean over rows; balanced weights are scikit-learn's.
"""
import json
from pathlib import Path

import numpy
import torch
from sklearn.utils.class_weight import compute_class_weight
from torch.nn import functional

TARGET = Path(__file__).parent.parent / "train/src/test/resources/losses/classes.json"
LABELS = [0, 1, 0, 2, 2, 1, 0, 0]
WEIGHTS = compute_class_weight("balanced", classes=numpy.unique(LABELS), y=LABELS)


def focal(logits, labels, gamma, weights):
    right = functional.log_softmax(logits, 1).gather(1, labels[:, None]).squeeze(1)
    factors = torch.ones(3) if weights is None else weights
    return -(factors[labels] * (1 - right.exp()) ** gamma * right).sum() / factors[labels].sum()


def r_drop(logits, labels, alpha, weights):
    one, other = logits.chunk(2)
    half = labels[: len(labels) // 2]
    surprise = 0.5 * (functional.cross_entropy(one, half, weights) + functional.cross_entropy(other, half, weights))
    p, q = functional.log_softmax(one, 1), functional.log_softmax(other, 1)
    divergence = 0.5 * (functional.kl_div(p, q, reduction="batchmean", log_target=True)
                        + functional.kl_div(q, p, reduction="batchmean", log_target=True))
    return surprise + alpha * divergence


def contrasted(logits, labels, share, temperature, weights):
    """The vectors are the logits themselves."""
    unit = functional.normalize(logits, dim=1)
    terms = []
    for i in range(len(labels)):
        others = [k for k in range(len(labels)) if k != i]
        alike = [j for j in others if labels[j] == labels[i]]
        total = torch.logsumexp(torch.stack([unit[i] @ unit[k] / temperature for k in others]), 0)
        terms += [-sum(unit[i] @ unit[j] / temperature - total for j in alike) / len(alike)] if alike else []
    return (1 - share) * functional.cross_entropy(logits, labels, weights) + share * torch.stack(terms).mean()


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(8)
    given, weights, labels = torch.randn(len(LABELS), 3), torch.tensor(WEIGHTS), torch.tensor(LABELS)
    twice = torch.cat([labels[:4], labels[:4]])
    cases = []
    for name, arguments, targets, weighted, loss in [
        ("cross_entropy", {}, labels, False, lambda x, y, w: functional.cross_entropy(x, y, w)),
        ("cross_entropy", {}, labels, True, lambda x, y, w: functional.cross_entropy(x, y, w)),
        ("focal", {}, labels, False, lambda x, y, w: focal(x, y, 2, w)),
        ("focal", {"gamma": 0.5}, labels, True, lambda x, y, w: focal(x, y, 0.5, w)),
        ("r_drop", {}, twice, False, lambda x, y, w: r_drop(x, y, 1, w)),
        ("r_drop", {"alpha": 4}, twice, True, lambda x, y, w: r_drop(x, y, 4, w)),
        ("supervised_contrastive", {}, labels, False, lambda x, y, w: contrasted(x, y, 0.9, 0.3, w)),
        ("supervised_contrastive", {"lambda": 0.5, "temperature": 0.1}, torch.tensor([0, 1, 0, 0, 2, 1, 0, 0]), True,
         lambda x, y, w: contrasted(x, y, 0.5, 0.1, w)),
    ]:
        logits = given.clone().requires_grad_()
        value = loss(logits, targets, weights if weighted else None)
        value.backward()
        cases.append({"loss": name, "arguments": arguments, "targets": targets.tolist(), "weighted": weighted,
                      "value": value.item(), "gradient": logits.grad.flatten().tolist()})
    record = {"torch": torch.__version__.split("+")[0], "labels": LABELS, "balanced": WEIGHTS.tolist(),
              "logits": given.flatten().tolist(), "cases": cases}
    TARGET.write_text(json.dumps(record) + "\n", "utf-8")
