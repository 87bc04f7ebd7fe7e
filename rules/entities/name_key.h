// The coarse key of a word of a name: which words are worth a closer look.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <string>

#include "rules/entities/sounds.h"

namespace wirewatch::rules {

// Consonants in order, four bits each, the first on top of the next; at most 12. Consonants that
// spellings confuse share a class (k q g gh kh); vowels, h, w and y have none. 0 for a word without
// a consonant that counts.
using NameKey = std::uint64_t;
using NameKeys = boost::container::small_vector<NameKey, 8>;

// The likeliest key first, then those in which sounds of two readings (th: t or s) have the other,
// at most `most` in all. Two spellings of a name share a key when one gives all of its own.
NameKeys keys_of(const Sounds& sounds, std::size_t most);

// "KSM", for people.
std::string key_text(NameKey key);

// The key of two words written as one.
NameKey joined(NameKey first, NameKey second);

}  // namespace wirewatch::rules
