// Every number that decides about copies and stories, with its meaning. One setting for all feeds;
// tests/eval/tune looks for better ones on public data.
#pragma once

#include <array>
#include <cstddef>

namespace wirewatch::feeds {

// What a document and a story have in common, as decisions see it (story_evidence.h).
enum class Evidence : unsigned char {
  nearest,        // cosine with the nearest of its documents
  three,          // mean of those with the three nearest
  centroid,       // cosine with the sum of its documents
  mean,           // mean cosine with all its documents
  known,          // share of the document in words that the story has
  core,           // share of the story in words that the document has
  title_known,    // as known, of the words in the title
  names_known,    // as known, of the names in title and lead
  plain_known,    // as known, of the words in title and lead that are no names
  numbers_known,  // known less unknown numbers there
  story_title,    // as core, of the words in titles
  crowd,          // mean centroid of the other stories near it
  days,           // log(1 + days between it and the story), of days_most at most
  size,           // log of the number of documents
  shortness,      // 1 − terms / full_terms, at least 0
  fit,            // mean against that among its documents
  new_name,       // strength of a name in its title and lead that the story lacks × n / (n + 2)
  length,         // log10 of its words / 100, at least 0
  agreeing,       // log(1 + how many words its cosine with one of its documents rests on)
  shared,         // log(1 + the words it has in common with one of its documents)
  centroid_gap,   // centroid less the highest of the other stories near it
  three_gap,      // the same of three
  title_gap,      // of title_known
  known_gap,      // of known
  beginning,      // log of the share of documents that began a story, of those remembered
  vote,           // its documents' share of the similarity to all that the index found near
  votes,          // log(1 + its documents among these)
  near_best,      // the nearest of all by the index
  near_many,      // log(1 + documents that the index found)
  count
};
inline constexpr std::size_t evidence_count = static_cast<std::size_t>(Evidence::count);

// What a value of one piece of evidence adds to the score of a story: straight lines between the
// knots, level beyond them. `brief` is added for short documents, times their shortness.
inline constexpr std::size_t curve_knots = 5;
struct EvidenceCurve {
  std::array<double, curve_knots> at{};  // the knots; the last repeats where there are fewer
  std::array<double, curve_knots> adds{};
  std::array<double, curve_knots> brief{};

  double operator()(double value, double shortness) const;
};

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

  double title_weight = 6.74;  // for each time it stands in the title
  double lead_weight = 1.67;   // for each time among the first words of the text
  double body_weight = 1.0;
  double name_factor = 2.41;     // it is written with a capital inside a sentence
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

  // A document joins the story with the highest sum of what the evidence adds, from 0 on. In the
  // order of Evidence; found by tests/eval/tune.
  double start_score = -0.724;  // what each story has before the evidence
  // clang-format off
  std::array<EvidenceCurve, evidence_count> curves = {{
      // nearest
      {{0.04455, 0.1266, 0.2698, 0.4855, 0.8789},
       {-0.119, 0.241, 0.177, -0.051, -0.648},
       {0.265, 0.12, -0.044, -0.113, -0.069}},
      // three
      {{0.0443, 0.1193, 0.2523, 0.4495, 0.7884},
       {-0.553, -0.159, -0.031, 0.133, 0.21},
       {0.652, 0.429, 0.062, -0.273, -0.712}},
      // centroid
      {{0.003283, 0.07504, 0.2392, 0.4811, 0.7715},
       {-1.148, -0.62, -0.233, 0.322, 1.279},
       {-0.067, 0.038, -0.001, 0.045, 0.143}},
      // mean
      {{0.00151, 0.06302, 0.1901, 0.3817, 0.6477},
       {-2.756, -1.556, -0.164, 1.193, 2.882},
       {0.194, 0.434, 0.389, -0.029, -0.83}},
      // known
      {{0.03505, 0.1539, 0.313, 0.5703, 1},
       {1.142, 0.798, 0.089, -0.751, -1.678},
       {0.033, 0.01, 0.027, 0.01, 0.078}},
      // core
      {{6.454e-05, 0.09593, 0.3358, 0.5986, 0.8875},
       {-0.912, -0.47, 0.121, 0.137, 0.723},
       {-0.74, -0.602, -0.128, 0.584, 1.045}},
      // title_known
      {{0, 0.1854, 0.4651, 0.8514, 1},
       {-0.479, -0.325, 0.023, 0.114, 0.267},
       {0.234, 0.192, 0.106, -0.167, -0.206}},
      // names_known
      {{0, 0.182, 0.4235, 0.8037, 1},
       {-0.869, -0.397, -0.027, 0.443, 0.45},
       {-0.105, -0.059, 0.012, 0.046, 0.265}},
      // plain_known
      {{0, 0.134, 0.2878, 0.5478, 1},
       {-0.816, -0.6, -0.153, 0.416, 0.752},
       {0.121, 0.115, 0.124, 0.002, -0.202}},
      // numbers_known
      {{-0.75, 0, 0.5, 0.5, 0.5},
       {-1.069, -0.081, 0.556, 0.556, 0.556},
       {1.028, 0.058, -0.552, -0.552, -0.552}},
      // story_title
      {{0, 0.1806, 0.6615, 0.9196, 1},
       {-0.168, -0.234, -0.135, 0.109, 0.027},
       {1.705, 1.132, -0.292, -1.083, -1.302}},
      // crowd
      {{0, 0.1035, 0.1809, 0.2885, 0.6597},
       {0.108, 0.258, 0.168, -0.096, -0.838},
       {-0.044, -0.149, -0.041, 0.051, 0.342}},
      // days
      {{0, 2.079, 2.079, 2.079, 2.079},
       {1.349, -1.724, -1.724, -1.724, -1.724},
       {-0.04, 0.091, 0.091, 0.091, 0.091}},
      // size
      {{0, 5.649, 5.649, 5.649, 5.649},
       {1.281, -1.724, -1.724, -1.724, -1.724},
       {-2.222, 2.271, 2.271, 2.271, 2.271}},
      // shortness
      {{0, 0.775, 0.825, 0.875, 0.925},
       {-0.673, 0.008, 0.047, 0.069, 0.148},
       {0.718, -0.148, -0.202, -0.16, -0.05}},
      // fit
      {{0.006837, 0.1531, 0.5474, 1.05, 1.5},
       {-0.611, -0.218, 0.118, 0.14, 0.17},
       {1.438, 1.255, 0.394, -0.911, -2.017}},
      // new_name
      {{0, 0.2931, 0.5, 0.7143, 0.9},
       {0.134, 0.064, -0.327, -0.121, -0.15},
       {0.382, 0.224, 0.086, -0.146, -0.388}},
      // length
      {{0, 0.3263, 0.5119, 0.6946, 0.8062},
       {0.498, -0.142, -0.13, -0.267, -0.361},
       {0.122, 0.053, 0.018, -0.008, -0.026}},
      // agreeing
      {{0.6931, 1.343, 1.867, 2.303, 3.103},
       {-0.74, -0.264, -0.146, 0.201, 0.549},
       {-0.519, -0.035, 0.095, 0.233, 0.385}},
      // shared
      {{0.6931, 1.792, 2.639, 3.332, 4.007},
       {0.417, 0.311, 0.043, -0.354, -0.817},
       {0.046, 0.138, 0.064, -0.011, -0.077}},
      // centroid_gap
      {{-0.7421, -0.4063, -0.05116, 0.3509, 0.736},
       {-0.424, -0.112, -0.077, 0.168, 0.046},
       {0.536, 0.262, -0.142, -0.381, -0.115}},
      // three_gap
      {{-0.6434, -0.3322, -0.03903, 0.3139, 0.7532},
       {-0.153, -0.041, -0.041, 0.054, -0.22},
       {0.239, 0.204, 0.097, -0.163, -0.219}},
      // title_gap
      {{-1, -0.5084, -0.01305, 0.6157, 1},
       {0.34, 0.024, -0.239, -0.165, -0.36},
       {-0.443, -0.17, -0.003, 0.245, 0.53}},
      // known_gap
      {{-0.871, -0.4543, -0.04372, 0.3722, 1},
       {-0.315, -0.156, 0.386, 0.468, -0.782},
       {-0.686, -0.282, -0.036, 0.218, 0.945}},
      // beginning
      {{-3.998, -0.3878, -0.3878, -0.3878, -0.3878},
       {4.308, -2.018, -2.018, -2.018, -2.018},
       {-3.277, 2.599, 2.599, 2.599, 2.599}},
      // vote
      {{0.007989, 0.1062, 0.548, 1, 1},
       {-0.359, -0.165, 0.481, -0.3, -0.3},
       {-0.29, -0.221, -0.022, 0.168, 0.168}},
      // votes
      {{0.6931, 1.099, 1.792, 2.833, 3.497},
       {1.311, 0.231, -0.055, -0.904, -0.983},
       {-1.917, -0.911, -0.001, 1.084, 1.904}},
      // near_best
      {{0.04517, 0.9075, 0.9075, 0.9075, 0.9075},
       {-0.409, 0.015, 0.015, 0.015, 0.015},
       {0.022, 0.154, 0.154, 0.154, 0.154}},
      // near_many
      {{0.6931, 3.497, 3.497, 3.497, 3.497},
       {0.602, -1.002, -1.002, -1.002, -1.002},
       {-0.583, 0.741, 0.741, 0.741, 0.741}},
  }};
  // clang-format on
  // Two stories merge when a document that joined one has at least this score with the other,
  double merge_score = 0.375;
  // and their documents are on the average as near to each other, across the two, as this share of
  // what they are within the less coherent one.
  double merge_fit = 1.3;
  double days_most = 7;    // further apart says no more
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
