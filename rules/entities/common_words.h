// Words that are no names: those that news is full of, in English, Arabic and Sorani; and given
// names that stand between a first name and a family's. Written from general knowledge.
#pragma once

#include <string>
#include <string_view>

namespace wirewatch::rules {

// `folded` is the folded form of a token.
bool is_common_word(std::string_view folded);

// The singular of a common English word in singular or plural ("industry" for "industries"); empty
// for other words. "Presidency" is no inflection of president.
std::string common_singular(std::string_view folded);

// A frequent given name of the region in Arabic letters.
bool is_given_name(std::string_view folded);

}  // namespace wirewatch::rules
