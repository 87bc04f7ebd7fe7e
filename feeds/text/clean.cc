#include "feeds/text/clean.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <span>
#include <vector>

#include "feeds/text/clutter.h"
#include "feeds/text/lines.h"
#include "feeds/text/word_hash.h"

namespace wirewatch::feeds {
namespace {

// Longer lines are neither clutter nor titles, and compared as they are written: a page that
// repeats its paragraphs repeats them byte by byte.
constexpr std::size_t folded_bytes = 600;

constexpr std::size_t substance_words = 20;  // a paragraph this long is an article's
constexpr std::size_t headline_words = 20;
// Shorter lines may well stand twice: "Yes.", "* * *".
constexpr std::size_t repeated_words = 4;

// Says of line after line whether it stays.
class Judge {
 public:
  Judge(const Lines& lines, const Words& words, std::size_t title_words, Repeats repeats)
      : text_(lines.text),
        words_(words),
        title_(std::span(words.hashes).first(title_words)),
        next_(title_words),
        drop_repeats_(repeats == Repeats::drop) {}

  enum class Verdict { keep, drop, end };  // end: nothing behind it stays either

  Verdict of(const Line& line) {
    const std::size_t first = next_;
    while (next_ < words_.words.size() && words_.words[next_].start < line.end) ++next_;
    const std::string_view text = text_.substr(line.start, line.end - line.start);
    if (text.size() > folded_bytes) {
      under_heading_ = false;
      if (!seen_.insert(word_hash(text)).second && drop_repeats_) return Verdict::drop;
      substance_ = true;
      return Verdict::keep;
    }
    return of_short(text, {words_, first, next_});
  }

 private:
  Verdict of_short(std::string_view text, const WordRange& words) {
    const std::uint64_t key = line_key(words.hashes());
    const Clutter clutter = clutter_of(words, key);
    if (clutter == Clutter::tail && substance_) return Verdict::end;
    if (clutter != Clutter::none) {
      under_heading_ = clutter == Clutter::heading && substance_;
      return Verdict::drop;
    }
    const std::size_t count = words.size();
    if (under_heading_ && count <= headline_words && !ends_sentence(text)) return Verdict::drop;
    under_heading_ = false;
    const auto hashes = words.hashes();
    if (count > 0 && std::equal(hashes.begin(), hashes.end(), title_.begin(), title_.end())) {
      return Verdict::drop;
    }
    const bool repeat = count >= repeated_words && !seen_.insert(key).second;
    if (repeat && drop_repeats_) return Verdict::drop;
    substance_ = substance_ || count >= substance_words;
    return Verdict::keep;
  }

  std::string_view text_;
  const Words& words_;
  std::span<const std::uint64_t> title_;
  std::size_t next_;
  const bool drop_repeats_;
  boost::unordered_flat_set<std::uint64_t> seen_;
  bool substance_ = false;
  bool under_heading_ = false;
};

// The lines that stay; a blank one stands before a line also where it stood before dropped ones.
std::vector<Line> kept_lines(const Lines& lines, const Words& words, std::size_t title_words,
                             Repeats repeats) {
  std::vector<Line> kept;
  kept.reserve(lines.lines.size());
  Judge judge(lines, words, title_words, repeats);
  bool blank = false;
  for (const Line& line : lines.lines) {
    blank = blank || line.blank_before;
    const Judge::Verdict verdict = judge.of(line);
    if (verdict == Judge::Verdict::end) break;
    if (verdict == Judge::Verdict::drop) continue;
    kept.push_back({line.start, line.end, blank});
    blank = false;
  }
  return kept;
}

std::string joined(const std::string& text, const std::vector<Line>& lines) {
  std::string out;
  out.reserve(text.size());
  for (const Line& line : lines) {
    if (!out.empty()) out += line.blank_before ? "\n\n" : "\n";
    out.append(text, line.start, line.end - line.start);
  }
  return out;
}

}  // namespace

// Nothing is dropped from most texts, so that the words by which that is seen are the result's.
std::string clean_text(std::string_view text, Words& words, Repeats repeats) {
  Lines lines = lines_of(text);
  const std::size_t title_words = words.words.size();
  const std::size_t title_folded = words.folded.size();
  const std::size_t title_hyphens = words.hyphens.size();
  const std::size_t title_paragraphs = words.paragraph_starts.size();
  tokenise(lines.text, Field::text, words);
  const std::vector<Line> kept = kept_lines(lines, words, title_words, repeats);
  if (kept.size() == lines.lines.size()) return std::move(lines.text);
  std::string out = joined(lines.text, kept);
  words.words.resize(title_words);
  words.hashes.resize(title_words);
  words.folded.resize(title_folded);
  words.hyphens.resize(title_hyphens);
  words.paragraph_starts.resize(title_paragraphs);
  tokenise(out, Field::text, words);
  return out;
}

std::string clean_text(std::string_view text, std::string_view title, Repeats repeats) {
  Words words;
  tokenise(title, Field::title, words);
  return clean_text(text, words, repeats);
}

}  // namespace wirewatch::feeds
