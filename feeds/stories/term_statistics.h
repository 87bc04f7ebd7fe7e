// Words as stories weigh them: stems, stop words, and how rare each is in what was seen lately.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "feeds/prefetch.h"
#include "feeds/stories/parameters.h"
#include "feeds/stories/repeated_sentences.h"
#include "feeds/stories/spread_table.h"
#include "feeds/stories/term_counts.h"

struct sb_stemmer;

namespace wirewatch::feeds {

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

  // How words of a language ("en", "ar", …) are stemmed.
  enum class Stemming : std::uint8_t { english, arabic, none };
  static Stemming stemming(std::string_view language);

  // The term of a folded word and its word_hash; 0 for stop words and single letters.
  Term term_of(std::uint64_t hash, std::string_view folded, Stemming stemming) {
    const Term* const known = known_term(hash, stemming);
    return known != nullptr ? *known : learn(hash, folded, stemming);
  }
  // The same if it is remembered, as that of most words is: without a look at the word.
  const Term* known_term(std::uint64_t hash, Stemming stemming) const {
    if (known_.empty()) return nullptr;
    const KnownStem& known = known_[known_place(hash, stemming)];
    return known.key == mixed(hash, stemming) && known.key != 0 ? &known.term : nullptr;
  }
  // Asks for the memory that term_of() will need.
  void prefetch_word(std::uint64_t hash, Stemming stemming) const {
    if (!known_.empty()) feeds::prefetch(&known_[known_place(hash, stemming)]);
  }

  // Counts a document's distinct terms in, and out when the document is dropped.
  void add(std::span<const Term> terms);
  void remove(std::span<const Term> terms);

  // To be called now and then when documents are dropped: words of those alone make room.
  void tidy();

  const Parameters& parameters() const { return parameters_; }
  // Whether it is in one of the lists of common words.
  bool is_common(Term term) const {
    const Frequency* const found = frequencies_.find(term);
    return found != nullptr && found->list != 0;
  }

  // Asks for the memory that idf(), add() and remove() will need.
  void prefetch(Term term) const { frequencies_.prefetch(term); }
  double idf(Term term, bool country = false) const;

  RepeatedSentences& sentences() { return sentences_; }

  // For make_features, from one document to the next.
  struct Room {
    std::vector<Term> terms;                    // of each token
    std::vector<Term> counted;                  // the same, 0 where the word does not count
    std::vector<std::uint32_t> counted_places;  // of those that do
    std::vector<std::size_t> sentence_tokens;  // of each of Features::sentence_ends, the last token
    TermCounts counts;
  };
  Room& room() { return room_; }

 private:
  struct Frequency {
    std::uint32_t documents : 30 = 0;  // that hold the word
    std::uint32_t list : 2 = 0;        // of common words that it is in; 0 is none
  };
  struct KnownStem {
    std::uint64_t key = 0;  // hash of the word, with the stemmer mixed in
    Term term = 0;
  };
  static bool is_dead(const Frequency& old) { return old.documents == 0 && old.list == 0; }
  Frequency& frequency(Term term);
  double idf_of(double with) const;

  static std::uint64_t mixed(std::uint64_t hash, Stemming stemming) {
    return hash + static_cast<std::uint64_t>(stemming) * 0x9E3779B97F4A7C15u;
  }
  std::size_t known_place(std::uint64_t hash, Stemming stemming) const {
    return static_cast<std::size_t>(mixed(hash, stemming) & (known_.size() - 1));
  }
  Term learn(std::uint64_t hash, std::string_view folded, Stemming stemming);
  void know_more();
  // Stems remembered; a word takes the place of the one that was there before. The memory begins
  // with the first text and grows with the words that it has not known, up to this.
  static constexpr std::size_t least_known = 1 << 14;
  static constexpr std::size_t most_known = 1 << 18;

  Parameters parameters_;
  Stemmer english_;
  Stemmer arabic_;
  Stemmer none_;
  boost::unordered_flat_set<std::uint64_t> stop_words_;  // hashes of folded words
  std::array<double, 3> shares_{};                       // of texts, by Frequency::list
  std::vector<KnownStem> known_;                         // memory of stems, by hash
  std::size_t learned_ = 0;                              // since it grew
  SpreadTable<Frequency> frequencies_;
  RepeatedSentences sentences_;
  std::size_t documents_ = 0;
  // idf() of words in no list by how many documents hold them, while `known_for_` documents were
  // counted in; once as many go as come, that is always.
  mutable std::vector<double> known_idf_;
  mutable std::size_t known_for_ = 0;
  Room room_;
};

}  // namespace wirewatch::feeds
