#include "daemon/receivers/mail_address.h"

#include <fmt/format.h>

#include <algorithm>

#include "feeds/url.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t longest_local = 64;     // RFC 5321, 4.5.3.1.1
constexpr std::size_t longest_mailbox = 254;  // RFC 5321, 4.5.3.1.3, without its angle brackets
constexpr std::size_t longest_name = 100;     // ours

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool atom_byte(char c) {  // RFC 5322, 3.2.3; bytes of UTF-8 as in RFC 6532, 3.2
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return letter || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool valid_local(std::string_view local) {
  if (local.empty() || local.size() > longest_local) return false;
  if (local.front() == '.' || local.back() == '.') return false;
  if (local.find("..") != std::string_view::npos) return false;
  return std::all_of(local.begin(), local.end(), [](char c) { return c == '.' || atom_byte(c); });
}

// The host that a URL's reader makes of it: lower case, in ASCII; empty when it is none.
std::string ascii_host(std::string_view host) {
  constexpr std::string_view odd = "/?#@:\\%[] \t";
  if (host.empty() || host.find_first_of(odd) != std::string_view::npos) return {};
  const std::string scheme = "http://";
  const auto url = feeds::resolve_url("", scheme + std::string(host) + "/");
  if (!url || url->size() <= scheme.size() + 1) return {};
  return url->substr(scheme.size(), url->size() - scheme.size() - 1);
}

Error wrong(std::string_view text) {
  return {ErrorKind::invalid, fmt::format("\"{}\" is no mail address: write desk@example.org or "
                                          "Desk <desk@example.org>",
                                          text)};
}

std::string unquoted(std::string_view name) {
  if (name.size() < 2 || name.front() != '"' || name.back() != '"') return std::string(name);
  return std::string(name.substr(1, name.size() - 2));
}

}  // namespace

Result<MailAddress> parse_mail_address(std::string_view text) {
  const bool control = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  if (control) return Error{ErrorKind::invalid, "a mail address holds no line breaks"};
  std::string_view mailbox = trimmed(text);
  MailAddress address;
  const std::size_t open = mailbox.find('<');
  if (open != std::string_view::npos) {
    if (mailbox.back() != '>' || mailbox.find('<', open + 1) != std::string_view::npos) {
      return wrong(text);
    }
    address.name = unquoted(trimmed(mailbox.substr(0, open)));
    mailbox = trimmed(mailbox.substr(open + 1, mailbox.size() - open - 2));
  }
  const std::size_t at = mailbox.rfind('@');
  if (at == std::string_view::npos || !valid_local(mailbox.substr(0, at))) return wrong(text);
  const std::string domain = ascii_host(mailbox.substr(at + 1));
  if (domain.empty()) return wrong(text);
  address.mailbox = fmt::format("{}@{}", mailbox.substr(0, at), domain);
  if (address.mailbox.size() > longest_mailbox || address.name.size() > longest_name) {
    return wrong(text);
  }
  return address;
}

std::vector<MailAddress> mail_addresses(const std::string& lines) {
  std::vector<MailAddress> all;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', at), lines.size());
    auto address = parse_mail_address(std::string_view(lines).substr(at, end - at));
    if (address) all.push_back(std::move(*address));
    at = end + 1;
  }
  return all;
}

Result<MailServer> parse_mail_server(std::string_view text) {
  const Error bad{ErrorKind::invalid,
                  "write smtp://mail.example.org (port 587) or smtps://mail.example.org (port "
                  "465), with another port behind it if need be, and without a user or a path"};
  MailServer server;
  server.encrypted = text.starts_with("smtps://");
  if (!server.encrypted && !text.starts_with("smtp://")) return bad;
  const std::string_view rest = text.substr(text.find("://") + 3);
  // What is right for a host and a port in a URL of the web is right here.
  const auto url = feeds::resolve_url("", "http://" + std::string(rest));
  const bool plain = rest.find_first_of("/?#@\\ \t") == std::string_view::npos;
  if (!url || !plain) return bad;
  std::string authority = url->substr(7, url->size() - 8);
  const std::size_t colon = rest.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && rest.find(']', colon) == std::string_view::npos;
  if (has_port && colon + 1 == rest.size()) return bad;
  if (!has_port) authority += server.encrypted ? ":465" : ":587";
  if (has_port && rest.substr(colon) == ":80") authority += ":80";  // dropped as the web's own
  server.url = (server.encrypted ? "smtps://" : "smtp://") + authority;
  return server;
}

}  // namespace wirewatch::daemon
