// Every number that decides about copies and stories, with its meaning. One setting for all feeds.
#pragma once

#include <chrono>
#include <cstddef>

namespace wirewatch::feeds::parameters {

// ---- How rare a word is. idf = log((documents + background) / (its documents + its background)).

// Counts as this many unseen documents, so that the first hundred real ones do not swing weights.
inline constexpr double background_documents = 1000;
// In which share of the background a word from the list of common news words stands.
inline constexpr double common_word_share = 0.10;
// The same of a country ("country:IQ"): whoever lists one also chose feeds that are full of it, so
// that it tells little about which event a report is on.
inline constexpr double country_share = 0.40;

// ---- Weight of a word in its document, before the idf.

inline constexpr double title_weight = 2.0;  // for each time it stands in the title
inline constexpr double lead_weight = 1.5;   // for each time among the first words of the text
inline constexpr double body_weight = 1.0;
inline constexpr double name_factor = 1.3;      // it is written with a capital inside a sentence
inline constexpr double number_factor = 1.2;    // it is a number of three or more digits
inline constexpr double entity_factor = 1.5;    // it is an entity that rules found, in any script
inline constexpr std::size_t most_terms = 256;  // strongest words kept for a document

// ---- Which earlier documents are looked at.

inline constexpr std::size_t indexed_terms = 64;  // of a document, the strongest
inline constexpr std::size_t queried_terms = 24;  // of a new document, the strongest
inline constexpr std::size_t indexed_pairs = 64;  // of a document, its smallest hashes
inline constexpr std::size_t queried_pairs = 96;  // of a new document, its smallest hashes
// Newest documents kept for one term or word pair. What is more common than this tells nothing.
inline constexpr std::size_t term_postings = 256;
inline constexpr std::size_t pair_postings = 128;
// What the index sees of the cosine must reach this before a document is looked at at all.
inline constexpr double event_score_least = 0.04;
// A text of fewer pairs is looked up by single shared pairs, a longer one by two or more.
inline constexpr std::size_t few_pairs = 20;
inline constexpr std::size_t event_candidates = 16;  // compared in full, the nearest by their index
inline constexpr std::size_t copy_candidates = 8;    // verified in full, those sharing most pairs

// ---- Copies: share of word pairs (neighbouring content words) in common.

inline constexpr double copy_cosine = 0.2;           // below it, pairs are not even compared
inline constexpr std::size_t copy_pairs_least = 12;  // a text with fewer is short
inline constexpr double copy_jaccard = 0.20;         // of all pairs of both
inline constexpr double copy_containment = 0.38;     // of the shorter one's pairs
inline constexpr double short_copy_jaccard = 0.70;
inline constexpr std::size_t short_pairs_least = 3;  // a text with fewer is never called a copy
// A text with less than this many words is compared with its title, a longer one without.
inline constexpr std::size_t untitled_words = 30;

// ---- Rewrites: sentence by sentence, in the same order.

inline constexpr double rewrite_cosine = 0.45;   // below it, sentences are not even compared
inline constexpr double sentence_overlap = 0.5;  // idf-weighted share of the shorter sentence
inline constexpr double rewrite_share = 0.6;     // of the shorter text's words, in such sentences
inline constexpr std::size_t rewrite_sentences_least = 4;
inline constexpr std::size_t sentence_words_least = 4;  // shorter sentences are not compared
inline constexpr std::size_t sentences_most = 60;       // of a text, its first

// ---- Stories.

// A document joins the story of its nearest document from this cosine on, if both are of one day.
inline constexpr double story_cosine = 0.24;
// The share that the mean over the story's compared documents has, the nearest having the rest.
// A document of less than `full_terms` terms gives the mean accordingly less: most headlines of a
// story share no word with most others.
inline constexpr double mean_share = 0.5;
inline constexpr double full_terms = 60;
// How much more (as a share) a document of hardly any terms needs, as few words agree by chance.
inline constexpr double short_surcharge = 0.25;
// Between two languages the entities alone are compared: at least so many must be in common, and
// their cosine counts this share of what the cosine of all words would.
inline constexpr std::size_t foreign_entities_least = 3;
inline constexpr double foreign_share = 0.5;
// Free of charge; each further day between the two asks for this share more.
inline constexpr std::chrono::hours same_time = std::chrono::hours(30);
inline constexpr double daily_surcharge = 0.35;

// ---- Memory.

// Documents beyond the window are only dropped when more than this many are held, so that items
// that come out of order still meet those of their own time.
inline constexpr std::size_t kept_beyond_window = 4096;

}  // namespace wirewatch::feeds::parameters
