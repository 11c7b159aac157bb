"""Seconds for one training step of ResNet-20 in PyTorch, with the weights of the ONNX file: the peer of ImageStep.

    python resnet_step.py ../shared/models/resnet20-cifar10.onnx --batch 64 --steps 30 --threads 2
"""

import argparse
import json
import statistics
import time

import numpy
import onnx
import onnxruntime
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional

WARM_UP = 5


class Block(nn.Module):
    """Two convolutions beside a shortcut that thins out places and pads channels with zeros (He et al. 2016, option A)."""

    def __init__(self, before, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.padding = (width - before) // 2

    def forward(self, x):
        inner = functional.relu(self.bn1(self.conv1(x)))
        inner = self.bn2(self.conv2(inner))
        if self.padding:
            x = functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.padding, self.padding))
        return functional.relu(inner + x)


class ResNet20(nn.Module):
    """The network of the file, under the file's own weight names."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = nn.Sequential(*[Block(16, 16, 1) for _ in range(3)])
        self.layer2 = nn.Sequential(*[Block(16 if i == 0 else 32, 32, 2 if i == 0 else 1) for i in range(3)])
        self.layer3 = nn.Sequential(*[Block(32 if i == 0 else 64, 64, 2 if i == 0 else 1) for i in range(3)])
        self.linear = nn.Linear(64, 10)

    def forward(self, x):
        x = functional.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.linear(x.mean((2, 3)))


def load(path):
    """The network with the weights of the file, held to ONNX Runtime's answer."""
    weights = {each.name: torch.tensor(numpy_helper.to_array(each)) for each in onnx.load(path).graph.initializer}
    network = ResNet20()
    missing, unexpected = network.load_state_dict(weights, strict=False)
    wrong = [name for name in missing if not name.endswith("num_batches_tracked")] + unexpected
    if wrong:
        raise SystemExit(f"these weights have no counterpart: {wrong}")
    x = numpy.random.default_rng(1).standard_normal((4, 3, 32, 32)).astype(numpy.float32)
    expected = onnxruntime.InferenceSession(path).run(None, {"image": x})[0]
    with torch.no_grad():
        difference = numpy.abs(network.eval()(torch.tensor(x)).numpy() - expected).max()
    if difference > 1e-3:
        raise SystemExit(f"the network differs from the file's by {difference}")
    return network.train()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(42)
    network = load(arguments.model)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=0.01, fused=True)
    images = torch.randn(arguments.batch, 3, 32, 32)
    labels = torch.randint(10, (arguments.batch,))
    seconds = []
    for _ in range(WARM_UP + arguments.steps):
        start = time.perf_counter()
        loss = functional.cross_entropy(network(images), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        loss.item()
        seconds.append(time.perf_counter() - start)
    measured = sorted(seconds[WARM_UP:])
    print(json.dumps({"step_s_median": statistics.median(measured), "step_s_min": measured[0], "loss": loss.item()}))


if __name__ == "__main__":
    main()
