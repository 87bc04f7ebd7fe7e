// Which hosts a proxy serves.
#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <memory>

#include "daemon/loop/address_guard.h"
#include "daemon/loop/network.h"

namespace wirewatch::daemon {
namespace {

std::string plain_host(std::string host) {
  std::transform(host.begin(), host.end(), host.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  while (!host.empty() && host.back() == '.') host.pop_back();
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  return host;
}

bool below(const std::string& host, const std::string& domain) {
  if (host == domain) return true;
  return host.size() > domain.size() && host.ends_with(domain) &&
         host[host.size() - domain.size() - 1] == '.';
}

}  // namespace

bool goes_through(const Proxy& proxy, const std::string& host) {
  if (proxy.url.empty()) return false;
  const std::string asked = plain_host(host);
  boost::system::error_code error;
  const auto address = asio::ip::make_address(asked, error);
  const bool is_address = !error;
  for (const std::string& entry : proxy.except) {
    if (is_address && within(address, entry)) return false;
    const std::string domain = plain_host(entry.starts_with('.') ? entry.substr(1) : entry);
    if (!domain.empty() && below(asked, domain)) return false;
  }
  return true;
}

Result<void> check_proxy(const std::string& url) {
  const Error wrong{ErrorKind::invalid,
                    "a URL such as http://proxy.example:3128, https://… or socks5://…"};
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), &curl_url_cleanup);
  if (url.size() > 4096 || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(),
                                        CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
    return wrong;
  }
  const auto part = [&](CURLUPart which) {
    char* text = nullptr;
    if (curl_url_get(parsed.get(), which, &text, 0) != CURLUE_OK) return std::string();
    const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
    return std::string(text);
  };
  const std::string scheme = part(CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https" && scheme != "socks5") return wrong;
  if (!part(CURLUPART_USER).empty() || !part(CURLUPART_PASSWORD).empty()) {
    return Error{ErrorKind::invalid,
                 "write the user and the password apart: `proxy: {url: …, user: …, "
                 "password_file: …}`"};
  }
  const std::string path = part(CURLUPART_PATH);
  if (path.size() > 1 || !part(CURLUPART_QUERY).empty() || part(CURLUPART_HOST).empty()) {
    return wrong;
  }
  return Result<void>();
}

}  // namespace wirewatch::daemon
