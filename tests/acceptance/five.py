"""The five articles on two events: from ../shared/seeds when it is there, and our own always."""
import itertools
import json
import os
import pathlib
import random

from harness import SOURCE

BORDER_RULE = """rules:
  iraq-syria-border-security:
    match: |
      @country:IQ AND @country:SY
      AND SAME(sentence: (border~ OR frontier~ OR @border-crossings) AND (secur* OR control~ OR smuggl* OR infiltrat*))
      AND NOT lead:(football OR "world cup")
    severity: high
    alert: desk
    max_age: none
"""


def _load(path):
    lines = (path / "stories.jsonl").read_text(encoding="utf-8").splitlines()
    gold = dict(line.split("\t") for line in
                (path / "stories.gold.tsv").read_text().splitlines() if line.strip())
    documents = [json.loads(line) for line in lines if line.strip()]
    for document in documents:
        document["event"] = gold[document["id"]]
    return documents


def shared_folder():
    named = os.environ.get("WIREWATCH_SHARED")
    return pathlib.Path(named) if named else SOURCE.parent / "shared"


def sets():
    """(name, five documents) of every set that is here."""
    found = [("our own five", _load(SOURCE / "tests" / "data" / "five"))]
    seeds = shared_folder() / "seeds"
    if (seeds / "stories.jsonl").exists():
        found.append(("the five seeds", _load(seeds)))
    else:
        print("SKIPPED: the five seeds are not here (%s)" % seeds)
    return found


def orders(count, seed):
    """`count` different orders of five; the same ones for the same seed."""
    every = list(itertools.permutations(range(5)))
    return random.Random(seed).sample(every, count)
