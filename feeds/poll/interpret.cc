#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "feeds/poll/http_date.h"
#include "feeds/poll/limits.h"
#include "feeds/poll/poll.h"

namespace wirewatch::feeds {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// "120", "1.5", "-3"; nothing else.
std::optional<double> parse_seconds(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  double value = 0;
  double unit = 0;  // 0 before the point
  bool digits = false;
  for (const char c : text) {
    if (c == '.' && unit == 0 && digits) {
      unit = 0.1;
    } else if (c >= '0' && c <= '9') {
      digits = true;
      value = unit == 0 ? std::min(value * 10 + (c - '0'), 1e9) : value + unit * (c - '0');
      if (unit != 0) unit /= 10;
    } else {
      return std::nullopt;
    }
  }
  if (!digits) return std::nullopt;
  return negative ? -value : value;
}

std::optional<Span> parse_retry_after(std::string_view value, Instant now) {
  value = trim(value);
  std::optional<Span> wait;
  if (const auto seconds = parse_seconds(value)) {
    wait = Span(static_cast<std::int64_t>(std::llround(*seconds * 1e6)));
  } else if (const auto date = parse_http_date(value)) {
    wait = *date - now;
  }
  if (!wait) return std::nullopt;
  return std::clamp(*wait, Span(0), PollLimits::retry_after_cap);
}

std::string_view name_of_status(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 402:
      return "Payment Required";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 410:
      return "Gone";
    case 421:
      return "Misdirected Request";
    case 429:
      return "Too Many Requests";
    case 451:
      return "Unavailable For Legal Reasons";
    case 500:
      return "Internal Server Error";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "";
  }
}

std::string_view words_of(TransportFailure failure) {
  switch (failure) {
    case TransportFailure::none:
      return "there was no answer";
    case TransportFailure::dns:
      return "the host's name could not be resolved";
    case TransportFailure::connect:
      return "no connection could be made";
    case TransportFailure::tls:
      return "the server's certificate or TLS was refused";
    case TransportFailure::timeout:
      return "the answer did not come in time";
    case TransportFailure::too_big:
      return "the answer is larger than the limit";
    case TransportFailure::refused_address:
      return "the address is not one that may be reached";
    case TransportFailure::refused_redirect:
      return "the redirect leads where it may not";
    case TransportFailure::redirect_loop:
      return "there were too many redirects";
    case TransportFailure::cut:
      return "the answer was cut short";
    case TransportFailure::local:
      return "this machine is short of resources";
    case TransportFailure::other:
      return "the request failed";
  }
  return "the request failed";
}

std::string reason_of(const Reply& reply) {
  if (reply.status == 0) {
    return reply.failure_text.empty() ? std::string(words_of(reply.failure)) : reply.failure_text;
  }
  if (reply.status == 200 || reply.status == 203) return "the server answered with an empty body";
  if (reply.status == 206) return "the server sent a part (206), though the whole was asked for";
  if (reply.status >= 300 && reply.status < 400) {
    return fmt::format("the server answered with a redirect ({}) that leads nowhere", reply.status);
  }
  const std::string_view name = name_of_status(reply.status);
  return fmt::format("the server answered {}{}{}", reply.status, name.empty() ? "" : " ", name);
}

}  // namespace

Verdict interpret(const Reply& reply, Instant now) {
  Verdict verdict;
  verdict.status = reply.status;
  const bool document = reply.status == 200 || reply.status == 203;
  // A body that was cut, too big or too slow makes the answer none at all.
  if (document && reply.failure != TransportFailure::none) {
    verdict.reason =
        reply.failure_text.empty() ? std::string(words_of(reply.failure)) : reply.failure_text;
    return verdict;
  }
  if (document && !reply.body.empty()) {
    verdict.kind = ReplyKind::document;
    return verdict;
  }
  if (reply.status == 304) {
    verdict.kind = ReplyKind::not_modified;
    return verdict;
  }
  verdict.kind = reply.status == 410 ? ReplyKind::gone : ReplyKind::failed;
  verdict.reason = reason_of(reply);
  verdict.retry_after = parse_retry_after(header(reply.headers, "Retry-After"), now);
  return verdict;
}

}  // namespace wirewatch::feeds
