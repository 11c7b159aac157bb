"""Records what PEFT makes of a small encoder: LoRA, DoRA and (IA)3 with weights of their own; outputs and gradients.

python record_adapters.py [--output FOLDER]

The encoder is that of the case bert-old-eager-opset14 of export_families.py, whose model.onnx the tests read.
"""
import argparse
import copy
from pathlib import Path

import numpy
import peft
import torch
from safetensors.numpy import load_file
from torch import nn

from export_families import LENGTHS, OUTPUT as FAMILIES, batch, build
from recording import save, within

HERE = Path(__file__).resolve().parent
OUTPUT = HERE.parent / "train/src/test/resources/adapters"
CASE = "bert-old-eager-opset14"
QUERY_AND_VALUE = ["query", "value"]
FEED_FORWARD = r"encoder\.layer\.\d+\.output\.dense"
METHODS = {
    "lora": peft.LoraConfig(r=4, lora_alpha=8, lora_dropout=0, target_modules=QUERY_AND_VALUE),
    "dora": peft.LoraConfig(r=4, lora_alpha=8, lora_dropout=0, target_modules=QUERY_AND_VALUE, use_dora=True),
    "ia3": peft.IA3Config(target_modules=r".*\.(key|value)|" + FEED_FORWARD, feedforward_modules=FEED_FORWARD),
}


class Bottleneck(nn.Module):
    """A linear layer and, behind it, two small ones with a way around them (Houlsby et al. 2019)."""

    def __init__(self, layer, width):
        super().__init__()
        self.layer = layer
        self.adapter_down = nn.Linear(layer.out_features, width)
        self.adapter_up = nn.Linear(width, layer.out_features)

    def forward(self, x):
        h = self.layer(x)
        return h + self.adapter_up(torch.relu(self.adapter_down(h)))


def bottlenecks(model):
    """The model with bottleneck adapters behind attention and feed-forward part; the names of what was added."""
    for layer in model.encoder.layer:
        layer.attention.output.dense = Bottleneck(layer.attention.output.dense, 6)
        layer.output.dense = Bottleneck(layer.output.dense, 6)
    return {name: name for name, _ in model.named_parameters() if ".adapter_" in name}


def adapted(method, model):
    """The model with the method's weights, and the names of those in PEFT's files by their names in the model."""
    if method == "bottleneck":
        return model, bottlenecks(model)
    with_adapter = peft.get_peft_model(model, METHODS[method])
    saved = peft.get_peft_model_state_dict(with_adapter)
    plain = {name.replace(".default", ""): name for name, _ in with_adapter.named_parameters()}
    names = {plain.get(name, plain.get(name + ".weight")): name.removeprefix("base_model.model.") for name in saved}
    assert None not in names, (sorted(saved), sorted(plain))
    return with_adapter, names


def record(method, folder):
    """Draws the method's weights, and writes them, outputs and gradients in float64 to the folder."""
    recorded = load_file(FAMILIES / CASE / "recorded.safetensors")
    inputs = batch("bert", LENGTHS, seed=2)
    projection = torch.tensor(recorded["projection"]).double()
    model, names = adapted(method, copy.deepcopy(build("bert")))
    model = model.double().eval()
    with torch.no_grad():
        before = model(**inputs)[0].numpy()
    if method != "bottleneck":
        difference = numpy.abs(before - recorded["output/last_hidden_state"]).max()
        assert difference < 1e-5, f"{method} does not start as the identity: {difference}"
    generator = torch.Generator().manual_seed(11)
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for name in names:
            drawn = 0.3 * torch.randn(parameters[name].shape, generator=generator)
            parameters[name] += drawn.float().double()
            parameters[name].copy_(parameters[name].float().double())
    output = model(**inputs)[0]
    (output * projection).sum().backward()
    folder.mkdir(parents=True, exist_ok=True)
    save(folder, {
        "output": output.detach().numpy(),
        **within("weight", {saved: parameters[name].detach().numpy() for name, saved in names.items()}),
        **within("gradient", {saved: parameters[name].grad.numpy() for name, saved in names.items()})})
    print(f"{method}: {len(names)} weights, changed by {numpy.abs(output.detach().numpy() - before).max():.2f}")


parser = argparse.ArgumentParser()
parser.add_argument("--output", type=Path, default=OUTPUT)
for each in [*METHODS, "bottleneck"]:
    record(each, parser.parse_args().output / each)
