#include "rules/query/measure.h"

#include <fmt/format.h>

#include <optional>

#include "rules/diagnostic.h"

namespace wirewatch::rules {
namespace {

constexpr std::uint32_t most_number = 1000000;
constexpr std::uint64_t most_seconds = 3650ULL * 86400;

std::optional<std::uint32_t> number_of(std::string_view text) {
  if (text.empty() || text.size() > 7) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return value > most_number ? std::nullopt : std::optional(value);
}

std::optional<std::uint32_t> seconds_of(std::string_view text) {
  static constexpr std::uint64_t seconds[] = {1, 60, 3600, 86400};
  if (text.empty()) return std::nullopt;
  const std::size_t unit = std::string_view("smhd").find(text.back());
  const auto number = number_of(text.substr(0, text.size() - 1));
  if (unit == std::string_view::npos || !number) return std::nullopt;
  const std::uint64_t total = *number * seconds[unit];
  if (total > most_seconds) return std::nullopt;
  return static_cast<std::uint32_t>(total);
}

}  // namespace

MeasureRead read_measure(std::string_view name, std::string_view amount) {
  MeasureRead read;
  if (name != "age" && name != "length") {
    const std::string near = nearest_name(std::string(name), {"age", "length"});
    read.error = fmt::format("'{}' cannot be measured", name);
    read.hint = near.empty() ? "age and length can: age < 2h, length > 200"
                             : fmt::format("did you mean {}?", near);
    return read;
  }
  read.measure = name == "age" ? Measure::age : Measure::length;
  const bool age = read.measure == Measure::age;
  const auto number = age ? seconds_of(amount) : number_of(amount);
  read.number = number.value_or(0);
  if (number) return read;
  read.error = fmt::format("'{}' is no {}", amount, age ? "duration" : "number of words");
  read.hint = age ? "write age < 2h: a number with s, m, h or d, at most 10 years"
                  : "write length > 200: a whole number up to 1000000";
  return read;
}

}  // namespace wirewatch::rules
