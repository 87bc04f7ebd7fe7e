// Any bytes as an address, a server, a header, and the text of a mail: what is accepted reads back
// as itself, and whatever a feed holds, a header stays one header and a message ASCII in short
// lines.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/receivers/mime.h"

namespace {

void check_lines(std::string_view text, bool header) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find("\r\n", at);
    if (end == std::string_view::npos) std::abort();
    const std::string_view line = text.substr(at, end - at);
    if (line.find_first_of("\r\n") != std::string_view::npos) std::abort();
    if (header && at > 0 && !line.starts_with(' ')) std::abort();  // the next header has begun
    if (line.size() > 998) std::abort();                           // RFC 5322, 2.1.1
    for (const char c : line) {
      if (static_cast<unsigned char>(c) >= 0x80) std::abort();
    }
    at = end + 2;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wirewatch::daemon;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_lines(text_header("Subject", text), true);
  check_lines(quoted_printable(text), false);
  check_lines(base64_lines(text), false);
  check_lines(mime_alternatives({{"text/plain", std::string(text)}}, "b"), false);
  if (const auto address = parse_mail_address(text)) {
    const auto again = parse_mail_address(address->text());
    if (!again || again->mailbox != address->mailbox) std::abort();
    const std::string header = address_header("To", {*address});
    if (header.find('\n') != header.size() - 1 && header.find("\n ") == std::string::npos) {
      std::abort();
    }
  } else if (address.error().text.empty()) {
    std::abort();
  }
  if (const auto server = parse_mail_server(text)) {
    const auto again = parse_mail_server(server->url);
    if (!again || again->url != server->url) std::abort();
  }
  return 0;
}
