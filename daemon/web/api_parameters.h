// Which parameters each request of the API takes, and whether their values can be read.
#pragma once

#include <optional>
#include <string>

#include "daemon/store/rows.h"
#include "daemon/web/server.h"

namespace wirewatch::daemon {

constexpr std::size_t most_rows = 10000;  // of an answer, and replayed at once

// By its name in answers: "pending", …
std::optional<DeliveryState> delivery_state(const std::string& text);

// A parameter that is unknown, or holds what cannot be read: to ignore it would widen the question,
// and what is replayed or silenced by it. Nothing of a path that does not exist.
std::optional<std::string> wrong_parameter(const WebRequest& request);

}  // namespace wirewatch::daemon
