#include "rules/match/stop_words.h"

#include <boost/unordered/unordered_flat_set.hpp>

namespace wirewatch::rules {

bool is_stop_word(std::string_view folded) {
  static const boost::unordered_flat_set<std::string_view> words = {
      "about", "after", "all",  "also", "an",    "and",  "are",   "as",    "at",   "be",
      "been",  "but",   "by",   "can",  "for",   "from", "had",   "has",   "have", "he",
      "her",   "his",   "if",   "in",   "into",  "is",   "it",    "its",   "more", "no",
      "not",   "of",    "on",   "one",  "or",    "out",  "over",  "said",  "she",  "so",
      "some",  "than",  "that", "the",  "their", "them", "there", "they",  "this", "to",
      "up",    "us",    "was",  "we",   "were",  "what", "when",  "which", "who",  "will",
      "with",  "would", "you",  "في",   "من",    "علي",  "الي",   "عن",    "ان",   "التي",
      "الذي",  "هذا",   "هذه",  "مع",   "ما",    "لا",   "او",    "كان"};
  return words.contains(folded);
}

}  // namespace wirewatch::rules
