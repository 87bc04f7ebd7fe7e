#include "feeds/text/clean.h"

#include <cstdint>
#include <unordered_set>
#include <vector>

#include "feeds/hash.h"
#include "feeds/text/clutter.h"
#include "feeds/text/tokenise.h"

namespace wirewatch::feeds {
namespace {

struct Line {
  std::string text;
  bool blank_before = false;
};

// Trimmed, inner runs of spaces made one.
std::string tidy_line(std::string_view raw) {
  std::string line;
  for (const char c : raw) {
    if (c == ' ' && (line.empty() || line.back() == ' ')) continue;
    line.push_back(c);
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  bool blank = false;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string line = tidy_line(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty()) {
      blank = true;
      continue;
    }
    lines.push_back({std::move(line), blank});
    blank = false;
  }
  return lines;
}

bool ends_sentence(std::string_view line) {
  while (!line.empty() && (line.back() == '"' || line.back() == '\'' || line.back() == ')'))
    line.remove_suffix(1);
  for (const std::string_view quote : {"”", "’", "»"})
    if (line.ends_with(quote)) line.remove_suffix(quote.size());
  for (const std::string_view stop : {".", "!", "?", ":", "؟", "…", "。"})
    if (line.ends_with(stop)) return true;
  return false;
}

// Text wrapped at a column (agencies, mail, licences): three or more lines of like length, most
// of which stop in the middle of a sentence.
bool is_wrapped(const std::vector<Line>& lines, std::size_t first, std::size_t last) {
  if (last - first < 2) return false;
  std::size_t longest = 0;
  for (std::size_t i = first; i <= last; ++i) longest = std::max(longest, lines[i].text.size());
  if (longest > 100 || longest < 50) return false;
  std::size_t full = 0;
  std::size_t ended = 0;
  for (std::size_t i = first; i < last; ++i) {
    if (lines[i].text.size() * 3 >= longest * 2) ++full;
    if (ends_sentence(lines[i].text)) ++ended;
  }
  const std::size_t count = last - first;
  return full * 10 >= count * 8 && ended * 10 < count * 4;
}

std::vector<Line> unwrap(std::vector<Line> lines) {
  std::vector<Line> out;
  for (std::size_t first = 0; first < lines.size();) {
    std::size_t last = first;
    while (last + 1 < lines.size() && !lines[last + 1].blank_before) ++last;
    const bool wrapped = is_wrapped(lines, first, last);
    for (std::size_t i = first; i <= last; ++i) {
      if (wrapped && i > first) {
        out.back().text += ' ';
        out.back().text += lines[i].text;
      } else {
        out.push_back(std::move(lines[i]));
      }
    }
    first = last + 1;
  }
  return out;
}

struct FoldedLine {
  std::string text;  // folded words, single spaces
  std::size_t words = 0;
};

FoldedLine fold_line(std::string_view line) {
  const Words words = tokenise(line);
  FoldedLine folded;
  folded.words = words.words.size();
  folded.text.reserve(words.folded.size() + folded.words);
  for (const Word& word : words.words) {
    if (!folded.text.empty()) folded.text.push_back(' ');
    folded.text.append(words.folded, word.folded_start, word.folded_length);
  }
  return folded;
}

// Longer lines are neither clutter nor titles, and compared as they are written: a page that
// repeats its paragraphs repeats them byte by byte.
constexpr std::size_t folded_bytes = 600;

constexpr std::size_t substance_words = 20;  // a paragraph this long is an article's
constexpr std::size_t headline_words = 20;
// Shorter lines may well stand twice: "Yes.", "* * *".
constexpr std::size_t repeated_words = 4;

bool is_headline_like(const Line& line, const FoldedLine& folded) {
  return folded.words <= headline_words && !ends_sentence(line.text);
}

void append(std::string& out, const std::string& line, bool blank_before) {
  if (!out.empty()) out += blank_before ? "\n\n" : "\n";
  out += line;
}

}  // namespace

std::string clean_text(std::string_view text, std::string_view title, Repeats repeats) {
  const std::vector<Line> lines = unwrap(lines_of(text));
  const FoldedLine folded_title = fold_line(title);
  const bool drop = repeats == Repeats::drop;
  std::unordered_set<std::uint64_t> seen;
  std::string out;
  bool substance = false;
  bool under_heading = false;
  bool blank = false;
  for (const Line& line : lines) {
    blank = blank || line.blank_before;
    if (line.text.size() > folded_bytes) {
      under_heading = false;
      if (!seen.insert(hash64(line.text)).second && drop) continue;
      substance = true;
      append(out, line.text, blank);
      blank = false;
      continue;
    }
    const FoldedLine folded = fold_line(line.text);
    const Clutter clutter = clutter_of(folded.text, folded.words);
    if (clutter == Clutter::tail && substance) break;
    if (clutter != Clutter::none) {
      under_heading = clutter == Clutter::heading && substance;
      continue;
    }
    if (under_heading && is_headline_like(line, folded)) continue;
    under_heading = false;
    if (folded.words > 0 && folded.text == folded_title.text) continue;
    const bool repeat = folded.words >= repeated_words && !seen.insert(hash64(folded.text)).second;
    if (repeat && drop) continue;
    substance = substance || folded.words >= substance_words;
    append(out, line.text, blank);
    blank = false;
  }
  return out;
}

}  // namespace wirewatch::feeds
