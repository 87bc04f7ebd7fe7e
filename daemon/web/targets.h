// Taking request targets and addresses apart: pure, for the server.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/web/server.h"

namespace wirewatch::daemon {

// "/v1/why?item=a%20b" → path and query of `request`. False: not a path, or a bad escape.
bool split_target(std::string_view target, WebRequest& request);

struct HostPort {
  std::string host;  // brackets removed
  std::uint16_t port = 0;
};
// "127.0.0.1:8420", "[::1]:0".
std::optional<HostPort> split_address(const std::string& address);

// "localhost:8420" → "localhost", "[::1]:80" → "[::1]"; lower case.
std::string host_without_port(std::string_view host);

}  // namespace wirewatch::daemon
