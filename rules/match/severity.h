// How much a rule's alerts matter.
#pragma once

#include <cstdint>
#include <string_view>

namespace wirewatch::rules {

enum class AlertSeverity : std::uint8_t { low, normal, high, critical };
std::string_view to_string(AlertSeverity severity);  // "low", "normal", …

}  // namespace wirewatch::rules
