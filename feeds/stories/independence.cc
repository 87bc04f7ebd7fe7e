#include "feeds/stories/independence.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_set.hpp>

#include "feeds/country.h"
#include "feeds/stories/attribution.h"
#include "feeds/stories/term_statistics.h"
#include "feeds/text/utf8.h"

namespace wirewatch::feeds {
namespace {

constexpr std::size_t most_added = 6;

void add_once(std::vector<std::string>& list, std::string_view entry) {
  if (entry.empty() || std::find(list.begin(), list.end(), entry) != list.end()) return;
  list.emplace_back(entry);
}

// Names and numbers first, as people look for those; the rest as it stands in the text.
std::vector<std::string> new_words(const Document& document, TermStatistics& statistics,
                                   boost::unordered_flat_set<Term>& known, bool is_first) {
  std::vector<std::string> telling;
  std::vector<std::string> others;
  std::uint32_t sentence = ~0u;
  const auto stemming = TermStatistics::stemming(document.language);
  for (std::size_t i = 0; i < document.tokens.size(); ++i) {
    const Token& token = document.tokens[i];
    const bool opens = token.sentence != sentence;
    sentence = token.sentence;
    const std::string_view folded = document.folded_form(token);
    const Term term = statistics.term_of(document.hashes[i], folded, stemming);
    if (term == 0 || !known.insert(term).second || is_first) continue;
    const std::string_view raw = document.raw_form(token);
    const bool number = raw[0] >= '0' && raw[0] <= '9';
    const bool name = !opens && token.field == Field::text && unicode::begins_with_capital(raw);
    const bool rare = !statistics.is_common(term);
    if (number || name) {
      telling.emplace_back(raw);
    } else if (rare) {
      others.emplace_back(raw);
    }
  }
  telling.insert(telling.end(), others.begin(), others.end());
  if (telling.size() > most_added) telling.resize(most_added);
  return telling;
}

}  // namespace

Independence independence(std::span<const StoryReport> reports) {
  Independence all;
  TermStatistics statistics;
  boost::unordered_flat_set<Term> known;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const Document& document = *reports[i].document;
    add_once(texts, reports[i].copy_group);
    add_once(all.sources, document.source);
    ReportPart part;
    part.added = new_words(document, statistics, known, i == 0);
    part.origins = named_origins(document);
    part.country = country_of(document);
    add_once(all.countries, part.country);
    for (const std::string& origin : part.origins) add_once(all.origins, origin);
    if (document.time < reports[all.first].document->time) all.first = i;
    all.reports.push_back(std::move(part));
  }
  all.texts = texts.size();
  return all;
}

}  // namespace wirewatch::feeds
