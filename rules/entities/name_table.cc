#include "rules/entities/name_table.h"

#include <algorithm>

#include "feeds/text/tokenise.h"
#include "feeds/text/utf8.h"
#include "feeds/text/word_hash.h"
#include "rules/entities/name_forms.h"

namespace wirewatch::rules {
namespace {

constexpr std::size_t max_name_bytes = 2048;

std::uint64_t step_key(std::uint32_t state, std::uint64_t word) {
  return word ^ ((std::uint64_t{state} + 1) * 0x9E3779B97F4A7C15U);
}

bool same_sentence(const feeds::Token& a, const feeds::Token& b) {
  return a.field == b.field && a.sentence == b.sentence && a.paragraph == b.paragraph;
}

bool article_at(const feeds::Document& document, std::uint32_t at) {
  if (at + 1 >= document.tokens.size()) return false;
  const feeds::Token& token = document.tokens[at];
  const feeds::Token& next = document.tokens[at + 1];
  if (token.folded_length > most_article_bytes || !same_sentence(token, next)) return false;
  const std::string& field = token.field == feeds::Field::title ? document.title : document.text;
  const std::string_view gap = std::string_view(field).substr(token.end, next.start - token.end);
  return is_article(document.folded_form(token), gap, document.folded_form(next));
}

bool spelled_exactly(const feeds::Document& document, const NameHit& hit) {
  const std::vector<std::string>& exact = hit.entry->exact;
  if (exact.empty()) return true;
  if (hit.last - hit.first + 1 != exact.size()) return false;
  for (std::uint32_t i = 0; i < exact.size(); ++i) {
    if (document.raw_form(document.tokens[hit.first + i]) != exact[i]) return false;
  }
  return true;
}

}  // namespace

// One start of a search: from where, and whether the first word lost its article.
struct NameTable::Walk {
  const feeds::Document& document;
  const std::vector<bool>& articles;
  std::uint32_t first;
  bool article_dropped;
};

std::uint32_t NameTable::step(std::uint32_t state, std::uint64_t word) const {
  const auto at = steps_.find(step_key(state, word));
  return at == steps_.end() ? 0 : at->second;
}

std::uint32_t NameTable::grow(std::uint32_t state, std::uint64_t word) {
  const auto [at, fresh] =
      steps_.try_emplace(step_key(state, word), static_cast<std::uint32_t>(entries_.size()));
  if (fresh) entries_.emplace_back();
  return at->second;
}

bool NameTable::add(const std::string& name, NameEntry entry) {
  const bool exact = name.size() > 1 && name[0] == '=';
  const std::string text = feeds::unicode::tidy(name.substr(exact ? 1 : 0), max_name_bytes);
  const feeds::Words words = feeds::tokenise(text);
  if (words.words.empty() || words.words.size() > max_name_words) return false;
  const auto folded = [&](std::size_t i) {
    return std::string_view(words.folded)
        .substr(words.words[i].folded_start, words.words[i].folded_length);
  };
  std::uint32_t state = 0;
  for (std::size_t i = 0; i < words.words.size(); ++i) {
    const feeds::Word& word = words.words[i];
    if (exact) entry.exact.push_back(text.substr(word.start, word.end - word.start));
    bool article = false;
    if (i + 1 < words.words.size()) {
      const std::string gap = text.substr(word.end, words.words[i + 1].start - word.end);
      article = is_article(folded(i), gap, folded(i + 1));
    }
    // Inside a name the article may be left out; at its beginning it is a part of it.
    if (article && i > 0) continue;
    state = grow(state, article ? article_hash() : feeds::word_hash(folded(i)));
  }
  entries_[state].push_back(std::move(entry));
  return true;
}

void NameTable::follow(const Walk& walk, std::uint32_t state, std::uint32_t token,
                       std::vector<NameHit>& out) const {
  for (const NameEntry& entry : entries_[state]) {
    const NameHit hit{walk.first, token - 1, &entry};
    if (walk.article_dropped && entry.person) continue;
    if (spelled_exactly(walk.document, hit)) out.push_back(hit);
  }
  const auto& tokens = walk.document.tokens;
  if (token >= tokens.size() || !same_sentence(tokens[walk.first], tokens[token])) return;
  if (const std::uint32_t next = step(state, walk.document.hashes[token]); next != 0) {
    follow(walk, next, token + 1, out);
  }
  if (walk.articles[token] && token + 1 < tokens.size()) {
    // article_at() has made sure that a word of the same sentence follows.
    if (const std::uint32_t next = step(state, walk.document.hashes[token + 1]); next != 0) {
      follow(walk, next, token + 2, out);
    }
  }
}

std::vector<NameHit> NameTable::find(const feeds::Document& document) const {
  std::vector<NameHit> hits;
  if (steps_.empty()) return hits;
  const auto count = static_cast<std::uint32_t>(document.tokens.size());
  std::vector<bool> articles(count);
  for (std::uint32_t i = 0; i < count; ++i) articles[i] = article_at(document, i);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto begin = [&](std::uint64_t word, bool article_dropped) {
      const std::uint32_t state = step(0, word);
      if (state != 0) follow({document, articles, i, article_dropped}, state, i + 1, hits);
    };
    begin(document.hashes[i], false);
    if (articles[i]) begin(article_hash(), false);
    for (const ArabicForm& form : arabic_forms(document.folded_form(document.tokens[i]))) {
      begin(form.hash, form.article_dropped);
    }
  }
  return hits;
}

}  // namespace wirewatch::rules
