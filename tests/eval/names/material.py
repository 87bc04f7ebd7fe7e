"""What the measures of names share: outside pairs of spellings, and the binary that judges them.

Pairs come from ../shared/data/names: lines "Latin, Arabic" of which those of one Arabic form are
spellings of one name (some are really two names). The costs were learned from Arabic forms whose
hash64 is even (tests/eval/tune_names); everything here reads the odd ones only.
"""
import json
import os
import pathlib
import random
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
MASK = (1 << 64) - 1


def shared():
    folder = pathlib.Path(os.environ.get("WIREWATCH_SHARED", ROOT.parent / "shared"))
    return folder / "data" / "names"


def binary():
    return os.environ.get("WIREWATCH_BINARY", str(ROOT / "build/release/daemon/wirewatch"))


def hash64(text):
    """feeds/hash.h: FNV-1a with MurmurHash3's finaliser."""
    h = 0xCBF29CE484222325
    for byte in text.encode():
        h = ((h ^ byte) * 0x100000001B3) & MASK
    h ^= h >> 33
    h = (h * 0xFF51AFD7ED558CCD) & MASK
    h ^= h >> 33
    h = (h * 0xC4CEB9FE1A85EC53) & MASK
    return h ^ (h >> 33)


def held_out():
    """{Arabic form: sorted Latin spellings} of the half that nothing was learned from."""
    forms = {}
    for name in ("arabic_latin_80.tsv", "anetac_train.tsv"):
        with open(shared() / name, encoding="utf-8") as lines:
            for line in lines:
                parts = line.rstrip("\n").split("\t")
                if len(parts) < 2 or not parts[0]:
                    continue
                arabic = parts[1].replace(" ", "")
                if hash64(arabic) % 2:
                    forms.setdefault(arabic, set()).add(parts[0].lower())
    return {arabic: sorted(latin) for arabic, latin in sorted(forms.items())}


def positives(forms, chance):
    pairs = []
    for latin in forms.values():
        if len(latin) > 1:
            pairs.append(tuple(chance.sample(latin, 2)))
    return pairs


def negatives(forms, chance, count):
    """Random pairs with the same first letter and a length within 2, that share no Arabic form."""
    words, meaning = set(), {}
    for arabic, latin in forms.items():
        words.update(latin)
        for word in latin:
            meaning.setdefault(word, set()).add(arabic)
    words = sorted(words)
    by_letter = {}
    for word in words:
        by_letter.setdefault(word[0], []).append(word)
    pairs = []
    while len(pairs) < count:
        a = chance.choice(words)
        b = chance.choice(by_letter[a[0]])
        if a != b and abs(len(a) - len(b)) <= 2 and not meaning[a] & meaning[b]:
            pairs.append((a, b))
    return pairs


def scores(pairs):
    """What `entities compare` says of each pair."""
    text = "".join("%s\t%s\n" % pair for pair in pairs)
    done = subprocess.run([binary(), "entities", "compare"], input=text, capture_output=True,
                          text=True, check=True)
    return [float(line.split("\t")[2]) for line in done.stdout.splitlines()]


def recall_at(good, bad, rate):
    """(recall, threshold) where at most `rate` of the bad ones score above the threshold."""
    ranked = sorted(bad, reverse=True)
    threshold = ranked[int(rate * len(ranked))]
    return sum(score > threshold for score in good) / len(good), threshold


def figure(name, value, limit, detail=""):
    print("%-52s %.4f  reach %s%s" % (name, value, limit, "  " + detail if detail else ""))


def resolve(names, asked, most=1):
    """Best answers of `entities resolve` by name; `names` is [{"id", "name", "aliases"}]."""
    path = pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / ("names-%d.jsonl" % os.getpid())
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in names),
                    encoding="utf-8")
    try:
        done = subprocess.run([binary(), "entities", "resolve", str(path), "--json",
                               "--most", str(most)], input="\n".join(asked) + "\n",
                              capture_output=True, text=True, check=True)
    finally:
        path.unlink()
    return [json.loads(line) for line in done.stdout.splitlines()]


def rng():
    return random.Random(20261125)
