#include "feeds/stories/term_statistics.h"

#include <libstemmer.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "feeds/hash.h"
#include "feeds/stories/common_words.h"
#include "feeds/stories/parameters.h"
#include "feeds/text/document.h"
#include "feeds/text/word_hash.h"

namespace wirewatch::feeds {
namespace {

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
    : parameters_(parameters),
      english_("english"),
      arabic_("arabic"),
      none_(nullptr),
      known_idf_(512) {
  for (const std::string& word : fold_words(stop_words())) stop_words_.insert(word_hash(word));
  // The more frequent first: what stands in both lists keeps the larger share.
  shares_ = {0, parameters_.common_word_share, parameters_.ordinary_word_share};
  const std::string_view lists[] = {common_news_words(), ordinary_words()};
  for (std::uint32_t list = 1; list <= 2; ++list) {
    for (const std::string& word : fold_words(lists[list - 1])) {
      for (const Stemmer* stemmer : {&english_, &arabic_, &none_}) {
        Frequency& known = frequency(stemmer->stem(word));
        if (known.list == 0) known.list = list & 3u;
      }
    }
  }
}

TermStatistics::Frequency& TermStatistics::frequency(Term term) {
  return frequencies_.at(term, is_dead);
}

void TermStatistics::tidy() {
  frequencies_.tidy(is_dead);
  sentences_.tidy();
}

TermStatistics::Stemming TermStatistics::stemming(std::string_view language) {
  if (language == "en") return Stemming::english;
  return language == "ar" ? Stemming::arabic : Stemming::none;
}

Term TermStatistics::learn(std::uint64_t hash, std::string_view folded, Stemming stemming) {
  Term term = 0;
  const bool digits = !folded.empty() && folded[0] >= '0' && folded[0] <= '9';
  if ((folded.size() > 1 || digits) && !stop_words_.contains(hash)) {
    const Stemmer* const stemmers[] = {&english_, &arabic_, &none_};
    term = stemmers[static_cast<std::size_t>(stemming)]->stem(folded);
  }
  if (++learned_ > known_.size() / 4 && known_.size() < most_known) know_more();
  known_[known_place(hash, stemming)] = {mixed(hash, stemming), term};
  return term;
}

void TermStatistics::know_more() {
  learned_ = 0;
  const std::vector<KnownStem> before = std::exchange(known_, {});
  known_.resize(before.empty() ? least_known : 4 * before.size());
  for (const KnownStem& one : before) known_[one.key & (known_.size() - 1)] = one;
}

void TermStatistics::add(std::span<const Term> terms) {
  ++documents_;
  for (const Term term : terms) frequencies_.prefetch(term);
  for (const Term term : terms) {
    Frequency& known = frequency(term);
    known.documents = (known.documents + 1) & 0x3FFFFFFFu;
  }
}

void TermStatistics::remove(std::span<const Term> terms) {
  if (documents_ > 0) --documents_;
  for (const Term term : terms) frequencies_.prefetch(term);
  for (const Term term : terms) {
    Frequency* const known = frequencies_.find(term);
    if (known != nullptr && known->documents > 0)
      known->documents = (known->documents - 1) & 0x3FFFFFFFu;
  }
}

double TermStatistics::idf_of(double with) const {
  const double background = parameters_.background_documents;
  return std::log((static_cast<double>(documents_) + background + 1) / (with + 1));
}

double TermStatistics::idf(Term term, bool country) const {
  const double background = parameters_.background_documents;
  const Frequency* const known = frequencies_.find(term);
  const std::uint32_t documents = known == nullptr ? 0 : known->documents;
  const std::uint32_t list = known == nullptr ? 0 : known->list;
  if (list == 0 && !country && documents < known_idf_.size()) {
    if (known_for_ != documents_) {
      std::fill(known_idf_.begin(), known_idf_.end(), 0.0);
      known_for_ = documents_;
    }
    double& idf = known_idf_[documents];
    if (idf == 0) idf = idf_of(documents);
    return idf;
  }
  double with = documents;
  if (list != 0) with += background * shares_[list];
  if (country) with += background * parameters_.country_share;
  return idf_of(with);
}

}  // namespace wirewatch::feeds
