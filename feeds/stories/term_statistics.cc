#include "feeds/stories/term_statistics.h"

#include <libstemmer.h>

#include <algorithm>
#include <cmath>

#include "feeds/hash.h"
#include "feeds/stories/common_words.h"
#include "feeds/stories/parameters.h"
#include "feeds/text/document.h"
#include "feeds/text/word_hash.h"

namespace wirewatch::feeds {
namespace {

// Stems remembered per stemmer; the memory starts anew when it is full.
constexpr std::size_t most_known = 400'000;

Term term_hash(std::string_view stem) {
  const auto hash = static_cast<Term>(hash64(stem) >> 32);
  return hash == 0 ? 1 : hash;
}

}  // namespace

void Stemmer::Delete::operator()(sb_stemmer* stemmer) const {
  sb_stemmer_delete(stemmer);
}

Stemmer::Stemmer(const char* language)
    : stemmer_(language == nullptr ? nullptr : sb_stemmer_new(language, "UTF_8")) {}

Term Stemmer::stem(std::string_view folded) const {
  if (stemmer_ == nullptr) return term_hash(folded);
  const auto* bytes = reinterpret_cast<const sb_symbol*>(folded.data());
  const auto* out = sb_stemmer_stem(stemmer_.get(), bytes, static_cast<int>(folded.size()));
  if (out == nullptr) return term_hash(folded);
  const auto length = static_cast<std::size_t>(sb_stemmer_length(stemmer_.get()));
  return term_hash({reinterpret_cast<const char*>(out), length});
}

TermStatistics::TermStatistics(const Parameters& parameters)
    : parameters_(parameters), english_("english"), arabic_("arabic"), none_(nullptr) {
  for (const std::string& word : fold_words(stop_words())) stop_words_.insert(word_hash(word));
  // The more frequent first: what stands in both lists keeps the larger share.
  const std::pair<std::string_view, double> lists[] = {
      {common_news_words(), parameters_.common_word_share},
      {ordinary_words(), parameters_.ordinary_word_share}};
  for (const auto& [words, share] : lists)
    for (const std::string& word : fold_words(words))
      for (const Stemmer* stemmer : {&english_, &arabic_, &none_})
        common_.emplace(stemmer->stem(word), share);
}

Term TermStatistics::term_of(std::uint64_t hash, std::string_view folded,
                             std::string_view language) {
  const std::size_t which = language == "en" ? 0 : language == "ar" ? 1 : 2;
  auto& known = known_[which];
  if (const auto found = known.find(hash); found != known.end()) return found->second;
  if (known.size() >= most_known) known.clear();
  Term term = 0;
  const bool digits = !folded.empty() && folded[0] >= '0' && folded[0] <= '9';
  if ((folded.size() > 1 || digits) && !stop_words_.contains(hash)) {
    const Stemmer& stemmer = which == 0 ? english_ : which == 1 ? arabic_ : none_;
    term = stemmer.stem(folded);
  }
  known.emplace(hash, term);
  return term;
}

void TermStatistics::add(std::span<const Term> terms) {
  ++documents_;
  for (const Term term : terms) ++documents_with_[term];
}

void TermStatistics::remove(std::span<const Term> terms) {
  if (documents_ > 0) --documents_;
  for (const Term term : terms) {
    const auto found = documents_with_.find(term);
    if (found == documents_with_.end()) continue;
    if (--found->second == 0) documents_with_.erase(found);
  }
}

double TermStatistics::idf(Term term, bool country) const {
  const double background = parameters_.background_documents;
  const auto found = documents_with_.find(term);
  double with = found == documents_with_.end() ? 0.0 : static_cast<double>(found->second);
  const auto common = common_.find(term);
  if (common != common_.end()) with += background * common->second;
  if (country) with += background * parameters_.country_share;
  return std::log((static_cast<double>(documents_) + background + 1) / (with + 1));
}

}  // namespace wirewatch::feeds
