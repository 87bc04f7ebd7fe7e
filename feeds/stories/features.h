// What stories and copies compare of a document.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "feeds/document.h"
#include "feeds/stories/term_statistics.h"

namespace wirewatch::feeds {

// How a word stands in its document.
enum TermFlag : std::uint8_t {
  in_title = 1,
  in_lead = 2,
  is_name = 4,
  is_number = 8,
  is_entity = 16,
};

// A word and what it weighs, in no particular scale.
struct WeightedTerm {
  Term term = 0;
  float weight = 0;
};

// A word of a document: weights of one document are those of a unit vector.
struct DocumentTerm {
  Term term = 0;
  std::uint16_t scaled = 0;  // weight × 65535
  std::uint8_t flags = 0;
  std::uint8_t spare = 0;

  float weight() const { return static_cast<float>(scaled) * (1.0f / 65535.0f); }
};

struct Features {
  // Distinct terms by value, the strongest Parameters::most_terms of them, as a unit vector.
  std::vector<DocumentTerm> terms;
  // The text's content words in reading order (with the title's when the text is short) and
  // where each of its sentences ends among them.
  std::vector<Term> words;
  std::vector<std::uint32_t> sentence_ends;
  // The entities but countries, by themselves, as a unit vector: what two languages can share.
  std::vector<DocumentTerm> entities;
  std::string language;  // of the document, empty when unknown
  // The smallest hashes of neighbouring content words, sorted, once each: those a copy shares with
  // its original are the same ones (bottom-k sketch; Broder, 1997).
  std::vector<std::uint32_t> pair_sample;
  // How many different pairs there are of neighbouring `words`; 0 until somebody has counted.
  mutable std::uint32_t pair_count = 0;
};

// The hashes of all neighbouring content words, sorted, once each.
std::vector<std::uint32_t> word_pairs(const std::vector<Term>& words);

// The words in their order and what follows from it, without the weights; the terms of all its
// tokens stay in statistics.room() for the next.
Features ordered_features(const Document& document, TermStatistics& statistics);
// Adds the weights, by the statistics as it stands; the document is not counted in.
void weigh_features(const Document& document, std::span<const Mention> mentions,
                    TermStatistics& statistics, Features& features);
// Both.
Features make_features(const Document& document, std::span<const Mention> mentions,
                       TermStatistics& statistics);

// The cosine of two unit vectors.
double cosine(const Features& a, const Features& b);

// How near two documents are as reports of one event: the cosine, and for two languages, which
// share hardly a word, at least the discounted cosine of their entities if enough are in common.
// `words` is cosine(a, b).
double event_similarity(double words, const Features& a, const Features& b,
                        const Parameters& parameters);

// One in Arabic letters, the other in others; false when either language is unknown.
bool in_other_scripts(const Features& a, const Features& b);

// False for texts in different scripts that share fewer entities than it takes to say anything.
bool comparable(const Features& a, const Features& b, const Parameters& parameters);

// The terms that add most to the cosine as the document writes them, at most `most`; entities
// with an '@' before their id. `token_terms`: the term of each of the document's tokens.
std::vector<std::string> strongest_shared(const Document& document,
                                          std::span<const Mention> mentions,
                                          std::span<const Term> token_terms, const Features& own,
                                          const Features& other, std::size_t most);

}  // namespace wirewatch::feeds
