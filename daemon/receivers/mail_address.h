// Addresses of mail as people write them in a config: "desk@example.org", "Desk
// <desk@example.org>".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "feeds/result.h"

namespace wirewatch::daemon {

struct MailAddress {
  std::string name;     // UTF-8, one line; may be empty
  std::string mailbox;  // "desk@xn--bcher-kva.example": the domain in ASCII (UTS #46)
  std::string domain() const { return mailbox.substr(mailbox.rfind('@') + 1); }
  // As parse_mail_address reads it.
  std::string text() const { return name.empty() ? mailbox : name + " <" + mailbox + ">"; }
};

// The part before "@" is a dot-atom (RFC 5322, 3.2.3) that may hold letters of every script (RFC
// 6532), at most 64 bytes; quoted ones are refused. Errors say what would be right.
Result<MailAddress> parse_mail_address(std::string_view text);

// Several of them, one a line, as a receiver's options hold them; all were read before.
std::vector<MailAddress> mail_addresses(const std::string& lines);

struct MailServer {
  std::string url;         // "smtp://mail.example.org:587"
  bool encrypted = false;  // from the first byte: smtps
};
// "smtp://HOST[:PORT]" (587) or "smtps://HOST[:PORT]" (465), the host a name or an address.
Result<MailServer> parse_mail_server(std::string_view text);

}  // namespace wirewatch::daemon
