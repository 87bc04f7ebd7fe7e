// `age < 2h` and `length > 200`: what is measured, and with what it is compared.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "rules/query/node.h"

namespace wirewatch::rules {

struct MeasureRead {
  Measure measure = Measure::age;
  std::uint32_t number = 0;  // seconds, or words
  std::string error;         // empty: all is well
  std::string hint;
};

// `name` and `amount` as written: "age" and "2h", "length" and "200".
MeasureRead read_measure(std::string_view name, std::string_view amount);

}  // namespace wirewatch::rules
