#include "feeds/article/title.h"

#include <algorithm>
#include <unordered_set>

#include "feeds/parse/xml_text.h"
#include "feeds/text/tokenise.h"

namespace wirewatch::feeds {
namespace {

// Between blanks; a hyphen inside a word parts nothing.
constexpr std::string_view separators[] = {" | ", " - ", " – ", " — ",  " » ", " « ", " › ", " :: ",
                                           " · ", " / ", " > ", " \\ ", " • ", " ― ", " ｜ "};
constexpr std::size_t longest_title = 2000;

struct Cut {
  std::size_t at = std::string_view::npos;
  std::size_t length = 0;
};

Cut last_cut(std::string_view title) {
  Cut cut;
  for (const std::string_view separator : separators) {
    const std::size_t at = title.rfind(separator);
    if (at == std::string_view::npos) continue;
    if (cut.at == std::string_view::npos || at > cut.at) cut = {at, separator.size()};
  }
  return cut;
}

Cut first_cut(std::string_view title) {
  Cut cut;
  for (const std::string_view separator : separators) {
    const std::size_t at = title.find(separator);
    if (at != std::string_view::npos && at < cut.at) cut = {at, separator.size()};
  }
  return cut;
}

std::vector<std::string> words_of(std::string_view text) {
  const Words words = tokenise(text.substr(0, longest_title));
  std::vector<std::string> list;
  for (const Word& word : words.words) {
    list.push_back(words.folded.substr(word.folded_start, word.folded_length));
  }
  return list;
}

bool same_words(std::string_view a, std::string_view b) {
  const std::vector<std::string> words = words_of(a);
  return !words.empty() && words == words_of(b);
}

bool is_heading(std::string_view text, const std::vector<std::string>& headings) {
  return std::any_of(headings.begin(), headings.end(),
                     [text](const std::string& heading) { return same_words(heading, text); });
}

}  // namespace

std::string headline_of(std::string_view page_title, std::string_view site,
                        const std::vector<std::string>& headings) {
  constexpr std::size_t enough_words = 3;
  const std::string whole = collapse_blanks(utf8_prefix(page_title, longest_title));
  const Cut last = last_cut(whole);
  if (last.at == std::string::npos) return whole;
  if (is_heading(whole, headings)) return whole;
  const std::string before = whole.substr(0, last.at);
  const std::string behind = whole.substr(last.at + last.length);
  const Cut first = first_cut(whole);
  const std::string rest = whole.substr(first.at + first.length);
  if (is_heading(before, headings) || same_words(behind, site)) return before;
  if (is_heading(rest, headings) || same_words(whole.substr(0, first.at), site)) return rest;
  if (words_of(before).size() >= enough_words) return before;
  return words_of(rest).size() > enough_words ? rest : whole;
}

bool is_same_title(std::string_view heading, std::string_view title) {
  const std::vector<std::string> ours = words_of(heading);
  const std::vector<std::string> theirs = words_of(title);
  if (ours.empty() || theirs.empty()) return false;
  const std::unordered_set<std::string> known(theirs.begin(), theirs.end());
  std::size_t letters = 0;
  std::size_t strange = 0;
  for (const std::string& word : ours) {
    letters += word.size();
    if (!known.contains(word)) strange += word.size();
  }
  std::size_t title_letters = 0;
  for (const std::string& word : theirs) title_letters += word.size();
  return strange * 4 < letters && letters * 4 > title_letters;
}

}  // namespace wirewatch::feeds
