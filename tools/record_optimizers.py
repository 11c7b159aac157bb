"""Records steps of PyTorch's, transformers' and lion-pytorch's optimizers as train/src/test/resources/optimizers/steps.json.

python record_optimizers.py

Two weights, a matrix and a vector, follow six given gradients in float64; the rate changes from step to step.
"""
import json
from pathlib import Path

import torch
import transformers
from lion_pytorch import Lion

TARGET = Path(__file__).parent.parent / "train/src/test/resources/optimizers/steps.json"
SHAPES = [(3, 4), (5,)]
RATES = [1e-2, 2e-2, 5e-3, 1e-2, 3e-2, 1e-3]
DECAY = 0.1
CASES = [  # name, arguments as Graft spells them, what makes it
    ("adamw_torch", {}, torch.optim.AdamW),
    ("adamw_torch", {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-6},
     lambda p, **given: torch.optim.AdamW(p, betas=(0.8, 0.95), eps=1e-6, **given)),
    ("sgd", {"momentum": 0.0}, torch.optim.SGD),
    ("sgd", {}, lambda p, **given: torch.optim.SGD(p, momentum=0.9, **given)),
    ("sgd", {"momentum": 0.8, "nesterov": True},
     lambda p, **given: torch.optim.SGD(p, momentum=0.8, nesterov=True, **given)),
    ("adafactor", {}, lambda p, **given: transformers.Adafactor(p, scale_parameter=False, relative_step=False, **given)),
    ("adafactor", {"decay_rate": -0.5, "clip_threshold": 0.7},
     lambda p, **given: transformers.Adafactor(p, scale_parameter=False, relative_step=False, decay_rate=-0.5,
                                               clip_threshold=0.7, **given)),
    ("lion", {}, Lion),
    ("lion", {"beta1": 0.95, "beta2": 0.98}, lambda p, **given: Lion(p, betas=(0.95, 0.98), **given)),
]


def flat(tensors):
    return [tensor.detach().flatten().tolist() for tensor in tensors]


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(3)
    start = [torch.randn(shape) for shape in SHAPES]
    gradients = [[torch.randn(shape) for shape in SHAPES] for _ in RATES]
    cases = []
    for name, arguments, make in CASES:
        weights = [torch.nn.Parameter(weight.clone()) for weight in start]
        optimizer = make(weights, lr=RATES[0], weight_decay=DECAY)
        steps = []
        for rate, given in zip(RATES, gradients, strict=True):
            optimizer.param_groups[0]["lr"] = rate
            for weight, gradient in zip(weights, given, strict=True):
                weight.grad = gradient.clone()
            optimizer.step()
            steps.append(flat(weights))
        cases.append({"optimizer": name, "arguments": arguments, "steps": steps})
    record = {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__, "shapes": SHAPES,
              "rates": RATES, "weightDecay": DECAY, "start": flat(start), "gradients": [flat(g) for g in gradients],
              "cases": cases}
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(record) + "\n", "utf-8")
