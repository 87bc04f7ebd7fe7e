#include "rules/match/word_tokens.h"

#include <algorithm>
#include <array>

#include "feeds/text/tokenise.h"
#include "feeds/text/utf8.h"
#include "rules/query/parser.h"

namespace wirewatch::rules {
namespace {

constexpr std::size_t most_parts = 4;       // of a compound
constexpr std::size_t least_remainder = 4;  // bytes behind a combining element
constexpr std::array<std::string_view, 12> combining = {"anti", "bio",    "counter", "cyber",
                                                        "geo",  "micro",  "multi",   "neo",
                                                        "non",  "pseudo", "semi",    "ultra"};

bool has_digit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_plain(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

struct Written {
  std::vector<WordToken> tokens;
  bool hyphens = false;  // nothing else parts them
};

Written read(const Word& word) {
  Written written;
  if (is_plain(word.text)) {  // most words: nothing to fold, nothing to part
    written.tokens.push_back({word.text, word.text, word.match, word.edits});
    return written;
  }
  const std::string text = feeds::unicode::tidy(word.text, max_query_bytes);
  const feeds::Words words = feeds::tokenise(text);
  written.hyphens = words.words.size() > 1;
  std::uint32_t end = 0;
  for (const feeds::Word& one : words.words) {
    if (!written.tokens.empty() &&
        !is_hyphen(std::string_view(text).substr(end, one.start - end))) {
      written.hyphens = false;
    }
    end = one.end;
    WordToken& token = written.tokens.emplace_back();
    token.folded = words.folded.substr(one.folded_start, one.folded_length);
    token.raw = text.substr(one.start, one.end - one.start);
    if (word.match == WordMatch::exact) token.match = WordMatch::exact;
  }
  if (written.tokens.empty()) return written;
  written.tokens.back().match = word.match;
  written.tokens.back().edits = word.edits;
  return written;
}

// counterterrorism → counter, terrorism
std::optional<std::vector<WordToken>> taken_apart(const WordToken& token) {
  for (const std::string_view element : combining) {
    if (!token.folded.starts_with(element) || has_digit(token.folded)) continue;
    if (token.folded.size() < element.size() + least_remainder) continue;
    const std::string first(element);
    const std::string rest = token.folded.substr(element.size());
    return std::vector<WordToken>{{first, first, WordMatch::folded, 0},
                                  {rest, rest, token.match, 0}};
  }
  return std::nullopt;
}

}  // namespace

std::vector<WordToken> word_tokens(const Word& word) {
  return read(word).tokens;
}

bool joins(std::string_view first, std::string_view second) {
  return first != "re" && !has_digit(first) && !has_digit(second);
}

bool is_hyphen(std::string_view gap) {
  return gap == "-" || gap == "\xE2\x80\x90" || gap == "\xE2\x80\x91";
}

Spellings spellings(const Word& word) {
  Written written = read(word);
  Spellings result;
  const bool compound = word.match != WordMatch::exact && word.match != WordMatch::edits;
  if (compound && written.tokens.size() == 1) {
    if (auto apart = taken_apart(written.tokens[0])) {
      result.closed = std::move(written.tokens[0]);
      result.apart = std::move(*apart);
      return result;
    }
  }
  if (compound && written.hyphens && written.tokens.size() <= most_parts) {
    WordToken closed{"", "", word.match, 0};
    bool all = written.tokens[0].folded != "re";
    for (const WordToken& token : written.tokens) {
      closed.folded += token.folded;
      all = all && !has_digit(token.folded);
    }
    if (all) result.closed = std::move(closed);
  }
  result.apart = std::move(written.tokens);
  return result;
}

}  // namespace wirewatch::rules
