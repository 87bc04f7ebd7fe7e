// Messages of mail as bytes: headers (RFC 5322, encoded as RFC 2047 where they are not ASCII) and
// parts (RFC 2045, 2046). Whatever is given, a header stays one header: its line breaks are ours.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/receivers/mail_address.h"
#include "feeds/time.h"

namespace wirewatch::daemon {

// "Subject: …" with its line end, in lines of at most 76 bytes where a blank or an encoded word
// lets it be parted. `text`: any bytes; bad UTF-8 becomes U+FFFD.
std::string text_header(std::string_view name, std::string_view text);
// "To: Desk <desk@example.org>,\r\n other@example.org\r\n". A mailbox of other than ASCII stands
// in UTF-8 (RFC 6532).
std::string address_header(std::string_view name, const std::vector<MailAddress>& addresses);
// "Sun, 01 Mar 2026 14:02:05 +0000" (RFC 5322, 3.3).
std::string mail_date(Instant time);

// RFC 2045, 6.7 over lines that end in "\n": ASCII, lines of at most 76 bytes with CRLF.
std::string quoted_printable(std::string_view text);
// RFC 2045, 6.8: the same bounds.
std::string base64_lines(std::string_view bytes);

struct MimePart {
  std::string type;  // "text/plain; charset=utf-8"
  std::string text;  // UTF-8, lines end in "\n"
};
// The headers Content-Type and Content-Transfer-Encoding and the body of one text: quoted-printable
// or base64, whichever is shorter.
std::string mime_part(const MimePart& part);
// multipart/alternative (RFC 2046, 5.1.4), the plainest first. `boundary`: letters and digits.
std::string mime_alternatives(const std::vector<MimePart>& parts, const std::string& boundary);

}  // namespace wirewatch::daemon
