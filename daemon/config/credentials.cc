#include "daemon/config/credentials.h"

#include <openssl/evp.h>

namespace wirewatch::daemon {

Result<std::string> basic_authorization(const BasicAuth& login) {
  const auto password = read_secret(login.password);
  if (!password) return password.error();
  const std::string pair = login.user + ":" + *password;
  std::string encoded(4 * ((pair.size() + 2) / 3) + 1, '\0');  // EVP writes a NUL behind it
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                   reinterpret_cast<const unsigned char*>(pair.data()),
                                   static_cast<int>(pair.size()));
  encoded.resize(static_cast<std::size_t>(size));
  return "Basic " + encoded;
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
