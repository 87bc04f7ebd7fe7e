#include "feeds/text/utf8.h"

#include <simdjson.h>
#include <unicode/uchar.h>

#include "feeds/text/tidy_scan.h"

namespace wirewatch::feeds::unicode {
namespace {

constexpr char32_t replacement = 0xFFFD;

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

// How many bytes the lead byte asks for, and the allowed range of the second (Unicode, table 3-7).
struct Lead {
  std::uint32_t length;
  std::uint8_t low;
  std::uint8_t high;
};

Lead lead_of(std::uint8_t lead) {
  if (lead < 0xC2) return {0, 0, 0};
  if (lead < 0xE0) return {2, 0x80, 0xBF};
  if (lead == 0xE0) return {3, 0xA0, 0xBF};
  if (lead == 0xED) return {3, 0x80, 0x9F};
  if (lead < 0xF0) return {3, 0x80, 0xBF};
  if (lead == 0xF0) return {4, 0x90, 0xBF};
  if (lead < 0xF4) return {4, 0x80, 0xBF};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

bool is_removed(char32_t code) {
  if (code < 0x20) return true;
  if (code >= 0x7F && code <= 0x9F) return true;
  if (code == 0xAD || code == 0x61C || code == 0x200B || code == 0xFEFF || code == 0x2060)
    return true;
  if (code == 0x200E || code == 0x200F) return true;
  if (code >= 0x202A && code <= 0x202E) return true;
  if (code >= 0x2066 && code <= 0x206F) return true;
  return (code >= 0xFFF9 && code <= 0xFFFB) || (code >= 0xE0000 && code <= 0xE007F);
}

bool is_space(char32_t code) {
  return code == ' ' || code == '\t' || code == 0xA0 || (code >= 0x2000 && code <= 0x200A) ||
         code == 0x202F || code == 0x205F || code == 0x3000 || code == 0x1680;
}

bool is_line_break(char32_t code) {
  return code == '\n' || code == '\r' || code == 0x0B || code == 0x0C || code == 0x85 ||
         code == 0x2028 || code == 0x2029;
}

bool is_kept(char32_t code) {
  if (code == ' ' || code == '\n') return true;
  return !is_removed(code) && !is_space(code) && !is_line_break(code);
}

}  // namespace

Decoded decode(std::string_view bytes, std::size_t at) {
  const std::uint8_t first = byte_at(bytes, at);
  if (first < 0x80) return {first, 1};
  const Lead lead = lead_of(first);
  if (lead.length == 0) return {replacement, 1};
  char32_t code = first & (0x7Fu >> lead.length);
  for (std::uint32_t i = 1; i < lead.length; ++i) {
    if (at + i >= bytes.size()) return {replacement, i};
    const std::uint8_t next = byte_at(bytes, at + i);
    const std::uint8_t low = i == 1 ? lead.low : 0x80;
    const std::uint8_t high = i == 1 ? lead.high : 0xBF;
    if (next < low || next > high) return {replacement, i};
    code = (code << 6) | (next & 0x3Fu);
  }
  return {code, lead.length};
}

std::size_t sequence_length(std::string_view bytes, std::size_t at) {
  const std::uint8_t first = byte_at(bytes, at);
  if (first < 0x80) return 1;
  const Lead lead = lead_of(first);
  if (lead.length == 0 || bytes.size() - at < lead.length) return 0;
  const std::uint8_t second = byte_at(bytes, at + 1);
  if (second < lead.low || second > lead.high) return 0;
  for (std::size_t i = 2; i < lead.length; ++i) {
    if ((byte_at(bytes, at + i) & 0xC0U) != 0x80U) return 0;
  }
  return lead.length;
}

bool begins_with_capital(std::string_view text) {
  if (text.empty()) return false;
  const auto code = static_cast<UChar32>(decode(text, 0).code);
  return u_isupper(code) != 0 || u_istitle(code) != 0;
}

void append(std::string& out, char32_t code) {
  char bytes[4];
  std::size_t length = 0;
  const auto put = [&](char32_t bits) { bytes[length++] = static_cast<char>(bits); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
  out.append(bytes, length);
}

std::size_t control_sequence_length(std::string_view bytes, std::size_t at) {
  constexpr std::size_t longest = 32;
  if (!bytes.substr(at).starts_with("\x1B[")) return 0;
  for (std::size_t i = at + 2; i < bytes.size() && i < at + longest; ++i) {
    const std::uint8_t byte = byte_at(bytes, i);
    if (byte >= 0x40 && byte < 0x7F) return i + 1 - at;
    if (byte < 0x20 || byte >= 0x7F) return 0;
  }
  return 0;
}

namespace {

// Where a run of bytes of valid UTF-8 ends that tidy() keeps as they are.
std::size_t kept_run_end(std::string_view bytes, std::size_t at, TidyScan scan) {
  while (true) {
    std::size_t end = scan(bytes, at);
    if (end == bytes.size()) return end;
    // Back to where the character begins.
    while (end > at && (byte_at(bytes, end) & 0xC0U) == 0x80U) --end;
    const Decoded decoded = decode(bytes, end);
    if (!is_kept(decoded.code)) return end;
    at = end + decoded.length;
  }
}

// The same for any bytes: printable ASCII, line feeds, and of the characters of two bytes those
// from U+00C0 on, less U+061C.
std::size_t plain_run_end(std::string_view bytes, std::size_t at) {
  while (at < bytes.size()) {
    const std::uint8_t byte = byte_at(bytes, at);
    if ((byte >= 0x20 && byte < 0x7F) || byte == '\n') {
      ++at;
      continue;
    }
    if (byte < 0xC3 || byte > 0xDF || at + 1 == bytes.size()) return at;
    const std::uint8_t next = byte_at(bytes, at + 1);
    if ((next & 0xC0U) != 0x80U || (byte == 0xD8 && next == 0x9C)) return at;
    at += 2;
  }
  return at;
}

}  // namespace

std::string tidy(std::string_view bytes, std::size_t max_bytes) {
  std::string out;
  out.reserve(bytes.size() < max_bytes ? bytes.size() : max_bytes);
  const bool valid = simdjson::validate_utf8(bytes.data(), bytes.size());
  const TidyScan scan = tidy_scan();
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = valid ? kept_run_end(bytes, at, scan) : plain_run_end(bytes, at);
    if (end > at) {
      std::string_view run = bytes.substr(at, end - at);
      if (run.size() > max_bytes - out.size()) {
        std::size_t most = max_bytes - out.size();
        while (most > 0 && (byte_at(run, most) & 0xC0U) == 0x80U) --most;
        out += run.substr(0, most);
        break;
      }
      out += run;
      at = end;
      continue;
    }
    const Decoded decoded = decode(bytes, at);
    at += decoded.length;
    char32_t code = decoded.code;
    if (code == '\r' && at < bytes.size() && bytes[at] == '\n') continue;
    if (is_line_break(code)) {
      code = '\n';
    } else if (is_space(code)) {
      code = ' ';
    } else if (is_removed(code)) {
      if (code == 0x1B) at += std::max<std::size_t>(control_sequence_length(bytes, at - 1), 1) - 1;
      continue;
    }
    const std::size_t whole = out.size();
    append(out, code);
    if (out.size() > max_bytes) {
      out.resize(whole);
      break;
    }
  }
  return out;
}

}  // namespace wirewatch::feeds::unicode
