#include "daemon/config/credentials.h"

#include "daemon/receivers/base64.h"

namespace wirewatch::daemon {

Result<std::string> basic_authorization(const BasicAuth& login) {
  const auto password = read_secret(login.password);
  if (!password) return password.error();
  return "Basic " + base64(login.user + ":" + *password);
}

Result<Proxy> open_proxy(const ProxyConfig& config) {
  Proxy proxy;
  proxy.url = config.url;
  proxy.except = config.except;
  if (config.login.user.empty()) return proxy;
  auto password = read_secret(config.login.password);
  if (!password) return password.error();
  proxy.user = config.login.user;
  proxy.password = std::move(*password);
  return proxy;
}

}  // namespace wirewatch::daemon
