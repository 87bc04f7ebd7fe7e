"""Aliases in running text: `python3 tests/eval/names/running_text.py` prints a line a figure.

7,379 entities of a sanctions list, one alias of each that has a spelling variant held out and set
in a sentence; recall over those, precision over all mentions found.

The rule for a spelling variant, written down before anything was measured: an alias is one when
some other name of its entity, both turned to "First Last", folded to plain lower-case letters and
parted at blanks and hyphens, without the words al el bin ibn ben bint abu and the sun-letter
articles, has the same number of words, two at least, and each word differs from the one in its
place by at most max(1, 0.4 of the longer word's letters) edits, at least one of them by one.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata

import material

PARTICLES = {"al", "el", "bin", "ibn", "ben", "bint", "abu", "ul", "ar", "as", "ash", "at", "ad",
             "an", "az"}
SENTENCES = (
    "Officials said on Tuesday that %s had left the capital before the talks began.",
    "The statement named %s among those who took part in the meeting.",
    "According to two people with knowledge of the matter, %s was there.",
    "%s did not answer a request for comment, the agency reported.",
)


def capitalized(part):
    """As a newspaper writes it: 'UBAYDI is 'Ubaydi, since an apostrophe has no capital."""
    if not part.isupper() or len(part) < 2:
        return part
    first = 1 if part[0] in "'`’‘" else 0
    return part[:first] + part[first:].capitalize()


def natural(name):
    parts = name.split(", ")
    if len(parts) == 2:
        name = parts[1] + " " + parts[0]
    words = []
    for word in name.split():
        words.append("-".join(capitalized(part) for part in word.split("-")))
    return " ".join(words)


def plain_words(name):
    text = unicodedata.normalize("NFD", natural(name)).lower()
    text = re.sub(r"['`’‘.]|[\u0300-\u036f]", "", text)
    return [w for w in re.findall(r"[a-z0-9]+", text) if w not in PARTICLES]


def edits(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def is_variant(alias, name):
    a, b = plain_words(alias), plain_words(name)
    if len(a) != len(b) or len(a) < 2 or a == b:
        return False
    return all(edits(x, y) <= max(1, 0.4 * max(len(x), len(y))) for x, y in zip(a, b))


def hold_out(entities, chance):
    """[(entity, its alias)] and the entities without it; an alias that another entity has too, or
    that is listed twice in plain letters, is none of its own."""
    owners = {}
    for one in entities:
        for name in [one["name"]] + one["aliases"]:
            owners.setdefault(tuple(plain_words(name)), set()).add(one["id"])
    held, kept = [], []
    for one in entities:
        names = [one["name"]] + one["aliases"]
        variants = []
        for alias in one["aliases"]:
            mine = tuple(plain_words(alias))
            others = [n for n in names if tuple(plain_words(n)) != mine]
            if owners[mine] == {one["id"]} and any(is_variant(alias, n) for n in others):
                variants.append(alias)
        if not variants:
            kept.append(one)
            continue
        alias = chance.choice(sorted(set(variants)))
        mine = plain_words(alias)
        rest = [n for n in names if plain_words(n) != mine]
        kept.append(dict(one, name=rest[0], aliases=rest[1:]))
        held.append((one["id"], alias))
    return held, kept


def matches(config, documents):
    text = "".join(json.dumps(d) + "\n" for d in documents)
    done = subprocess.run([material.binary(), "match", "--config", str(config), "--json"],
                          input=text, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main():
    if not material.shared().exists():
        print("skipped: there is no folder of outside names")
        return
    chance = material.rng()
    with open(material.shared() / "ofac.jsonl", encoding="utf-8") as lines:
        entities = [json.loads(line) for line in lines]
    for one in entities:
        one["id"] = "e" + one["id"]
    held, kept = hold_out(entities, chance)
    folder = pathlib.Path(tempfile.mkdtemp())
    names = folder / "names.jsonl"
    names.write_text("".join(json.dumps(one) + "\n" for one in kept), encoding="utf-8")
    yaml = subprocess.run([material.binary(), "entities", "import", str(names), "--kind",
                           "organisation"], capture_output=True, text=True, check=True).stdout
    (folder / "entities.yaml").write_text(yaml, encoding="utf-8")
    config = folder / "config.yaml"
    config.write_text("entities: [entities.yaml]\nrules:\n  any:\n    match: |\n      @kind:person OR "
                      "@kind:organisation OR @kind:vessel OR @kind:aircraft\n", encoding="utf-8")
    documents = [{"id": "%d" % i, "title": "", "text": SENTENCES[i % 4] % natural(alias)}
                 for i, (_, alias) in enumerate(held)]
    found = right = wrong = 0
    missed, false = [], []
    for (entity, alias), answer in zip(held, matches(config, documents)):
        named = set(answer["rules"][0]["entities"]) if answer["rules"] else set()
        found += entity in named
        right += entity in named
        others = named - {entity}
        wrong += len(others)
        if entity not in named:
            missed.append((alias, entity))
        if others:
            false.append((alias, entity, sorted(others)))
    material.figure("aliases in running text, recall on spelling variants", found / len(held),
                    ">= 0.90", "%d held out of %d entities" % (len(held), len(entities)))
    material.figure("aliases in running text, precision", right / max(1, right + wrong), ">= 0.98")
    by_id = {one["id"]: one for one in kept}
    if "--list" in sys.argv:
        for alias, entity in missed:
            print("missed  %s | %s | %s" % (alias, by_id[entity]["name"],
                                            "; ".join(by_id[entity]["aliases"][:4])))
        for alias, entity, others in false:
            print("false   %s | %s | %s" % (alias, by_id[entity]["name"],
                                            "; ".join(by_id[o]["name"] for o in others)))


if __name__ == "__main__":
    sys.exit(main())
