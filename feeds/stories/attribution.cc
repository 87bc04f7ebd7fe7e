#include "feeds/stories/attribution.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "feeds/text/utf8.h"

namespace wirewatch::feeds {
namespace {

// English ones folded, as Document::folded_form gives them; Arabic ones as written.
constexpr std::array outlet_words = {"agency",     "agencies", "press",       "news",   "times",
                                     "post",       "journal",  "tribune",     "herald", "gazette",
                                     "newspaper",  "daily",    "broadcaster", "radio",  "tv",
                                     "television", "channel",  "newswire",    "media",  "guardian",
                                     "telegraph",  "magazine"};
constexpr std::array agencies = {
    "reuters", "afp", "ap",   "xinhua", "tass", "interfax", "dpa",     "efe",   "ansa", "bloomberg",
    "sana",    "ina", "irna", "upi",    "bbc",  "cnn",      "anadolu", "kyodo", "wam",  "spa"};
constexpr std::array cues_before = {"to",     "told", "tells", "citing", "cited",    "quoting",
                                    "quoted", "by",   "from",  "via",    "informed", "with"};
constexpr std::array cues_after = {"reported", "reports",  "said",   "says",      "wrote",
                                   "writes",   "revealed", "quoted", "announced", "noted",
                                   "added",    "cited",    "citing", "stated"};
// Between "according to" and the like and the name itself.
constexpr std::array fillers = {"the", "a", "an", "official", "state", "statement", "semi"};
constexpr std::array arabic_outlets = {"وكالة", "لوكالة", "صحيفة", "لصحيفة", "قناة", "لقناة"};
constexpr std::array arabic_cues = {"عن",   "وفق",   "وفقا",  "بحسب",   "حسب",  "قالت",  "وقالت",
                                    "ذكرت", "وذكرت", "افادت", "وافادت", "نقلت", "ونقلت", "أفادت"};

template <typename Words>
bool is_in(std::string_view word, const Words& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

struct Reader {
  const Document& document;
  std::size_t first;  // of the text's tokens

  std::string_view folded(std::size_t i) const { return document.folded_form(document.tokens[i]); }
  std::string_view raw(std::size_t i) const { return document.raw_form(document.tokens[i]); }
  bool capital(std::size_t i) const { return unicode::begins_with_capital(raw(i)); }
  bool same_sentence(std::size_t i, std::size_t j) const {
    return document.tokens[i].sentence == document.tokens[j].sentence;
  }
  std::string between(std::size_t from, std::size_t to) const {
    const std::uint32_t start = document.tokens[from].start;
    return document.text.substr(start, document.tokens[to].end - start);
  }
  // Only blanks, hyphens and apostrophes part the two words.
  bool together(std::size_t i) const {
    const std::uint32_t end = document.tokens[i].end;
    const std::string_view gap =
        std::string_view(document.text).substr(end, document.tokens[i + 1].start - end);
    return gap.find_first_not_of(" -'") == std::string_view::npos;
  }
  bool in_brackets(std::size_t from, std::size_t to) const {
    const std::uint32_t start = document.tokens[from].start;
    const std::uint32_t end = document.tokens[to].end;
    return start > 0 && document.text[start - 1] == '(' && end < document.text.size() &&
           document.text[end] == ')';
  }
};

struct Name {
  std::size_t last;  // token
  bool outlet;
};

// Capitalised words in a row, with "news agency" and the like behind them.
Name name_at(const Reader& reader, std::size_t first) {
  Name name{first, false};
  bool outlet_word = false;
  const std::size_t end = reader.document.tokens.size();
  for (std::size_t i = first; i < end && i < first + 6; ++i) {
    if (i > first && (!reader.same_sentence(first, i) || !reader.together(i - 1))) break;
    const bool known = is_in(reader.folded(i), outlet_words);
    if (!reader.capital(i) && !(known && i > first)) break;
    outlet_word = outlet_word || known || is_in(reader.folded(i), agencies);
    name.last = i;
  }
  name.outlet = outlet_word && (name.last > first || is_in(reader.folded(first), agencies));
  return name;
}

bool cued(const Reader& reader, std::size_t first, std::size_t last) {
  if (reader.in_brackets(first, last)) return true;
  std::size_t before = first;
  while (before > reader.first && reader.same_sentence(before - 1, first) &&
         is_in(reader.folded(before - 1), fillers))
    --before;
  if (before > reader.first && reader.same_sentence(before - 1, first) &&
      is_in(reader.folded(before - 1), cues_before))
    return true;
  const std::size_t after = last + 1;
  return after < reader.document.tokens.size() && reader.same_sentence(after, last) &&
         is_in(reader.folded(after), cues_after);
}

bool arabic_cued(const Reader& reader, std::size_t at) {
  for (std::size_t back = 1; back <= 2 && at >= reader.first + back; ++back)
    if (reader.same_sentence(at - back, at) && is_in(reader.raw(at - back), arabic_cues))
      return true;
  return false;
}

// "وكالة رويترز", "وكالة الأنباء العراقية": the word and what follows it with the article.
std::size_t arabic_name_end(const Reader& reader, std::size_t at) {
  std::size_t last = at;
  const std::size_t end = std::min(reader.document.tokens.size(), at + 4);
  for (std::size_t i = at + 1; i < end && reader.same_sentence(i, at); ++i) {
    if (!reader.together(i - 1)) break;
    const bool with_article = reader.raw(i).starts_with("ال");
    if (i > at + 1 && !with_article) break;
    last = i;
  }
  return last;
}

}  // namespace

std::vector<std::string> named_origins(const Document& document, std::size_t most) {
  const Reader reader{document, document.title_tokens};
  std::vector<std::string> names;
  for (std::size_t i = reader.first; i < document.tokens.size() && names.size() < most; ++i) {
    std::size_t last = i;
    bool named = false;
    if (reader.capital(i)) {
      const Name name = name_at(reader, i);
      last = name.last;
      named = name.outlet && cued(reader, i, last);
    } else if (is_in(reader.raw(i), arabic_outlets)) {
      last = arabic_name_end(reader, i);
      named = last > i && arabic_cued(reader, i);
    }
    if (named) {
      std::string name = reader.between(i, last);
      if (std::find(names.begin(), names.end(), name) == names.end())
        names.push_back(std::move(name));
    }
    i = last;
  }
  return names;
}

}  // namespace wirewatch::feeds
