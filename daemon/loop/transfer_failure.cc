// What a failed transfer is called, and what users read about it.
#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <system_error>

#include "daemon/loop/transfer.h"

namespace wirewatch::daemon {
namespace {

using feeds::TransportFailure;

feeds::Reply failure(TransportFailure kind, std::string text) {
  feeds::Reply reply;
  reply.failure = kind;
  reply.failure_text = std::move(text);
  return reply;
}

std::string seconds_of(Span span) {
  return fmt::format("{:g} s", std::chrono::duration<double>(span).count());
}

std::string size_of(std::size_t bytes) {
  if (bytes >= 1U << 20U && bytes % (1U << 20U) == 0) return fmt::format("{} MiB", bytes >> 20U);
  if (bytes >= 1U << 10U && bytes % (1U << 10U) == 0) return fmt::format("{} KiB", bytes >> 10U);
  return fmt::format("{} bytes", bytes);
}

std::string os_text(long error) {
  std::string text = std::generic_category().message(static_cast<int>(error));
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] + 32);
  return text;
}

feeds::Reply refused_address(const FailureFacts& facts) {
  const std::string address = facts.refused->to_string();
  const std::string bare = facts.host.starts_with('[') && facts.host.ends_with(']')
                               ? facts.host.substr(1, facts.host.size() - 2)
                               : facts.host;
  const std::string what = bare == address ? fmt::format("{} is {}", address, facts.refused_kind)
                                           : fmt::format("{} resolves to {}, {}", facts.host,
                                                         address, facts.refused_kind);
  return failure(TransportFailure::refused_address,
                 fmt::format("refused: {} (network.allow opens it)", what));
}

feeds::Reply timed_out(const FailureFacts& facts) {
  if (!facts.started) {
    return failure(TransportFailure::local, fmt::format("waited {} for a free connection to {}",
                                                        seconds_of(facts.deadline), facts.host));
  }
  if (facts.error.starts_with("Operation too slow")) {
    return failure(
        TransportFailure::timeout,
        fmt::format("{} sent less than {} bytes a second for {}", facts.host,
                    facts.limits.low_speed_bytes, seconds_of(facts.limits.low_speed_time)));
  }
  if (!facts.connected) {
    const Span limit = std::min(facts.deadline, facts.limits.connect_timeout);
    return failure(TransportFailure::timeout,
                   fmt::format("could not connect to {}:{} within {}", facts.host, facts.port,
                               seconds_of(limit)));
  }
  return failure(TransportFailure::timeout, fmt::format("{} did not finish its answer within {}",
                                                        facts.host, seconds_of(facts.deadline)));
}

std::string certificate_text(const FailureFacts& facts) {
  const std::string subject = fmt::format("the certificate of {} ", facts.host);
  switch (facts.certificate) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return subject + "has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return subject + "is not valid yet";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return subject + "is signed by itself and not by a known authority";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return subject + "is not signed by a known authority";
    case X509_V_ERR_CERT_REVOKED:
      return subject + "is revoked";
    case X509_V_OK:
      return subject + "is for another name";
    case X509_V_ERR_UNSPECIFIED:
      // What curl leaves there when the chain holds and it refuses the name by itself.
      if (facts.error.find("host name") != facts.error.npos) {
        return subject + "is for another name";
      }
      [[fallthrough]];
    default:
      return fmt::format("{}was not accepted: {}", subject,
                         X509_verify_cert_error_string(facts.certificate));
  }
}

feeds::Reply could_not_connect(const FailureFacts& facts) {
  std::string text = facts.proxy.empty()
                         ? fmt::format("could not connect to {}:{}", facts.host, facts.port)
                         : fmt::format("could not connect to the proxy {}", facts.proxy);
  if (facts.os_error != 0) text += ": " + os_text(facts.os_error);
  return failure(TransportFailure::connect, std::move(text));
}

feeds::Reply out_of_bounds(const FailureFacts& facts) {
  const std::string what = facts.body_too_big ? size_of(facts.body_cap)
                                              : fmt::format("{} of headers", size_of(head_cap));
  return failure(TransportFailure::too_big, fmt::format("{} sent more than {}", facts.host, what));
}

// What the proxy, and not the host, is to blame for; nullopt for the rest.
std::optional<feeds::Reply> by_proxy(const FailureFacts& facts) {
  if (facts.proxy.empty()) return std::nullopt;
  const auto says = [&](TransportFailure kind, std::string_view text) {
    return failure(kind, fmt::format("the proxy {} {}", facts.proxy, text));
  };
  if (facts.code == CURLE_COULDNT_RESOLVE_PROXY) {
    return says(TransportFailure::dns, "cannot be resolved");
  }
  // curl's own words hold the proxy's answer to CONNECT, or the SOCKS reply.
  if (facts.code == CURLE_PROXY ||
      facts.error.find("from proxy after CONNECT") != facts.error.npos) {
    if (facts.error.find("407") != facts.error.npos) {
      return says(TransportFailure::connect, "wants a user and a password that it knows (407)");
    }
    return says(TransportFailure::connect,
                fmt::format("does not connect to {}: {}", facts.host, facts.error));
  }
  return std::nullopt;
}

feeds::Reply by_code(const FailureFacts& facts) {
  const std::string& host = facts.host;
  if (auto blamed = by_proxy(facts)) return std::move(*blamed);
  switch (facts.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return failure(TransportFailure::dns, fmt::format("the name {} cannot be resolved", host));
    case CURLE_COULDNT_CONNECT:
      return could_not_connect(facts);
    case CURLE_OPERATION_TIMEDOUT:
      return timed_out(facts);
    case CURLE_PEER_FAILED_VERIFICATION:
      return failure(TransportFailure::tls, certificate_text(facts));
    case CURLE_SSL_CONNECT_ERROR:
      return failure(TransportFailure::tls,
                     fmt::format("no TLS connection to {}:{}: {}", host, facts.port, facts.error));
    case CURLE_USE_SSL_FAILED:
      return failure(TransportFailure::tls,
                     fmt::format("{} offers no STARTTLS, and nothing is sent without it", host));
    case CURLE_SSL_CACERT_BADFILE:
      return failure(TransportFailure::local,
                     "the certificates of known authorities cannot be read: " + facts.error);
    case CURLE_PARTIAL_FILE:
      return failure(TransportFailure::cut,
                     fmt::format("{} closed the connection before its answer was complete", host));
    case CURLE_GOT_NOTHING:
      return failure(TransportFailure::cut,
                     fmt::format("{} closed the connection without an answer", host));
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return failure(TransportFailure::cut,
                     fmt::format("the connection to {} broke: {}", host, facts.error));
    case CURLE_OUT_OF_MEMORY:  // how this version reports a header line beyond its own bound
      return failure(TransportFailure::too_big,
                     fmt::format("{} sent a header line that is too long", host));
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
      return failure(TransportFailure::other,
                     fmt::format("{} did not answer in {}", host, facts.mail ? "SMTP" : "HTTP"));
    case CURLE_FAILED_INIT:
      return failure(TransportFailure::local, "no file descriptors or memory left");
    default:
      return failure(
          TransportFailure::other,
          fmt::format("the transfer from {} failed: {}", host,
                      facts.error.empty() ? curl_easy_strerror(facts.code) : facts.error.c_str()));
  }
}

}  // namespace

feeds::Reply failed_reply(const FailureFacts& facts) {
  if (facts.short_of_descriptors) {
    return failure(TransportFailure::local, "no file descriptors left");
  }
  if (facts.body_too_big || facts.head_too_big) return out_of_bounds(facts);
  const bool guarded = facts.code == CURLE_ABORTED_BY_CALLBACK || !facts.tried;
  if (facts.refused && guarded && facts.code != CURLE_OPERATION_TIMEDOUT) {
    return refused_address(facts);
  }
  return by_code(facts);
}

Result<Origin> origin_of(const std::string& url, bool mail) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), &curl_url_cleanup);
  const auto code =
      curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME);
  if (code != CURLUE_OK) {
    return Error{ErrorKind::invalid,
                 fmt::format("the URL cannot be read: {}", curl_url_strerror(code))};
  }
  const auto part = [&](CURLUPart which, unsigned int flags) {
    char* text = nullptr;
    if (curl_url_get(parsed.get(), which, &text, flags) != CURLUE_OK) return std::string();
    const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
    return std::string(text);
  };
  Origin origin{part(CURLUPART_SCHEME, 0), part(CURLUPART_HOST, 0),
                part(CURLUPART_PORT, CURLU_DEFAULT_PORT)};
  const std::string web = mail ? "smtp" : "http";
  if (origin.scheme != web && origin.scheme != web + "s") {
    return Error{ErrorKind::unsupported,
                 fmt::format("\"{0}://{1}\" is not {2}, only {3} and {3}s are", origin.scheme,
                             origin.host, mail ? "a mail server" : "fetched", web)};
  }
  if (origin.host.empty()) return Error{ErrorKind::invalid, "the URL names no host"};
  return origin;
}

namespace {

constexpr std::array<bool, 256> token_bytes() {
  std::array<bool, 256> bytes{};
  for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789")) {
    bytes[static_cast<unsigned char>(c)] = true;
  }
  for (unsigned char c = 'A'; c <= 'Z'; ++c) bytes[c] = bytes[c - 'A' + 'a'] = true;
  return bytes;
}

}  // namespace

std::optional<std::string> bad_header(const feeds::Headers& headers) {
  const auto token = [](char c) {
    static constexpr std::array<bool, 256> tokens = token_bytes();
    return tokens[static_cast<unsigned char>(c)];
  };
  const auto printable = [](char c) { return (c >= 0x20 && c <= 0x7e) || c == '\t'; };
  for (const auto& [name, value] : headers) {
    if (name.empty() || !std::all_of(name.begin(), name.end(), token)) {
      std::string shown = name;
      std::replace_if(
          shown.begin(), shown.end(), [&](char c) { return !printable(c); }, '?');
      return fmt::format("\"{}\" is no header name: letters, digits and hyphens are", shown);
    }
    if (!std::all_of(value.begin(), value.end(), printable)) {
      return fmt::format(
          "the value of the header \"{}\" holds a byte that cannot be sent, only printable ASCII "
          "and tabs can",
          name);
    }
  }
  return std::nullopt;
}

}  // namespace wirewatch::daemon
