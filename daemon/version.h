#pragma once

#include <string_view>

namespace wirewatch::daemon {

inline constexpr std::string_view version = WIREWATCH_VERSION;

}  // namespace wirewatch::daemon
