#include "daemon/polling/feed_request.h"

#include "daemon/config/credentials.h"

namespace wirewatch::daemon {

const std::string& user_agent_of(const FeedRequest& own, const Settings& settings) {
  return own.user_agent.empty() ? settings.user_agent : own.user_agent;
}

Result<feeds::Headers> headers_of(const FeedRequest& own) {
  feeds::Headers headers = own.headers;
  if (!own.basic.user.empty()) {
    auto value = basic_authorization(own.basic);
    if (!value) return value.error();
    headers.emplace_back("Authorization", std::move(*value));
  }
  for (const auto& [name, secret] : own.secret_headers) {
    auto value = read_secret(secret);
    if (!value) return value.error();
    headers.emplace_back(name, std::move(*value));
  }
  return headers;
}

Result<void> set_proxy(const FeedRequest& own, HttpRequest& request) {
  if (!own.proxy) return {};
  auto proxy = open_proxy(*own.proxy);
  if (!proxy) return proxy.error();
  request.proxy = std::move(*proxy);
  return {};
}

}  // namespace wirewatch::daemon
