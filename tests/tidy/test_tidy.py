"""Reads the tree and holds it to the house's rules: arrows, lengths, coroutines, unfinished words."""
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
AREAS = ("feeds", "rules", "daemon", "tests")
PURE_NEVER = re.compile(
    r'#\s*include\s*[<"](boost/(asio|beast)|curl/|sqlite3|yaml-cpp|thread|mutex|future|filesystem'
    r'|fstream|sys/socket|unistd)'
    r'|\bco_(await|return|yield)\b|(system|steady)_clock::now')
MAY_INCLUDE = {"feeds": ("feeds",), "rules": ("rules", "feeds"),
               "daemon": ("daemon", "rules", "feeds"), "tests": ("tests", "daemon", "rules", "feeds")}
# Within daemon/; commands and the files beside the folders put all of them together.
DAEMON_MAY_INCLUDE = {
    "loop": (), "store": ("loop",), "receivers": ("loop",),
    "config": ("loop", "store", "receivers", "polling", "commands"),
    "pipeline": ("loop", "store", "receivers", "config"),
    "polling": ("loop", "store", "config", "pipeline", "web"),
    "delivery": ("loop", "store", "receivers", "config", "pipeline", "polling"),
    "web": ("loop", "store", "receivers", "config", "polling")}
TOP = {"CMakeLists.txt", "CMakePresets.json", "README.md", "daemon", "docs", "feeds", "rules",
       "scripts", "systemd", "tests"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|not implemented|stub|placeholder)\b")


def tracked():
    """Every file of the project: what git knows, or all there is outside a checkout."""
    try:
        out = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard"],
                             capture_output=True, text=True, check=True).stdout
        return [ROOT / line for line in out.splitlines() if (ROOT / line).is_file()]
    except (OSError, subprocess.CalledProcessError):
        return [p for p in ROOT.rglob("*") if p.is_file() and "build" not in p.parts]


def sources():
    for path in tracked():
        if path.suffix in (".cc", ".h") and path.relative_to(ROOT).parts[0] in AREAS:
            yield path, path.relative_to(ROOT).parts[0], path.read_text(encoding="utf-8")


def without_strings_and_comments(text):
    pattern = re.compile(r'R"(\w*)\((?:.|\n)*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\''
                         r'|//[^\n]*|/\*(?:.|\n)*?\*/')
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def condition_of(words, at):
    """The text inside the parentheses that open at or behind `at`."""
    start = words.find("(", at)
    depth = 0
    for i in range(start, len(words)):
        depth += {"(": 1, ")": -1}.get(words[i], 0)
        if depth == 0:
            return words[start:i]
    return words[start:]


def functions(code):
    """(first line, lines) of every function body at namespace or class level; lines that hold only
    text or comments do not count."""
    lines, stack, found, statement_start = code.splitlines(), [], [], 0
    for mark in re.finditer(r"[{};]", code):
        statement, statement_start = code[statement_start:mark.start()], mark.end()
        if mark.group() == "{":
            scope = re.search(r"\b(namespace|class|struct|enum|union|extern)\b[^;()]*$",
                              statement) or re.search(r"[=,(]\s*$", statement)
            inside = any(kind == "function" for kind, _ in stack)
            kind = "inner" if inside else "function" if not scope and ")" in statement else "scope"
            stack.append((kind, mark.start()))
        elif mark.group() == "}" and stack:
            kind, start = stack.pop()
            if kind == "function":
                first, last = code.count("\n", 0, start), code.count("\n", 0, mark.start())
                body = lines[first:last + 1]
                found.append((first + 1, sum(1 for one in body if one.strip())))
    return found


class Tidy(unittest.TestCase):
    def complain(self, wrong):
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_arrows_point_from_daemon_to_rules_to_feeds(self):
        wrong = []
        for path, area, text in sources():
            for include in re.findall(r'#\s*include\s*"([^"]+)"', text):
                top = include.split("/")[0]
                if top in AREAS and top not in MAY_INCLUDE[area]:
                    wrong.append("%s includes %s" % (path.relative_to(ROOT), include))
                if top not in AREAS:
                    wrong.append('%s: write "%s" from the root' % (path.relative_to(ROOT), include))
            if area in ("feeds", "rules"):
                found = PURE_NEVER.search(without_strings_and_comments(text)) or PURE_NEVER.search(
                    "\n".join(l for l in text.splitlines() if l.lstrip().startswith("#")))
                if found:
                    wrong.append("%s touches the world: %s" % (path.relative_to(ROOT), found.group()))
        self.complain(wrong)

    def test_arrows_within_the_daemon_are_those_that_are_documented(self):
        wrong = []
        for path, area, text in sources():
            parts = path.relative_to(ROOT).parts
            inside = area == "daemon" and len(parts) > 2 and parts[1] != "commands"
            if inside and parts[1] not in DAEMON_MAY_INCLUDE:
                wrong.append("%s: the arrows of daemon/%s stand nowhere" % (path, parts[1]))
            may = DAEMON_MAY_INCLUDE.get(parts[1]) if inside else None
            for other in re.findall(r'#\s*include\s*"daemon/(\w+)/', text):
                if may is not None and other != parts[1] and other not in may:
                    wrong.append("%s includes daemon/%s" % (path.relative_to(ROOT), other))
        self.complain(wrong)

    def test_files_functions_and_lines_stay_short(self):
        wrong = []
        for path, area, text in sources():
            name, lines = path.relative_to(ROOT), text.splitlines()
            most = 900 if area == "tests" else 500
            if len(lines) > most:
                wrong.append("%s has %d lines, at most %d" % (name, len(lines), most))
            for number, line in enumerate(lines, 1):
                if len(line) > 100:
                    wrong.append("%s:%d is %d characters long" % (name, number, len(line)))
            for start, length in functions(without_strings_and_comments(text)):
                if length >= 70 and area != "tests":
                    wrong.append("%s:%d a function of %d lines" % (name, start, length))
        self.complain(wrong)

    def test_the_median_file_is_short(self):
        lengths = sorted(len(t.splitlines()) for _, area, t in sources() if area != "tests")
        self.assertLessEqual(lengths[len(lengths) // 2], 180)

    def test_coroutines_use_only_shapes_that_compile_rightly(self):
        """g++ 12 miscompiles the others; see docs/architecture.md."""
        wrong = []
        for path, _, text in sources():
            if path.parts[-2] == "toolchain":
                continue
            code = without_strings_and_comments(text)
            seen = set()
            for found in re.finditer(r"\bco_await\b", code):
                start = max(code.rfind(end, 0, found.start()) for end in ";{}") + 1
                if start in seen:
                    continue
                seen.add(start)
                words = code[start:code.find(";", found.start()) + 1]
                line = code.count("\n", 0, found.start()) + 1
                where = "%s:%d" % (path.relative_to(ROOT), line)
                if words.count("co_await") > 1:
                    wrong.append(where + " two co_await in one statement")
                for head in re.finditer(r"\b(if|while|switch|for)\s*\(", words):
                    if "co_await" in condition_of(words, head.start()):
                        wrong.append(where + " co_await in a condition")
                awaited = words[words.find("co_await"):]
                if re.search(r"\(\s*\{|,\s*\{\s*\.|\[[&=\w\s,]*\]\s*(\(|\{)", awaited):
                    wrong.append(where + " a braced value or a lambda beside co_await")
                if "?" in awaited:
                    wrong.append(where + " ?: beside co_await")
            for spawn in re.finditer(r"co_spawn\s*\(([^;]*);", code):
                if re.search(r"\]\s*(\([^)]*\)\s*)?(mutable\s*)?->\s*(asio::)?awaitable",
                             spawn.group()):
                    line = code[:spawn.start()].count("\n") + 1
                    wrong.append("%s:%d a coroutine lambda" % (path.relative_to(ROOT), line))
        self.complain(wrong)

    def test_nothing_is_left_unfinished(self):
        wrong = []
        for path, _, text in sources():
            for number, line in enumerate(text.splitlines(), 1):
                if UNFINISHED.search(line):
                    wrong.append("%s:%d %s" % (path.relative_to(ROOT), number, line.strip()))
        self.complain(wrong)

    def test_every_source_file_is_built(self):
        lists = "\n".join(p.read_text() for p in tracked() if p.name == "CMakeLists.txt")
        wrong = [str(p.relative_to(ROOT)) for p, _, _ in sources()
                 if p.suffix == ".cc" and p.name not in lists]
        self.complain(wrong)

    def test_every_row_of_the_faults_names_a_test_that_exists(self):
        wrong, seen = [], set()
        for number, line in enumerate((ROOT / "tests/faults/rows.tsv").read_text(encoding="utf-8")
                                      .splitlines(), 1):
            if line.startswith("#"):
                continue
            row, file, test = line.split("\t")
            path = ROOT / file
            pattern = (r"^TEST(_F|_P)?\(%s, %s\)" % tuple(test.split(".")) if "." in test
                       else r"^    def %s\(self" % test)
            found = path.is_file() and re.search(pattern, path.read_text(encoding="utf-8"), re.M)
            if not row.isdigit() or not 1 <= int(row) <= 83 or not found or line in seen:
                wrong.append("tests/faults/rows.tsv:%d %s" % (number, line))
            seen.add(line)
        self.complain(wrong)

    def test_the_top_level_holds_what_it_should(self):
        top = {p.relative_to(ROOT).parts[0] for p in tracked()}
        self.complain(sorted(n for n in top if n not in TOP and not n.startswith(".")))

    def test_headers_begin_with_pragma_once(self):
        self.complain([str(p.relative_to(ROOT)) for p, _, t in sources()
                       if p.suffix == ".h" and "#pragma once" not in t])


if __name__ == "__main__":
    unittest.main()
