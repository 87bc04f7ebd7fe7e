// When a message comes again, and what of its answer may be told.
#include <algorithm>
#include <array>

#include "daemon/delivery/delivery_line.h"
#include "feeds/url.h"

namespace wirewatch::daemon {

using std::chrono::hours;
using std::chrono::seconds;

std::optional<Span> unclear_delay(std::uint32_t attempts, double jitter) {
  constexpr std::array<Span, 4> delays{std::chrono::minutes(5), hours(6), hours(30), hours(40)};
  if (attempts == 0 || attempts > delays.size()) return std::nullopt;
  const Span delay = delays[attempts - 1];
  const double more = static_cast<double>(delay.count()) * 0.1 * jitter;
  return delay + Span(static_cast<std::int64_t>(more));
}

Span probe_delay(std::uint32_t failures, double jitter) {
  constexpr std::uint32_t doublings = 5;  // 2 s · 2^5 is beyond the minute
  const auto steps = std::min(failures == 0 ? 0 : failures - 1, doublings);
  const Span full = std::min<Span>(seconds(2) * (1U << steps), seconds(60));
  return full / 2 + Span(static_cast<std::int64_t>(static_cast<double>(full.count()) / 2 * jitter));
}

std::string without_address(std::string text, const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::size_t path =
      scheme == std::string::npos ? scheme : url.find_first_of("/?", scheme + 3);
  const std::string_view secret_part =
      path == std::string::npos ? std::string_view(url) : std::string_view(url).substr(path);
  if (text.find(secret_part) == std::string::npos) return text;  // as most answers are
  const std::string host = feeds::host_of(url);
  const auto replace_all = [&](const std::string& secret, const std::string& shown) {
    if (secret.size() < 2) return;
    for (std::size_t at = text.find(secret); at != std::string::npos;) {
      text.replace(at, secret.size(), shown);
      at = text.find(secret, at + shown.size());
    }
  };
  replace_all(url, host);
  if (path != std::string::npos) replace_all(url.substr(path), "\u2026");
  return text;
}

}  // namespace wirewatch::daemon
