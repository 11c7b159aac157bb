"""Trains a small BERT with a linear head in PyTorch for twelve steps and records everything that happens.

python record_training.py [--output FOLDER]

The trunk is `bert` of export_families.py; the head reads the mean of the last hidden state over the tokens of the
attention mask. Everything is computed in float64, without dropout.
"""
import argparse
import json
import shutil
from pathlib import Path

import onnx
import torch
from torch import nn
from transformers import get_linear_schedule_with_warmup

from export_families import HERE, batch, build, export
from recording import holders, in_layout, save, within

OUTPUT = HERE.parent / "train/src/test/resources/trajectory"
CLASSES, STEPS, WARMUP = 5, 12, 3
LENGTHS = (9, 6, 4), (11, 3, 8, 5, 2, 7, 10, 4, 6, 9, 11, 5, 8, 3, 7)  # two batches take turns
OPTIMIZER = dict(lr=1e-3, betas=(0.9, 0.999), eps=1e-8)
WEIGHT_DECAY, MAX_NORM = 0.01, 1.0
SILENT = 1e-12  # a gradient that stays below is zero but for rounding


class Classifier(nn.Module):
    """A trunk and a linear layer over its mean-pooled tokens."""

    def __init__(self, trunk):
        super().__init__()
        self.trunk = trunk
        self.head = nn.Linear(trunk.config.hidden_size, CLASSES)
        nn.init.normal_(self.head.weight, std=0.02)

    def forward(self, inputs):
        hidden = self.trunk(**inputs).last_hidden_state
        mask = inputs["attention_mask"].unsqueeze(-1).to(hidden.dtype)
        return self.head((hidden * mask).sum(1) / mask.sum(1))


def decays(name):
    """Whether weight decay applies: everywhere but on biases and LayerNorm weights."""
    return not name.endswith("bias") and "LayerNorm" not in name


def train(model, batches, labels):
    """One optimizer step a batch; the scalars of each step, and the largest gradient that each parameter has seen."""
    named = dict(model.named_parameters())
    groups = [{"params": [p for n, p in named.items() if decays(n)], "weight_decay": WEIGHT_DECAY},
              {"params": [p for n, p in named.items() if not decays(n)], "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, **OPTIMIZER)
    schedule = get_linear_schedule_with_warmup(optimizer, WARMUP, STEPS)
    steps, largest = [], dict.fromkeys(named, 0.0)
    for inputs, label in zip(batches, labels, strict=True):
        loss = nn.functional.cross_entropy(model(inputs), label)
        loss.backward()
        for name, parameter in named.items():
            largest[name] = max(largest[name], float(parameter.grad.abs().max()))
        norm = nn.utils.clip_grad_norm_(named.values(), MAX_NORM)
        steps.append({"loss": loss.item(), "gradNorm": norm.item(), "learningRate": schedule.get_last_lr()[0]})
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
    return steps, largest


def main(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    trunk = build("bert", "eager")
    export("bert", trunk, "old", 17, str(folder / "model.onnx"))
    held = holders(onnx.load(folder / "model.onnx").graph, dict(trunk.named_parameters()))

    torch.manual_seed(11)
    model = Classifier(trunk).eval().double()
    head = {f"head.{n}": p.detach().numpy().copy() for n, p in model.head.named_parameters()}
    turns = [LENGTHS[step % len(LENGTHS)] for step in range(STEPS)]
    batches = [batch("bert", lengths, seed=100 + len(lengths)) for lengths in turns]
    labels = [torch.arange(len(lengths)) % CLASSES for lengths in turns]
    steps, largest = train(model, batches, labels)

    trained = {n: p.detach().numpy() for n, p in model.named_parameters()}
    final = {i: in_layout(trained[f"trunk.{name}"], transposed) for i, (name, transposed) in held.items()}
    arrays = {**head, **within("final", {**final, **{name: trained[name] for name in head}})}
    for step, (inputs, label) in enumerate(zip(batches, labels)):
        arrays |= within(f"step_{step}", {**{n: t.numpy() for n, t in inputs.items()}, "labels": label.numpy()})
    save(folder, arrays)
    silent = [i for i, (name, _) in held.items() if largest[f"trunk.{name}"] < SILENT]
    undecayed = [i for i, (name, _) in held.items() if not decays(name)] + ["head.bias"]
    record = {
        "optimizer": "AdamW", "learningRate": OPTIMIZER["lr"], "betas": OPTIMIZER["betas"], "epsilon": OPTIMIZER["eps"],
        "weightDecay": WEIGHT_DECAY, "withoutDecay": undecayed, "maxGradNorm": MAX_NORM, "warmupSteps": WARMUP,
        "schedule": "linear", "pooling": "mean", "loss": "cross-entropy", "withoutGradient": silent, "steps": steps,
    }
    (folder / "trajectory.json").write_text(json.dumps(record, indent=1) + "\n")
    for step in steps:
        print(" ".join(f"{key} {value:.6g}" for key, value in step.items()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    main(parser.parse_args().output)
