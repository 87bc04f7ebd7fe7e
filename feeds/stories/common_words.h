// Words that tell little about an event, written from general knowledge of the languages.
#pragma once

#include <string_view>

namespace wirewatch::feeds {

// Articles, pronouns, prepositions, auxiliaries: never looked at. Words parted by spaces.
std::string_view stop_words();
// Frequent words of news: looked at, with little weight.
std::string_view common_news_words();

// Words of everyday language that stand in one text in fifty or so, whatever it is about.
std::string_view ordinary_words();

}  // namespace wirewatch::feeds
