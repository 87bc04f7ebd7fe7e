"""Same name, other spelling: `python3 tests/eval/names/spellings.py` prints a line a figure."""
import sys

import material


def single_words(forms):
    chance = material.rng()
    pairs = material.positives(forms, chance)
    good = material.scores(pairs)
    bad = material.scores(material.negatives(forms, chance, 100000))
    for rate, reach in ((0.0005, "-"), (0.001, ">= 0.75"), (0.002, "-"), (0.005, "-"),
                        (0.01, ">= 0.88"), (0.02, "-")):
        recall, threshold = material.recall_at(good, bad, rate)
        material.figure("single words, recall at %.4f false positives" % rate, recall, reach,
                        "score > %.3f; %d pairs" % (threshold, len(pairs)))


def two_words(forms):
    """Negatives share one of their two words, spelled alike; the other is any other word."""
    chance = material.rng()
    pairs = material.positives(forms, chance)
    words = sorted({word for latin in forms.values() for word in latin})
    good = []
    for _ in range(10000):
        (a, b), (c, d) = chance.choice(pairs), chance.choice(pairs)
        good.append(("%s %s" % (a, c), "%s %s" % (b, d)))
    bad, hard = [], []
    near = material.negatives(forms, chance, 50000)
    for i in range(100000):
        one, other = chance.choice(words), chance.choice(words)
        a, b = chance.choice(pairs)
        if one != other:
            bad.append(("%s %s" % (a, one), "%s %s" % (a if i % 2 else b, other)))
    for one, other in near:
        a, b = chance.choice(pairs)
        hard.append(("%s %s" % (a, one), "%s %s" % (b, other)))
    good_scores = material.scores(good)
    recall, threshold = material.recall_at(good_scores, material.scores(bad), 0.0005)
    material.figure("two words, recall at 0.0005 false positives", recall, ">= 0.80",
                    "score > %.3f" % threshold)
    recall, threshold = material.recall_at(good_scores, material.scores(hard), 0.0005)
    material.figure("  the same, other words of like letter and length", recall, "-",
                    "score > %.3f" % threshold)


def arabic_to_entity(forms):
    """7,000 entities with one Latin name of two words; asked by the Arabic forms of both."""
    chance = material.rng()
    arabic = sorted(forms)
    names, asked = [], []
    for number in range(7000):
        one, two = chance.choice(arabic), chance.choice(arabic)
        names.append({"id": "n%d" % number, "aliases": [],
                      "name": "%s %s" % (chance.choice(forms[one]), chance.choice(forms[two]))})
        asked.append("%s %s" % (one, two))
    answers = material.resolve(names, asked[:2000])
    right = sum(bool(a["best"]) and a["best"][0]["id"] == "n%d" % i for i, a in enumerate(answers))
    material.figure("Arabic script, two words, top 1 of 7,000", right / len(answers), ">= 0.95")
    chosen = chance.sample(arabic, 7000)
    names, meaning = [], {}
    for number, form in enumerate(chosen):
        name = chance.choice(forms[form])
        names.append({"id": "n%d" % number, "name": name, "aliases": []})
        meaning[form] = "n%d" % number
    sample = chosen[:2000]
    answers = material.resolve(names, sample)
    right = sum(bool(a["best"]) and a["best"][0]["id"] == meaning[a["name"]] for a in answers)
    material.figure("Arabic script, single words, top 1 of 7,000", right / len(answers), "-")


def main():
    if not material.shared().exists():
        print("skipped: there is no folder of outside names")
        return
    forms = material.held_out()
    single_words(forms)
    two_words(forms)
    arabic_to_entity(forms)


if __name__ == "__main__":
    sys.exit(main())
