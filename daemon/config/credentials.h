// What requests authenticate with: named in the config, read at each use.
#pragma once

#include <string>
#include <vector>

#include "daemon/loop/network.h"
#include "daemon/receivers/receiver.h"

namespace wirewatch::daemon {

// `user` empty: no credentials.
struct BasicAuth {
  std::string user;
  SecretRef password;
  bool operator==(const BasicAuth&) const = default;
};

// A proxy as the config names it; `url` empty: none ("off").
struct ProxyConfig {
  std::string url;
  BasicAuth login;
  std::vector<std::string> except;
  bool operator==(const ProxyConfig&) const = default;
};

// "Basic …", the value of an Authorization header (RFC 7617). Errors: the secret cannot be read.
Result<std::string> basic_authorization(const BasicAuth& login);
Result<Proxy> open_proxy(const ProxyConfig& config);

}  // namespace wirewatch::daemon
