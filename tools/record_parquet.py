"""Writes the Parquet files that the data tests read, hostile ones among them.

python record_parquet.py [--output FOLDER]
"""
import argparse
from pathlib import Path

import numpy
import pyarrow
import pyarrow.parquet

OUTPUT = Path(__file__).resolve().parent.parent / "core/src/test/resources/data"


def small():
    return pyarrow.table({
        "text": ["Wo ist meine Karte?", "Grüße 👋", None],
        "label": pyarrow.array([1, 2, 1]),
        "score": pyarrow.array([0.5, None, 1.25]),
        "flag": [True, False, None],
        "tags": [["a"], ["b", "c"], []],
    })


def bytes_that_are_no_text():
    texts = pyarrow.array([b"fine", b"caf\xe9", b"nul\x00"], pyarrow.binary())
    return pyarrow.table({"text": texts, "label": ["a", "b", "c"]})


def one_huge_value():
    """1.9 GB of text in one page of some kilobytes."""
    return pyarrow.table({"text": ["a" * 1_900_000_000], "label": ["x"]})


def one_value_repeated(rows, length):
    """A dictionary of one value, which every row refers to."""
    indices = pyarrow.array(numpy.zeros(rows, dtype=numpy.int32))
    column = pyarrow.DictionaryArray.from_arrays
    return pyarrow.table({
        "text": column(indices, pyarrow.array(["b" * length])),
        "label": column(indices, pyarrow.array(["x"])),
    })


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    args = parser.parse_args()
    args.output.mkdir(parents=True, exist_ok=True)

    def write(name, table, **options):
        pyarrow.parquet.write_table(table, args.output / f"{name}.parquet", **options)

    for codec in ["none", "snappy", "gzip", "zstd"]:
        write(f"small-{codec}", small(), compression=codec, row_group_size=2)
    write("not-text", bytes_that_are_no_text(), compression="none")
    write("bomb", one_huge_value(), compression="zstd", compression_level=19, use_dictionary=False,
          write_statistics=False)
    write("repeated", one_value_repeated(100_000, 900_000), compression="zstd")
