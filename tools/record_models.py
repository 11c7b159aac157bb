"""Records what PyTorch makes of a model whose operator set, 1, ONNX Runtime does not run.

    python tools/record_models.py MODELS      reads MODELS/mnist.onnx,
                                              writes train/src/test/resources/models/recorded.safetensors

Versions: tools/requirements.txt.
"""
import pathlib
import sys

import numpy
import onnx
import torch
from onnx import numpy_helper

import recording

TARGET = pathlib.Path(__file__).parent.parent / "train/src/test/resources/models"

graph = onnx.load(pathlib.Path(sys.argv[1]) / "mnist.onnx").graph
weights = {node.output[0]: torch.tensor(numpy_helper.to_array(node.attribute[0].t))
           for node in graph.node if node.op_type == "Constant"}


def scores(x):
    """The network by hand: two convolutions, each with bias, ReLU and maximum pooling, and a linear layer."""
    x = torch.nn.functional.conv2d(x, weights["Parameter5"], weights["Parameter6"].flatten(), padding=2)
    x = torch.nn.functional.max_pool2d(torch.relu(x), 2)
    x = torch.nn.functional.conv2d(x, weights["Parameter87"], weights["Parameter88"].flatten(), padding=2)
    x = torch.nn.functional.max_pool2d(torch.relu(x), 3)
    return x.reshape(1, 256) @ weights["Parameter193"].reshape(256, 10) + weights["Parameter194"]


random = numpy.random.default_rng(3)
arrays = {}
for number in range(3):
    picture = random.normal(size=(1, 1, 28, 28)).astype(numpy.float32)
    arrays[f"{number}/Input3"] = picture
    arrays[f"{number}/Plus214_Output_0"] = scores(torch.tensor(picture)).numpy()
TARGET.mkdir(parents=True, exist_ok=True)
recording.save(TARGET, arrays)
