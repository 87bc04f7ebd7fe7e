#include "rules/entities/name_words.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>

#include "feeds/text/utf8.h"
#include "rules/entities/name_forms.h"

namespace wirewatch::rules {
namespace {

bool begins_with_capital(std::string_view raw) {
  const auto lead = static_cast<unsigned char>(raw.empty() ? 'a' : raw[0]);
  if (lead < 0x80) return lead >= 'A' && lead <= 'Z';
  return !u_islower(static_cast<UChar32>(feeds::unicode::decode(raw, 0).code));
}

bool is_hyphen(std::string_view gap) {
  return gap == "-" || gap == "\xE2\x80\x90" || gap == "\xE2\x80\x91";
}

bool joins(std::string_view gap) {
  return gap == " " || gap == ". " || is_hyphen(gap);
}

NameWord::Gap gap_of(std::string_view gap) {
  // "People's Guard": the possessive belongs to no token.
  const std::string_view between = between_words(gap);
  if (between == "s " && between.size() < gap.size()) return NameWord::Gap::possessive;
  if (gap == "/" || gap == " / ") return NameWord::Gap::slash;
  return gap == " & " || gap == "&" ? NameWord::Gap::ampersand : NameWord::Gap::none;
}

// What stands in small letters between the parts of a name.
bool is_inner_word(std::string_view folded) {
  static constexpr std::array<std::string_view, 25> words = {
      "ul",  "ur",  "ud",  "uz", "ag", "de", "del", "di", "da", "do",  "dos", "das", "du",
      "van", "von", "der", "la", "le", "y",  "zu",  "af", "of", "and", "for", "et"};
  return std::find(words.begin(), words.end(), folded) != words.end();
}

// Words without a capital that a name may go on with: between two with a capital, or behind one
// and a hyphen ("Su-gwang").
void mark_inner_words(std::vector<NameWord>& words, const std::vector<bool>& hyphens) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    NameWord& word = words[i];
    if (word.capital || !words[i - 1].joins_next || !words[i - 1].capital) continue;
    const bool before_capital = word.joins_next && i + 1 < words.size() && words[i + 1].capital;
    word.inner = hyphens[i - 1] || (before_capital && is_inner_word(word.folded));
  }
}

}  // namespace

std::vector<NameWord> name_words_of(const feeds::Document& document) {
  const auto& tokens = document.tokens;
  std::vector<NameWord> words(tokens.size());
  std::vector<bool> hyphens(tokens.size());  // by word: one parts it from the next
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    NameWord& word = words[i];
    word.raw = document.raw_form(tokens[i]);
    word.folded = document.folded_form(tokens[i]);
    word.sentence = tokens[i].sentence;
    word.capital = begins_with_capital(word.raw);
    if (i + 1 == tokens.size()) continue;
    const feeds::Token& next = tokens[i + 1];
    if (next.field != tokens[i].field || next.sentence != tokens[i].sentence) continue;
    const std::string& field = next.field == feeds::Field::title ? document.title : document.text;
    const std::string_view gap =
        std::string_view(field).substr(tokens[i].end, next.start - tokens[i].end);
    hyphens[i] = is_hyphen(between_words(gap));
    word.joins_next = joins(between_words(gap));
    if (!word.joins_next) word.gap = gap_of(gap);
    if (word.folded.size() <= most_article_bytes)
      word.article = is_article(word.folded, gap, document.folded_form(next));
  }
  mark_inner_words(words, hyphens);
  return words;
}

}  // namespace wirewatch::rules
