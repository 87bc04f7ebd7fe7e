#include "daemon/commands/print_request.h"

#include <fmt/format.h>

#include <algorithm>

namespace wirewatch::daemon {
namespace {

void print_mail(const HttpRequest& request) {
  const MailEnvelope& mail = *request.mail;
  const bool starttls = mail.encrypt && request.url.starts_with("smtp:");
  fmt::print("{} ({}{})\nMAIL FROM:<{}>\n", request.url,
             starttls                            ? "STARTTLS"
             : request.url.starts_with("smtps:") ? "TLS"
                                                 : "not encrypted",
             mail.user.empty() ? ", no login" : ", with a login", mail.from);
  for (const std::string& to : mail.to) fmt::print("RCPT TO:<{}>\n", to);
  std::string message = request.body;
  message.erase(std::remove(message.begin(), message.end(), '\r'), message.end());
  fmt::print("DATA\n\n{}", message);
}

}  // namespace

void print_request(const HttpRequest& request, bool shows_address) {
  if (request.mail) {
    print_mail(request);
    return;
  }
  const std::size_t host_end = request.url.find('/', request.url.find("://") + 3);
  fmt::print("{} {}\n", request.method,
             shows_address ? request.url : request.url.substr(0, host_end) + "/…");
  for (const auto& [name, value] : request.headers) {
    const bool secret = name == "Authorization" || name == "webhook-signature";
    fmt::print("{}: {}\n", name, secret ? "…" : value);
  }
  fmt::print("\n{}\n", request.body);
}

}  // namespace wirewatch::daemon
