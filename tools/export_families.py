"""Exports small random encoders to ONNX and records what PyTorch computes with them: outputs and gradients.

python export_families.py [--output FOLDER] [--only TEXT]
"""
import argparse
import copy
import inspect
import logging
import shutil
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy
import onnx
import onnxruntime
import torch
import transformers
from torch import nn

from recording import holders, in_layout, save, within

HERE = Path(__file__).resolve().parent
OUTPUT = HERE.parent / "train/src/test/resources/families"
SIZES = dict(vocab_size=120, hidden_size=24, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48,
             max_position_embeddings=40)
BATCH, LENGTHS = 3, (9, 6, 4)


@dataclass(frozen=True)
class Family:
    """A kind of encoder: its classes' stem in transformers, which class of it, and what its sizes are called."""
    stem: str
    head: str = "Model"
    settings: tuple = ()
    types: bool = False  # takes token_type_ids
    outputs: tuple = ("last_hidden_state",)


FAMILIES = {
    "bert": Family("Bert", types=True),
    "bert-pooler": Family("Bert", types=True, outputs=("last_hidden_state", "pooler_output")),
    "bert-classifier": Family("Bert", "ForSequenceClassification", types=True, outputs=("logits",)),
    "roberta": Family("Roberta"),
    "roberta-classifier": Family("Roberta", "ForSequenceClassification", outputs=("logits",)),
    "distilbert": Family("DistilBert"),
    "mpnet": Family("MPNet"),
    "deberta-v2": Family("DebertaV2", types=True, settings=(
        ("relative_attention", True), ("position_buckets", 8), ("norm_rel_ebd", "layer_norm"), ("type_vocab_size", 0),
        ("share_att_key", True), ("pos_att_type", ["p2c", "c2p"]), ("position_biased_input", False))),
    "albert": Family("Albert", types=True, settings=(("embedding_size", 16),)),
    "electra": Family("Electra", types=True, settings=(("embedding_size", 16),)),
}

# family, exporter, attention, opset
CASES = [
    ("bert", "old", "eager", 11), ("bert", "old", "eager", 14), ("bert", "old", "eager", 17),
    ("bert", "old", "sdpa", 14), ("bert", "old", "sdpa", 17),
    ("bert", "dynamo", "eager", 18), ("bert", "dynamo", "sdpa", 18), ("bert", "dynamo", "sdpa", 20),
    ("bert", "dynamo", "sdpa", 23), ("bert", "optimum", "eager", 14), ("bert", "optimum", "sdpa", 18),
    ("bert-pooler", "old", "sdpa", 17),
    ("bert-classifier", "old", "eager", 14), ("bert-classifier", "dynamo", "sdpa", 18),
    ("roberta", "old", "eager", 14), ("roberta", "dynamo", "sdpa", 18), ("roberta", "optimum", "sdpa", 17),
    ("roberta-classifier", "old", "sdpa", 17),
    ("distilbert", "old", "eager", 14), ("distilbert", "old", "sdpa", 17), ("distilbert", "dynamo", "sdpa", 18),
    ("distilbert", "optimum", "sdpa", 14),
    ("mpnet", "old", "eager", 14), ("mpnet", "dynamo", "eager", 18), ("mpnet", "optimum", "eager", 17),
    ("deberta-v2", "old", "eager", 14), ("deberta-v2", "dynamo", "eager", 18), ("deberta-v2", "optimum", "eager", 17),
    ("albert", "old", "eager", 14), ("albert", "old", "sdpa", 17), ("albert", "dynamo", "sdpa", 18),
    ("albert", "optimum", "sdpa", 14),
    ("electra", "old", "eager", 14), ("electra", "dynamo", "eager", 18), ("electra", "optimum", "eager", 17),
]


def build(name, attention="eager"):
    """The family's encoder with random weights, all of them distinguishable, in evaluation mode."""
    family = FAMILIES[name]
    torch.manual_seed(7)
    config = getattr(transformers, family.stem + "Config")()
    for key, value in SIZES.items():
        setattr(config, key, value)  # through the family's own names: DistilBERT's are dim, n_layers, …
    config.update(dict(family.settings))
    if family.stem == "DistilBert":
        config.hidden_dim = SIZES["intermediate_size"]
    config._attn_implementation = attention
    config.num_labels = 5
    cls = getattr(transformers, family.stem + family.head)
    pooled = "add_pooling_layer" in inspect.signature(cls.__init__).parameters
    model = cls(config, add_pooling_layer="pooler_output" in family.outputs) if pooled else cls(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.2 * torch.randn_like(parameter)
    for module in model.modules():
        if isinstance(module, nn.Embedding):
            module.padding_idx = None  # a graph's Gather learns the padding row as any other
    return model.eval()


def batch(name, lengths, seed):
    """Token ids padded to the longest, with their mask and, where the family takes them, types."""
    family = FAMILIES[name]
    generator = torch.Generator().manual_seed(seed)
    shape = len(lengths), max(lengths)
    mask = (torch.arange(shape[1]) < torch.tensor(lengths)[:, None]).long()
    padding = getattr(transformers, family.stem + "Config")().pad_token_id
    ids = torch.randint(5, SIZES["vocab_size"], shape, generator=generator)
    inputs = {"input_ids": ids * mask + padding * (1 - mask), "attention_mask": mask}
    if family.types:
        inputs["token_type_ids"] = torch.randint(0, 2, shape, generator=generator) * mask
    return inputs


def export(name, model, exporter, opset, path):
    """Writes the model as an ONNX file, batch and sequence dynamic, as the named exporter does it."""
    inputs, outputs = batch(name, (7, 5), seed=1), FAMILIES[name].outputs
    axes = {0: "batch", 1: "sequence"}
    common = dict(input_names=list(inputs), output_names=list(outputs), opset_version=opset)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if exporter == "old":
            ranks = {o: {0: "batch"} if o in ("logits", "pooler_output") else axes for o in outputs}
            torch.onnx.export(model, tuple(inputs.values()), path, dynamo=False, **common,
                              dynamic_axes={**{i: axes for i in inputs}, **ranks})
        elif exporter == "dynamo":
            torch.onnx.export(model, tuple(inputs.values()), path, dynamo=True, external_data=False, verbose=False,
                              dynamic_shapes=(axes,) * len(inputs), **common)
        else:
            from optimum.exporters.onnx import onnx_export_from_model
            with tempfile.TemporaryDirectory() as folder:
                onnx_export_from_model(model, folder, task="feature-extraction", opset=opset, do_validation=False)
                Path(path).write_bytes((Path(folder) / "model.onnx").read_bytes())
    trimmed = trim(onnx.load(path))
    onnx.checker.check_model(trimmed, full_check=True)
    onnx.save(trimmed, path)


def trim(model):
    """Without stack traces and other notes of the exporter; the scope of a node (`namespace`) stays."""
    for node in [*model.graph.node, *(n for f in model.functions for n in f.node)]:
        node.ClearField("doc_string")
        kept = [p for p in node.metadata_props if p.key == "namespace"]
        del node.metadata_props[:]
        node.metadata_props.extend(kept)
    for value in [*model.graph.value_info, *model.graph.input, *model.graph.output, *model.graph.initializer]:
        value.ClearField("doc_string")
        del value.metadata_props[:]
    del model.graph.metadata_props[:]
    del model.metadata_props[:]
    return model


def reference(model, inputs, projection):
    """Outputs, and the gradient of sum(first output × projection) for every parameter it depends on, in float64."""
    model = copy.deepcopy(model).double()
    outputs = model(**inputs)
    (outputs[0] * projection.double()).sum().backward()
    gradients = {n: p.grad.numpy() for n, p in model.named_parameters() if p.grad is not None}
    return [o.detach().numpy() for o in outputs.to_tuple()], gradients


def record(name, exporter, attention, opset, folder):
    """Exports one case and writes its model, inputs, outputs, projection and gradients to the folder."""
    model = build(name, attention)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    path = folder / "model.onnx"
    export(name, model, exporter, opset, str(path))
    proto = onnx.load(path)

    inputs = batch(name, LENGTHS, seed=2)
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        shape = model(**inputs)[0].shape
    projection = 0.1 * torch.randn(shape, generator=generator)
    outputs, gradients = reference(model, inputs, projection)

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    fed = {i.name: inputs[i.name].numpy() for i in session.get_inputs()}
    names = [o.name for o in session.get_outputs()]
    difference = max(float(numpy.abs(a - b).max()) for a, b in zip(session.run(None, fed), outputs, strict=True))
    assert difference < 2e-5, f"{folder.name}: ONNX Runtime differs from PyTorch by {difference}"

    matched, copied, notes = assign(proto.graph, dict(model.named_parameters()), gradients)
    save(folder, {**within("input", fed), **within("output", dict(zip(names, outputs))),
                  "projection": projection.numpy(), **within("gradient", matched), **within("copied", copied)})
    if notes:
        (folder / "unmatched.txt").write_text("\n".join(notes) + "\n")
    print(f"{folder.name}: {len(proto.graph.node)} nodes, {path.stat().st_size // 1024} KB, {len(matched)} gradients, "
          f"{len(copied)} of copies, {len(notes)} unmatched, difference {difference:.1e}", flush=True)


def assign(graph, parameters, gradients):
    """Gradients by initializer, those of copied parameters, and a line for whatever is left without one."""
    held = holders(graph, parameters)
    places = {}
    for initializer, found in held.items():
        if found:
            places.setdefault(found[0], []).append(initializer)
    shapes = {i.name: list(i.dims) for i in graph.initializer}
    notes = [f"initializer {i}: a constant of shape {shapes[i]}" for i, found in held.items() if not found]
    matched, copied = {}, {}
    for parameter in parameters:
        at = places.get(parameter, [])
        if parameter not in gradients:
            notes.append(f"parameter {parameter}: the first output does not depend on it")
        elif not at:
            notes.append(f"parameter {parameter}: held by no initializer")
        else:
            gradient = in_layout(gradients[parameter], held[at[0]][1])
            (matched if len(at) == 1 else copied)[" ".join(at)] = gradient
    return matched, copied, notes


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--only", default="", help="the cases whose name holds this text")
    args = parser.parse_args()
    torch.set_num_threads(1)
    logging.disable(logging.WARNING)
    for name, exporter, attention, opset in CASES:
        folder = args.output / f"{name}-{exporter}-{attention}-opset{opset}"
        if args.only in folder.name:
            record(name, exporter, attention, opset, folder)
