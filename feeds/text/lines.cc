#include "feeds/text/lines.h"

#include <algorithm>
#include <cstring>

namespace wirewatch::feeds {
namespace {

std::uint64_t eight_at(const char* at) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof bytes);
  return bytes;
}

// Whether two blanks stand side by side anywhere; eight places at a time.
bool has_double_blank(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101ULL;
  std::size_t at = 0;
  for (; at + 9 <= text.size(); at += 8) {
    const std::uint64_t blanks = ones * ' ';
    const std::uint64_t others =
        (eight_at(text.data() + at) ^ blanks) | (eight_at(text.data() + at + 1) ^ blanks);
    if (((others - ones) & ~others & (ones << 7U)) != 0) return true;  // a byte of it is zero
  }
  return text.find("  ", at) != std::string_view::npos;
}

std::string_view trimmed(std::string_view line) {
  const std::size_t first = line.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(' ') - first + 1);
}

void append_single_blanks(std::string& out, std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != ' ' || line[i - 1] != ' ') out.push_back(line[i]);  // it begins with no blank
  }
}

// Text wrapped at a column (agencies, mail, licences): three or more lines of like length, most
// of which stop in the middle of a sentence.
bool is_wrapped(const Lines& all, std::size_t first, std::size_t last) {
  if (last - first < 2) return false;
  const auto size = [&all](std::size_t i) { return all.lines[i].end - all.lines[i].start; };
  std::uint32_t longest = 0;
  for (std::size_t i = first; i <= last; ++i) longest = std::max(longest, size(i));
  if (longest > 100 || longest < 50) return false;
  std::size_t full = 0;
  std::size_t ended = 0;
  for (std::size_t i = first; i < last; ++i) {
    if (size(i) * 3 >= longest * 2) ++full;
    const std::string_view line = std::string_view(all.text).substr(all.lines[i].start, size(i));
    if (ends_sentence(line)) ++ended;
  }
  const std::size_t count = last - first;
  return full * 10 >= count * 8 && ended * 10 < count * 4;
}

// A line break and a blank are as long: the text keeps its places.
void unwrap(Lines& all) {
  std::vector<Line>& lines = all.lines;
  std::size_t kept = 0;
  for (std::size_t first = 0; first < lines.size();) {
    std::size_t last = first;
    while (last + 1 < lines.size() && !lines[last + 1].blank_before) ++last;
    if (is_wrapped(all, first, last)) {
      for (std::size_t i = first; i < last; ++i) all.text[lines[i].end] = ' ';
      lines[first].end = lines[last].end;
      lines[kept++] = lines[first];
    } else {
      for (std::size_t i = first; i <= last; ++i) lines[kept++] = lines[i];
    }
    first = last + 1;
  }
  lines.resize(kept);
}

}  // namespace

Lines lines_of(std::string_view text) {
  Lines all;
  all.text.reserve(text.size());
  const bool double_blanks = has_double_blank(text);
  bool blank = false;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty()) {
      blank = true;
      continue;
    }
    if (!all.text.empty()) all.text += blank ? "\n\n" : "\n";
    const auto start = static_cast<std::uint32_t>(all.text.size());
    if (double_blanks) {
      append_single_blanks(all.text, line);
    } else {
      all.text += line;
    }
    all.lines.push_back({start, static_cast<std::uint32_t>(all.text.size()), blank});
    blank = false;
  }
  unwrap(all);
  return all;
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

}  // namespace wirewatch::feeds
