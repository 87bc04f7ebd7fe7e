// Every number that decides about copies and stories, with its meaning. One setting for all feeds;
// tests/eval/tune looks for better ones on public data.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

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

// What tells whether two parts of a story are two events (story_split.h).
inline constexpr std::size_t split_evidence_count = 5;

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
  // A sentence at the edge of a text does not count when so many stories began with it there.
  std::uint32_t repeated_sentence_stories = 2;
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

  double rewrite_cosine = 0.48;   // below it, sentences are not even compared
  double sentence_overlap = 0.5;  // idf-weighted share of the shorter sentence
  double rewrite_share = 0.6;     // of the shorter text's words, in such sentences
  std::size_t rewrite_sentences_least = 4;
  std::size_t sentence_words_least = 4;  // shorter sentences are not compared
  std::size_t sentences_most = 60;       // of a text, its first

  // ---- Stories.

  // A document joins the story with the highest sum of what the evidence adds, from 0 on. In the
  // order of Evidence; found by tests/eval/tune.
  double start_score = -0.573;  // what each story has before the evidence
  // clang-format off
  std::array<EvidenceCurve, evidence_count> curves = {{
      // nearest
      {{0.04071, 0.1174, 0.2381, 0.4672, 0.8862},
       {-0.229, 0.233, 0.279, 0.279, 0.279},
       {0.038, 0.221, 0.175, 0.175, 0.175}},
      // three
      {{0.0407, 0.1106, 0.2228, 0.4243, 0.8011},
       {-0.301, 0.162, 0.294, 0.461, 0.712},
       {0.153, 0.338, 0.207, 0.039, -0.212}},
      // centroid
      {{0.003458, 0.05274, 0.1667, 0.4325, 0.7932},
       {-0.263, 0.029, 0.504, 0.692, 1.103},
       {0.079, 0.246, 0.258, 0.07, -0.131}},
      // mean
      {{0.001668, 0.0478, 0.147, 0.3366, 0.6739},
       {-0.381, -0.14, 0.432, 1.244, 2.256},
       {0.276, 0.367, 0.257, -0.054, -0.736}},
      // known
      {{0.02475, 0.1174, 0.2516, 0.523, 1},
       {-0.126, 0.22, 0.084, -0.103, -0.492},
       {-0.112, 0.133, 0.145, 0.185, 0.362}},
      // core
      {{7.669e-05, 0.05809, 0.2163, 0.5487, 0.8951},
       {-0.298, -0.104, 0.193, 0.415, 1.008},
       {0.163, 0.139, -0.017, -0.215, -0.384}},
      // title_known
      {{0, 0.106, 0.2754, 0.6597, 1},
       {-0.222, -0.042, 0.057, 0.353, 0.423},
       {0.043, 0.232, 0.158, -0.093, -0.138}},
      // names_known
      {{0, 0.1096, 0.2756, 0.6462, 1},
       {-0.178, -0.178, -0.178, -0.178, -0.178},
       {0.019, 0.019, 0.019, 0.019, 0.019}},
      // plain_known
      {{0, 0.09193, 0.2259, 0.4832, 1},
       {-0.293, 0.181, 0.561, 1.042, 1.186},
       {0.093, 0.292, 0.267, 0.176, 0.033}},
      // numbers_known
      {{-0.6667, 0, 0.5, 0.5, 0.5},
       {-0.361, 0.064, 0.237, 0.237, 0.237},
       {0.312, -0.075, -0.249, -0.249, -0.249}},
      // story_title
      {{0, 0.07574, 0.3252, 0.7981, 0.9912},
       {-0.311, -0.235, -0.105, -0.016, 0.12},
       {0.244, 0.145, -0.142, -0.646, -0.835}},
      // crowd
      {{0, 0.07332, 0.1459, 0.2374, 0.6508},
       {-0.176, -0.176, -0.243, -0.27, -0.345},
       {0.039, 0.017, 0.079, 0.106, 0.114}},
      // days
      {{0, 2.079, 2.079, 2.079, 2.079},
       {-0.038, -1.904, -1.904, -1.904, -1.904},
       {-0.014, -0.383, -0.383, -0.383, -0.383}},
      // size
      {{0, 5.493, 5.493, 5.493, 5.493},
       {0.092, -0.625, -0.625, -0.625, -0.625},
       {-0.526, 0.89, 0.89, 0.89, 0.89}},
      // shortness
      {{0, 0.625, 0.8, 0.85, 0.925},
       {-0.269, -0.096, -0.228, -0.263, -0.202},
       {0.213, -0.214, -0.377, -0.391, -0.265}},
      // fit
      {{0.007044, 0.1317, 0.4212, 0.9795, 1.5},
       {-0.364, -0.096, 0.521, 0.919, 1.351},
       {0.253, 0.332, 0.19, -0.208, -0.64}},
      // new_name
      {{0, 0.3333, 0.5, 0.7143, 0.8889},
       {-0.088, -0.13, -0.608, -0.8, -0.954},
       {-0.057, -0.015, -0.063, -0.167, -0.234}},
      // length
      {{0, 0.3118, 0.4997, 0.6839, 0.8062},
       {0.018, -0.549, -0.693, -0.778, -0.778},
       {-0.274, 0.101, 0.205, 0.223, 0.205}},
      // agreeing
      {{0.6931, 1.089, 1.458, 1.907, 2.913},
       {-0.165, 0.123, 0.123, 0.306, 0.333},
       {-0.07, 0.144, 0.144, 0.234, 0.27}},
      // shared
      {{0.6931, 1.386, 1.946, 2.833, 3.892},
       {-0.153, 0.093, 0.01, 0.054, -0.19},
       {-0.063, 0.039, 0.039, 0.188, 0.395}},
      // centroid_gap
      {{-0.7527, -0.3714, -0.0172, 0.3326, 0.7604},
       {-0.246, -0.092, 0.033, 0.167, 0.167},
       {0.125, 0.115, -0.01, -0.144, -0.129}},
      // three_gap
      {{-0.6606, -0.2993, -0.01132, 0.2959, 0.7622},
       {-0.204, -0.147, -0.147, -0.147, -0.147},
       {0.061, 0.084, 0.084, 0.084, 0.089}},
      // title_gap
      {{-0.9851, -0.4361, 0, 0.482, 1},
       {-0.136, -0.265, -0.31, -0.215, -0.627},
       {-0.034, 0.054, 0.142, 0.232, 0.353}},
      // known_gap
      {{-0.8879, -0.4119, 0, 0.379, 1},
       {-0.111, -0.134, -0.102, -0.24, -0.988},
       {-0.081, 0.064, 0.162, 0.299, 0.681}},
      // beginning
      {{-3.143, -0.08516, -0.08516, -0.08516, -0.08516},
       {-0.105, -1.522, -1.522, -1.522, -1.522},
       {0.039, 0.036, 0.036, 0.036, 0.036}},
      // vote
      {{0.008576, 0.1067, 0.4645, 1, 1},
       {-0.137, 0.119, 0.518, 0.518, 0.518},
       {-0.14, 0.063, 0.508, 0.508, 0.508}},
      // votes
      {{0.6931, 1.099, 1.609, 2.708, 3.497},
       {0.394, -0.773, -1.186, -1.762, -1.935},
       {-0.914, -0.262, 0.313, 1.36, 2.14}},
      // near_best
      {{0.04164, 0.9151, 0.9151, 0.9151, 0.9151},
       {-0.213, -0.171, -0.171, -0.171, -0.171},
       {0.082, -0.012, -0.012, -0.012, -0.012}},
      // near_many
      {{0.6931, 3.497, 3.497, 3.497, 3.497},
       {-0.235, -0.163, -0.163, -0.163, -0.163},
       {0.142, -0.317, -0.317, -0.317, -0.317}},
  }};
  // clang-format on
  // Whatever the curves say, a document joins no story whose documents it is less like than this.
  double joint_cosine_least = 0.12;
  // Two stories merge when a document that joined one has at least this score with the other,
  double merge_score = 0.375;
  // and their documents are on the average as near to each other, across the two, as this share of
  // what they are within the less coherent one.
  double merge_fit = 1.3;

  // A story is taken apart when the sum of these is above 0 for the parts into which it falls most
  // easily: mean cosine across the parts, as it is and as a share of that within the less coherent
  // one; the same two of words weighed by how rare they are within the story; log of the documents
  // of the smaller part. `split_brief` is added for short documents, times their mean shortness.
  double split_score = 3.784;
  double split_score_brief = -2.109;
  std::array<double, split_evidence_count> split_adds = {-9.141, -1.785, 5.457, -3.009, 0.7735};
  std::array<double, split_evidence_count> split_brief = {0.4464, 0.5236, 0.2571, -2.521, -1.303};
  std::size_t split_documents_least = 4;   // a smaller story has no parts
  std::size_t split_documents_most = 200;  // a larger one stays as it is
  std::size_t split_every = 125;           // percent of the size at which it was looked at before
  std::size_t split_sample = 24;           // its newest documents that are compared

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
