#include "rules/match/reading.h"

#include <algorithm>
#include <chrono>

#include "feeds/country.h"
#include "feeds/text/tokenise.h"
#include "feeds/text/utf8.h"
#include "feeds/text/word_hash.h"
#include "rules/match/word_tokens.h"

namespace wirewatch::rules {
namespace {

constexpr std::size_t max_value_bytes = 4096;
constexpr std::size_t max_values = 200;             // of one field
constexpr std::uint32_t first_value = 0x80000000U;  // its paragraph: no text has so many

std::string_view line_at(std::string_view text, std::size_t start) {
  const std::size_t end = text.find('\n', start);
  return text.substr(start, end == std::string_view::npos ? end : end - start);
}

// The paragraphs of title or text: `first` to `end` are its words.
void add_lines(const feeds::Document& document, std::string_view text, Extent words,
               std::vector<Reading::Stretch>& out) {
  std::uint32_t next = words.begin;
  for (std::size_t start = 0; start <= text.size() && next < words.end;) {
    const std::string_view line = line_at(text, start);
    const std::uint32_t first = next;
    while (next < words.end && document.tokens[next].start < start + line.size()) ++next;
    if (next > first) out.push_back({line, static_cast<std::uint32_t>(start), {first, next}});
    start += line.size() + 1;
  }
}

}  // namespace

Reading::Reading(const feeds::Document& document, FieldMask fields, Span age)
    : document_(document), own_(static_cast<std::uint32_t>(document.tokens.size())) {
  age_seconds_ =
      std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(age).count());
  if ((fields >> static_cast<unsigned>(Scope::source)) == 0) return;
  const auto add = [&](Scope scope, const std::vector<std::string>& values) {
    if ((fields & mask_of(scope)) != 0) add_field(scope, values);
  };
  add(Scope::source, {document.source});
  add(Scope::feed, {document.feed});
  add(Scope::tag, document.feed_tags);
  add(Scope::author, document.authors);
  add(Scope::category, document.categories);
  add(Scope::lang, {document.language});
  add(Scope::url, {document.url});
  if ((fields & mask_of(Scope::country)) != 0)
    add_field(Scope::country, {feeds::country_of(document)});
}

void Reading::add_field(Scope scope, const std::vector<std::string>& values) {
  Extent& extent = extents_[static_cast<std::size_t>(scope)];
  extent.begin = size();
  for (std::size_t i = 0; i < std::min(values.size(), max_values); ++i) add_value(values[i]);
  extent.end = size();
}

void Reading::add_value(std::string_view given) {
  std::string value = feeds::unicode::tidy(given, max_value_bytes);
  std::replace(value.begin(), value.end(), '\n', ' ');
  const feeds::Words words = feeds::tokenise(value);
  if (words.words.empty()) return;
  const auto raw = static_cast<std::uint32_t>(extra_raw_.size());
  const auto folded = static_cast<std::uint32_t>(extra_folded_.size());
  extra_raw_ += value;
  extra_folded_ += words.folded;
  const auto paragraph = first_value + static_cast<std::uint32_t>(values_.size());
  const std::uint32_t first = size();
  extra_starts_.push_back(first);
  for (const feeds::Word& word : words.words) {
    feeds::Token& token = extra_.emplace_back();
    token.start = raw + word.start;
    token.end = raw + word.end;
    token.folded_start = folded + word.folded_start;
    token.folded_length = word.folded_length;
    token.position = static_cast<std::uint32_t>(extra_.size()) - 1;
    token.sentence = token.paragraph = paragraph;
  }
  extra_hashes_.insert(extra_hashes_.end(), words.hashes.begin(), words.hashes.end());
  for (const feeds::Hyphen& hyphen : words.hyphens) {
    extra_hyphens_.push_back({first + hyphen.word, hyphen.closed});
  }
  values_.push_back({{}, raw, {first, size()}});
}

std::string_view Reading::folded(std::uint32_t i) const {
  if (i < own_) return document_.folded_form(document_.tokens[i]);
  const feeds::Token& token = extra_[i - own_];
  return std::string_view(extra_folded_).substr(token.folded_start, token.folded_length);
}

std::string_view Reading::raw(std::uint32_t i) const {
  if (i < own_) return document_.raw_form(document_.tokens[i]);
  const feeds::Token& token = extra_[i - own_];
  return std::string_view(extra_raw_).substr(token.start, token.end - token.start);
}

// Most words are not before a hyphen: the list of those that are is short, and read more often than
// their tokens.
bool Reading::joined(std::uint32_t i) const {
  const auto hyphens = i < own_ ? own_hyphens() : extra_hyphens();
  const auto word = [](const feeds::Hyphen& hyphen, std::uint32_t one) {
    return hyphen.word < one;
  };
  const auto at = std::lower_bound(hyphens.begin(), hyphens.end(), i, word);
  return at != hyphens.end() && at->word == i && runs_on(i) && joins(folded(i), folded(i + 1));
}

std::uint64_t Reading::joined_hash(std::uint32_t i) const {
  return feeds::word_hash(folded(i), folded(i + 1));
}

Extent Reading::extent(Scope scope) const {
  const std::uint32_t title = document_.title_tokens;
  switch (scope) {
    case Scope::title:
      return {0, title};
    case Scope::lead:
      return {title, title + document_.lead_tokens};
    case Scope::text:
      return {title, own_};
    case Scope::title_lead:
      return {0, title + document_.lead_tokens};
    case Scope::title_text:
    case Scope::sentence:
    case Scope::paragraph:
      return {0, own_};
    default:
      return extents_[static_cast<std::size_t>(scope)];
  }
}

std::vector<Reading::Stretch> Reading::stretches() const {
  std::vector<Stretch> all;
  add_lines(document_, document_.title, extent(Scope::title), all);
  add_lines(document_, document_.text, extent(Scope::text), all);
  for (std::size_t i = 0; i < values_.size(); ++i) {
    Stretch value = values_[i];
    const std::size_t end = i + 1 < values_.size() ? values_[i + 1].offset : extra_raw_.size();
    value.text = std::string_view(extra_raw_).substr(value.offset, end - value.offset);
    all.push_back(value);
  }
  return all;
}

}  // namespace wirewatch::rules
