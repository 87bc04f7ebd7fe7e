// What stands beside a firm's name in a text: legal forms, or more of a name.
#pragma once

#include <cstdint>
#include <vector>

#include "rules/entities/name_units.h"

namespace wirewatch::rules {

struct BesideFirm {
  std::uint32_t forms_before = 0;  // words that are legal forms
  std::uint32_t forms_after = 0;
  bool began_before = false;  // a word with a capital that is no form joins the name
  bool goes_on = false;
};

// Beside the words from `first` to `last`, both included.
BesideFirm beside_firm(const std::vector<NameWord>& words, std::size_t first, std::size_t last);

}  // namespace wirewatch::rules
