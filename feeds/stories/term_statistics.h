// Words as stories weigh them: stems, stop words, and how rare each is in what was seen lately.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "feeds/stories/parameters.h"

struct sb_stemmer;

namespace wirewatch::feeds {

using Term = std::uint32_t;  // hash of a stem; 0 is a word without content

// A stemmer of one language (Snowball); without a stemmer for it, words are their own stems.
class Stemmer {
 public:
  explicit Stemmer(const char* language);
  Term stem(std::string_view folded) const;

 private:
  struct Delete {
    void operator()(sb_stemmer* stemmer) const;
  };
  std::unique_ptr<sb_stemmer, Delete> stemmer_;
};

class TermStatistics {
 public:
  explicit TermStatistics(const Parameters& parameters = {});

  // The term of a folded word in a document of this language ("en", "ar", …); 0 for stop words
  // and single letters.
  Term term_of(std::uint64_t hash, std::string_view folded, std::string_view language);

  // Counts a document's distinct terms in, and out when the document is dropped.
  void add(std::span<const Term> terms);
  void remove(std::span<const Term> terms);

  const Parameters& parameters() const { return parameters_; }
  // Whether it is in one of the lists of common words.
  bool is_common(Term term) const { return common_.contains(term); }

  double idf(Term term, bool country = false) const;

 private:
  Parameters parameters_;
  Stemmer english_;
  Stemmer arabic_;
  Stemmer none_;
  boost::unordered_flat_set<std::uint64_t> stop_words_;      // hashes of folded words
  boost::unordered_flat_map<Term, double> common_;           // in which share of texts
  boost::unordered_flat_map<std::uint64_t, Term> known_[3];  // memory of stems, by stemmer
  boost::unordered_flat_map<Term, std::uint32_t> documents_with_;
  std::size_t documents_ = 0;
};

}  // namespace wirewatch::feeds
