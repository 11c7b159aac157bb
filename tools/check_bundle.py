"""Opens a bundle with Hugging Face's tokenizers and ONNX Runtime alone, and records what it answers.

python check_bundle.py BUNDLE CSV --output FILE [--text COLUMN] [--rows 100]

Both `tokenizers` and `transformers` read the bundle's tokenizer; the script fails where their ids differ.
"""
import argparse
import csv
import json
import platform
from pathlib import Path

import numpy
import onnxruntime
import tokenizers
import transformers

TEXT_COLUMNS = ("text", "sentence", "utterance", "content", "review")
TYPES = {"tensor(int64)": numpy.int64, "tensor(int32)": numpy.int32}


def texts(path, column, limit):
    """The first rows of the text column: the one named, else the first whose name is usual."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        names = reader.fieldnames or []
        column = column or next((n for n in names if n.lower() in TEXT_COLUMNS), None)
        if column not in names:
            raise SystemExit(f"{path}: no text column {column or ''} among {', '.join(names)}; name it with --text")
        return [row[column] for row, _ in zip(reader, range(limit))]


class Encoder:
    """The bundle's tokenizer as both libraries read it, with the prefix and the truncation that the bundle states."""

    def __init__(self, folder, settings):
        self.length = settings["max_length"]
        self.prefix = settings["prefix"]
        self.plain = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.plain.enable_truncation(self.length)
        self.plain.no_padding()
        self.auto = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)

    def encode(self, text):
        """Model inputs of one text, a row each."""
        text = self.prefix + text
        encoding = self.plain.encode(text)
        other = self.auto(text, truncation=True, max_length=self.length)["input_ids"]
        assert encoding.ids == other, f"{text!r}: tokenizers gives {encoding.ids}, transformers {other}"
        return {"input_ids": [encoding.ids], "attention_mask": [encoding.attention_mask],
                "token_type_ids": [encoding.type_ids]}


def score(folder, manifest, rows):
    """Each text with its label and logits."""
    labels = json.loads((folder / "config.json").read_text("utf-8"))["id2label"]
    encoder = Encoder(folder, manifest["encoder"])
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
    for text in rows:
        encoded = encoder.encode(text)
        fed = {i.name: numpy.array(encoded[i.name], TYPES[i.type]) for i in session.get_inputs()}
        logits = session.run(["logits"], fed)[0][0]
        yield {"text": text, "label": labels[str(int(logits.argmax()))], "logits": logits.tolist()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("csv", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--text", help="name of the text column")
    parser.add_argument("--rows", type=int, default=100)
    args = parser.parse_args()
    versions = {m.__name__: m.__version__ for m in (onnxruntime, tokenizers, transformers, numpy)}
    manifest = json.loads((args.bundle / "graft.json").read_text("utf-8"))
    answers = {"model": manifest["files"]["model.onnx"],
               "rows": list(score(args.bundle, manifest, texts(args.csv, args.text, args.rows))),
               "versions": {"python": platform.python_version(), **versions}}
    args.output.write_text(json.dumps(answers, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"{len(answers['rows'])} rows, both tokenizers agree")
