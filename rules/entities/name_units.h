// The words of a name, or of a text, as a name's parts: articles, kunya and nasab seen through.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/entities/sounds.h"

namespace wirewatch::rules {

// One word as it stands, with what parts it from the next one.
struct NameWord {
  std::string_view raw;
  std::string_view folded;
  std::uint32_t sentence = 0;
  bool article = false;     // is_article() of it and the next word
  bool joins_next = false;  // nothing but a blank, a hyphen or an apostrophe stands before the next
  bool capital = false;     // begins with a capital, or its script has none
  enum class Gap : std::uint8_t { none, slash, possessive, ampersand };
  Gap gap = Gap::none;  // what parts it from the next, where it does not join it
  bool inner = false;   // without a capital, but may stand inside a name: ul, de, Su-gwang
};

// One part of a name. "Abd al-Rahman", "Abdul Rahman" and "Abdurrahman" are one part each, as are
// "Abu Bakr" and "Abubakr", "Nur al-Din" and "Nureddin", "Nasr Allah" and "Nasrallah".
struct NameUnit {
  // As written; and without what may be written onto it: the article (Alshatri, الشطري) and, in
  // Arabic, the particles and, for, by, as (والشطري, للشطري).
  boost::container::small_vector<Sounds, 2> readings;
  std::uint32_t first = 0;  // words, both included; the article before them is not
  std::uint32_t last = 0;
  bool link = false;     // bin, ibn, ben, bint, ould: may be missing inside a name
  bool capital = false;  // of the first word
  bool inner = false;    // has none, but may stand inside a name
  bool script_has_capitals = false;
  // Of a number (47, 47th, M75, II): a key that only the same number has; else 0. Its one reading
  // is empty.
  std::uint64_t number = 0;
};

// The parts that begin at each of `words`, in order; words that begin none (articles) are left out.
// Deterministic and local: what a part is depends on the next two words at most.
std::vector<NameUnit> name_units(const std::vector<NameWord>& words);

// A name given by itself, in one order ("Last, First" is turned round); at most max_name_words
// words, else empty.
struct NameText {
  std::string text;                // tidied
  std::vector<std::string> words;  // folded
  std::vector<NameUnit> units;     // without links inside the name
  std::vector<std::string> heads;  // folded, by unit: its first word
  bool article = false;            // begins with the article
  bool complete = false;           // every word is an article, a link or in a unit
};
NameText read_name(std::string_view name);

}  // namespace wirewatch::rules
