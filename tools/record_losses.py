"""Records contrastive losses and their gradients as setfit and sentence-transformers compute them.

    python tools/record_losses.py             writes train/src/test/resources/losses/losses.json

SupConLoss is setfit's (Khosla et al. 2020), CosineSimilarityLoss that of sentence-transformers over all pairs of a batch.

Versions: tools/requirements.txt.
"""
import itertools
import json
import pathlib

import torch
from sentence_transformers.losses import CosineSimilarityLoss
from setfit.losses import SupConLoss
from torch import nn

TARGET = pathlib.Path(__file__).parent.parent / "train/src/test/resources/losses/losses.json"
LABELS = [0, 1, 0, 2, 2, 1, 0]
WIDTH = 5


class Given(nn.Module):
    """Stands for an encoder: gives out what it is given, at length 1."""

    def forward(self, features):
        return {"sentence_embedding": nn.functional.normalize(features["vectors"], dim=1)}


class SquaredError(nn.Module):
    """The mean squared error in float64, to which the loss gives its targets in float32."""

    def forward(self, output, targets):
        return nn.functional.mse_loss(output, targets.double())


def recorded(name, value, vectors):
    value.backward()
    return {"name": name, "value": value.item(), "gradient": vectors.grad.flatten().tolist()}


torch.manual_seed(5)
torch.set_default_dtype(torch.float64)
given = torch.randn(len(LABELS), WIDTH)
labels = torch.tensor(LABELS)
cases = []
for temperature in (0.07, 0.5):
    vectors = given.clone().requires_grad_()
    loss = SupConLoss(Given(), temperature=temperature, base_temperature=temperature)
    cases.append({"temperature": temperature}
                 | recorded("supervised contrastive", loss([{"vectors": vectors}], labels), vectors))
vectors = given.clone().requires_grad_()
first, second = zip(*itertools.combinations(range(len(LABELS)), 2))
first, second = torch.tensor(first), torch.tensor(second)
loss = CosineSimilarityLoss(Given(), SquaredError())
pairs = [{"vectors": vectors[first]}, {"vectors": vectors[second]}]
cases.append(recorded("cosine similarity", loss(pairs, (labels[first] == labels[second]).double()), vectors))
TARGET.parent.mkdir(parents=True, exist_ok=True)
TARGET.write_text(json.dumps({"vectors": given.flatten().tolist(), "labels": LABELS, "cases": cases}, indent=1) + "\n")
