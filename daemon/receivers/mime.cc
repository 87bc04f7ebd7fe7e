#include "daemon/receivers/mime.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "daemon/receivers/base64.h"
#include "daemon/receivers/text.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t line_limit = 76;  // RFC 2045, 6.7 and 6.8; RFC 2047, 2
constexpr std::size_t word_bytes = 39;  // in one encoded word, so that "Subject: " stands before it
constexpr const char* line_end = "\r\n";

bool printable(char c) {
  return c >= 0x20 && c < 0x7f;
}

bool inside_character(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U;
}

// "=?" would be read as the begin of an encoded word.
bool needs_encoding(std::string_view text) {
  if (text.find("=?") != std::string_view::npos) return true;
  if (!std::all_of(text.begin(), text.end(), printable)) return true;
  std::size_t word = 0;
  for (const char c : text) {
    word = c == ' ' ? 0 : word + 1;
    if (word > line_limit - 20) return true;  // no blank to part it at
  }
  return text.starts_with(' ') || text.ends_with(' ');
}

// RFC 2047: words of whole characters, "B" encoded.
std::vector<std::string> encoded_words(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(at + word_bytes, text.size());
    while (end > at + 1 && inside_character(text, end)) --end;
    words.push_back("=?utf-8?B?" + base64(text.substr(at, end - at)) + "?=");
    at = end;
  }
  return words;
}

std::vector<std::string> plain_words(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c == ' ') {
      words.emplace_back();
    } else {
      words.back().push_back(c);
    }
  }
  return words;
}

// Words with a blank between them, parted into lines.
class Folded {
 public:
  explicit Folded(std::string_view name) : out_(fmt::format("{}:", name)), line_(out_.size()) {}

  void add(const std::string& word) {
    const bool fits = line_ + 1 + word.size() <= line_limit;
    if (!fits && !fresh_) {
      out_ += line_end;
      line_ = 0;
    }
    out_ += ' ' + word;
    line_ += 1 + word.size();
    fresh_ = false;
  }
  std::string take() { return std::move(out_) + line_end; }

 private:
  std::string out_;
  std::size_t line_;
  bool fresh_ = true;  // a line of the name alone would be empty
};

std::string quoted(std::string_view name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return c == ' ' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
  if (plain) return std::string(name);
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + '"';
}

}  // namespace

std::string text_header(std::string_view name, std::string_view text) {
  const std::string line = clean_line(text);
  Folded header(name);
  for (const std::string& word : needs_encoding(line) ? encoded_words(line) : plain_words(line)) {
    header.add(word);
  }
  return header.take();
}

std::string address_header(std::string_view name, const std::vector<MailAddress>& addresses) {
  Folded header(name);
  for (const MailAddress& address : addresses) {
    const char* comma = &address == &addresses.back() ? "" : ",";
    const std::string shown = clean_line(address.name);
    if (shown.empty()) {
      header.add(address.mailbox + comma);
      continue;
    }
    const auto words = needs_encoding(shown) ? encoded_words(shown) : plain_words(quoted(shown));
    for (const std::string& word : words) header.add(word);
    header.add(fmt::format("<{}>{}", address.mailbox, comma));
  }
  return header.take();
}

std::string mail_date(Instant time) {
  static constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed",
                                                      "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(seconds - day);
  return fmt::format(
      "{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", days.at(std::chrono::weekday(day).c_encoding()),
      static_cast<unsigned>(date.day()), months.at(static_cast<unsigned>(date.month()) - 1),
      static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
      clock.seconds().count());
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  std::size_t line = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      out += line_end;
      line = 0;
      continue;
    }
    const bool ends_line = i + 1 == text.size() || text[i + 1] == '\n';
    const bool literal = printable(c) && c != '=' && !(c == ' ' && ends_line);
    const std::size_t length = literal ? 1 : 3;
    if (line + length > line_limit - (ends_line ? 0 : 1)) {
      out += "=\r\n";
      line = 0;
    }
    if (literal) {
      out.push_back(c);
    } else {
      out += fmt::format("={:02X}", static_cast<unsigned char>(c));
    }
    line += length;
  }
  if (line > 0) out += line_end;
  return out;
}

std::string base64_lines(std::string_view bytes) {
  constexpr std::size_t a_line = line_limit / 4 * 3;
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += a_line) {
    out += base64(bytes.substr(at, a_line)) + line_end;
  }
  return out;
}

std::string mime_part(const MimePart& part) {
  const std::string readable = quoted_printable(part.text);
  std::string lines = part.text;
  for (std::size_t at = lines.find('\n'); at != std::string::npos; at = lines.find('\n', at + 2)) {
    lines.insert(at, 1, '\r');  // text has CRLF inside base64 as well (RFC 2045, 6.8)
  }
  const std::string dense = base64_lines(lines);
  const bool as_base64 = dense.size() < readable.size();
  return fmt::format("Content-Type: {}\r\nContent-Transfer-Encoding: {}\r\n\r\n{}", part.type,
                     as_base64 ? "base64" : "quoted-printable", as_base64 ? dense : readable);
}

std::string mime_alternatives(const std::vector<MimePart>& parts, const std::string& boundary) {
  // "=_" stands in no quoted-printable and in no base64 text.
  const std::string line = "=_" + boundary;
  std::string out =
      fmt::format("Content-Type: multipart/alternative;\r\n boundary=\"{}\"\r\n\r\n", line);
  for (const MimePart& part : parts) out += fmt::format("--{}\r\n{}\r\n", line, mime_part(part));
  return out + fmt::format("--{}--\r\n", line);
}

}  // namespace wirewatch::daemon
