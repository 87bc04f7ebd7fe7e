"""Texts, documents and phrases for the benches: real ones beside the checkout, else generated."""
import gzip
import json
import random

import common
import made_feeds

DATA = common.ROOT / "build/bench-data"


def generated_documents(syllables, count, seed):
    words = made_feeds.Words(random.Random(seed), syllables)
    for _ in range(count):
        yield {"title": words.title(),
               "text": "\n".join(words.paragraph() for _ in range(words.rng.randint(4, 14)))}


def documents():
    """A file of lines {"title", "text"}, 6,000 articles or more."""
    real = common.shared("data/documents/articles_before_2019.jsonl.gz")
    if real is not None:
        return real
    made = DATA / "documents.jsonl.gz"
    if not made.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        with gzip.open(made, "wt", encoding="utf-8") as file:
            for document in generated_documents(made_feeds.LATIN, 6000, 1):
                file.write(json.dumps(document) + "\n")
    return made


def phrases():
    """A file of phrases, one a line."""
    real = common.shared("data/rules/phrases.txt")
    if real is not None:
        return real
    made = DATA / "phrases.txt"
    if not made.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        words = made_feeds.Words(random.Random(2), made_feeds.LATIN)
        lines = {" ".join(words.take(words.rng.randint(1, 4))) for _ in range(52000)}
        made.write_text("\n".join(sorted(lines)) + "\n", encoding="utf-8")
    return made


def plain_texts():
    """A folder with english.txt and arabic.txt, about 4 MB each."""
    folder = DATA / "text"
    folder.mkdir(parents=True, exist_ok=True)
    arabic = common.shared("data/near_duplicate/antcorpus_ar.jsonl.gz")
    sources = {"english": documents(), "arabic": arabic}
    for name, source in sources.items():
        made = folder / (name + ".txt")
        if made.exists():
            continue
        lines = (json.loads(line) for line in common.lines_of(source)) if source else (
            generated_documents(made_feeds.ARABIC, 3000, 3))
        with open(made, "w", encoding="utf-8") as file:
            while file.tell() < 4_000_000:
                document = next(lines, None)
                if document is None:
                    break
                file.write(document["title"] + "\n" + document["text"] + "\n")
    return folder
