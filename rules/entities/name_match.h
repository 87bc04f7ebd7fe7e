// Two names of several parts: are they one name?
#pragma once

#include <string>
#include <vector>

#include "rules/entities/name_units.h"

namespace wirewatch::rules {

enum class NameWay : std::uint8_t {
  same,      // the same words, but for case, accents and the article
  spelling,  // other spellings of the same parts
  inserted,  // one has given names in between that the other leaves out
  order,     // the same parts in another order
  none
};
const char* name_way(NameWay way);

struct NameComparison {
  float score = 0;  // 0 to 1, of the least like pair of parts
  NameWay way = NameWay::none;
};

// A part that two parts make up: "Hosseinzadeh" and "Hossein Zadeh".
NameUnit together(const NameUnit& first, const NameUnit& second);
// The best of all readings of the two.
float unit_likeness(const NameUnit& a, const NameUnit& b);
NameComparison compare_names(const NameText& a, const NameText& b);

enum class NameVerdict : std::uint8_t { same, unsure, different };
// One word must be all but sure; several bear each other out.
NameVerdict name_verdict(const NameComparison& compared, std::size_t parts);
const char* verdict_text(NameVerdict verdict);

}  // namespace wirewatch::rules
