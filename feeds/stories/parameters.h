// Every number that decides about copies and stories, with its meaning. One setting for all feeds;
// tests/eval/tune looks for better ones on public data.
#pragma once

#include <array>
#include <cstddef>

namespace wirewatch::feeds {

// What a document and a story have in common, as decisions see it (story_evidence.h).
enum class Evidence : unsigned char {
  constant,
  nearest,         // cosine with the nearest of its documents
  three,           // mean of those with the three nearest
  centroid,        // cosine with the sum of its documents
  mean,            // mean cosine with all its documents
  known,           // share of the document in words that the story has
  core,            // share of the story in words that the document has
  title_known,     // as known, of the words in the title
  names_known,     // as known, of the names in title and lead
  numbers_known,   // known less unknown numbers there
  story_title,     // as core, of the words in titles
  crowd,           // mean centroid of the other stories near it
  days,            // log(1 + days between it and the story)
  size,            // log of the number of documents
  shortness,       // 1 − terms / full_terms, at least 0
  short_centroid,  // shortness × centroid
  short_known,     // shortness × known
  short_core,      // shortness × core
  fit,             // mean against that among its documents
  new_name,        // strength of a name in its title and lead that the story lacks × n / (n + 2)
  length,          // log10 of its words / 100, at least 0
  short_plain,     // shortness × known, of the words in its title and lead that are no names
  count
};
inline constexpr std::size_t evidence_count = static_cast<std::size_t>(Evidence::count);

struct Parameters {
  // ---- How rare a word is. idf = log((documents + background) / (its documents + its background))

  // Counts as this many unseen documents, so that the first hundred real ones do not swing weights.
  double background_documents = 2914;
  // In which share of the background a word from the list of common news words stands.
  double common_word_share = 0.10;
  double ordinary_word_share = 0.0082;  // the same for the list of ordinary words
  // The same of a country ("country:IQ"): whoever lists one also chose feeds that are full of it,
  // so that it tells little about which event a report is on.
  double country_share = 0.40;

  // ---- Weight of a word in its document, before the idf.

  double title_weight = 5.04;  // for each time it stands in the title
  double lead_weight = 1.91;   // for each time among the first words of the text
  double body_weight = 1.0;
  double name_factor = 1.96;     // it is written with a capital inside a sentence
  double number_factor = 0.945;  // it is a number of three or more digits
  double entity_factor = 1.5;    // it is an entity that rules found, in any script
  std::size_t most_words = 640;  // of a text, its first content words: what copies are told by
  std::size_t most_terms = 128;  // strongest words kept for a document

  // ---- Which earlier documents are looked at.

  std::size_t indexed_terms = 48;  // of a document, the strongest
  std::size_t queried_terms = 20;  // of a new document, the strongest
  std::size_t indexed_pairs = 64;  // of a document, its smallest hashes
  std::size_t queried_pairs = 96;  // of a new document, its smallest hashes
  // Newest documents found by one term or word pair: what is more common tells little, and each
  // costs.
  std::size_t term_postings = 32;
  std::size_t pair_postings = 24;
  // What the index sees of the cosine must reach this before a document is looked at at all.
  double event_score_least = 0.04;
  // A text of fewer pairs is looked up by single shared pairs, a longer one by two or more.
  std::size_t few_pairs = 20;
  std::size_t event_candidates = 32;  // nearest by their index
  std::size_t story_candidates = 8;   // stories compared, those of the nearest documents
  std::size_t compared_of_story = 3;  // documents of each compared in full
  std::size_t copy_candidates = 8;    // verified in full, those sharing most pairs

  // ---- Copies: share of word pairs (neighbouring content words) in common.

  double copy_cosine = 0.2;           // below it, pairs are not even compared
  std::size_t copy_pairs_least = 12;  // a text with fewer is short
  double copy_containment = 0.20;     // of the shorter one's pairs: below it, no copy
  // A copy from here on: the share of the shorter text that is covered (pair_overlap.h), plus that
  // of the pairs of both in common times this factor.
  double copy_strength = 0.87;
  double copy_jaccard = 1.8;
  // Where a text has fewer pairs, six that chance brings cover all of it: it takes one of these.
  std::size_t covered_pairs_least = 60;
  double plain_jaccard = 0.20;
  double plain_containment = 0.38;
  // A copy of less strength, of a document that is itself a copy, must have this share covered with
  // the first of those copies too.
  double group_strength = 1.2;
  double group_covered = 0.25;
  double short_copy_jaccard = 0.70;
  std::size_t short_pairs_least = 3;  // a text with fewer is never called a copy
  // A text with less than this many words is compared with its title, a longer one without.
  std::size_t untitled_words = 30;

  // ---- Rewrites: sentence by sentence, in the same order.

  double rewrite_cosine = 0.45;   // below it, sentences are not even compared
  double sentence_overlap = 0.5;  // idf-weighted share of the shorter sentence
  double rewrite_share = 0.6;     // of the shorter text's words, in such sentences
  std::size_t rewrite_sentences_least = 4;
  std::size_t sentence_words_least = 4;  // shorter sentences are not compared
  std::size_t sentences_most = 60;       // of a text, its first

  // ---- Stories.

  // A document joins the story with the highest sum of evidence times weight, from 0 on.
  std::array<double, evidence_count> weights = {
      -5,      // constant
      -0.881,  // nearest
      4.13,    // three
      -5.07,   // centroid
      12.2,    // mean
      -1.4,    // known
      0.669,   // core
      1.42,    // title_known
      0.74,    // names_known
      0.623,   // numbers_known
      2.2,     // story_title
      -1.96,   // crowd
      -3,      // days
      0.234,   // size
      0.7,     // shortness
      -0.117,  // short_centroid
      3.13,    // short_known
      11.6,    // short_core
      1.3,     // fit
      -2,      // new_name
      -0.7,    // length
      3,       // short_plain
  };
  // Two stories merge when a document that joined one has at least this score with the other,
  double merge_score = 0.222;
  // and their documents are on the average as near to each other, across the two, as this share of
  // what they are within the less coherent one.
  double merge_fit = 1.17;
  double full_terms = 40;  // a document of fewer terms is short, by degrees
  // Between two languages the entities alone are compared: at least so many must be in common, and
  // their cosine counts this share of what the cosine of all words would.
  std::size_t foreign_entities_least = 3;
  double foreign_share = 0.5;
  // From which such a cosine on a document joins a story told in another script.
  double foreign_cosine = 0.24;

  // ---- Memory.

  // Documents beyond the window are only dropped when more than this many are held, so that items
  // that come out of order still meet those of their own time.
  std::size_t kept_beyond_window = 4096;
};

}  // namespace wirewatch::feeds
