#include "feeds/parse/xml_text.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <unordered_map>

#include "feeds/parse/char_set.h"
#include "feeds/parse/entity_names.h"
#include "feeds/text/utf8.h"

namespace wirewatch::feeds {
namespace {

constexpr std::size_t kLongestName = 40;  // of HTML's names the longest has 31 letters

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

// What windows-1252 has at 0x80 to 0x9F; 0 where it has nothing.
constexpr unsigned short kWindows1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

using EntityTable = std::unordered_map<std::string_view, std::string>;

EntityTable make_entity_table() {
  EntityTable table;
  table.reserve(2200);
  std::string_view rest = kEntityNames;
  while (!rest.empty()) {
    const std::size_t name_end = rest.find(' ');
    const std::string_view name = rest.substr(0, name_end);
    rest.remove_prefix(name_end + 1);
    const std::size_t code_end = std::min(rest.find(' '), rest.size());
    std::string text;
    const char* at = rest.data();
    const char* end = at + code_end;
    while (at < end) {
      unsigned long code = 0;
      at = std::from_chars(at, end, code, 16).ptr;
      unicode::append(text, static_cast<char32_t>(code));
      if (at < end) ++at;  // '+'
    }
    table.emplace(name, std::move(text));
    rest.remove_prefix(std::min(code_end + 1, rest.size()));
  }
  return table;
}

// Of the five that XML itself names: no document may mean another by them.
char xml_sign(std::string_view name) {
  if (name.size() == 2 && name[1] == 't') return name[0] == 'l' ? '<' : name[0] == 'g' ? '>' : '\0';
  if (name == "amp") return '&';
  if (name == "quot") return '"';
  return name == "apos" ? '\'' : '\0';
}

// "&#123;" or "&#x1F;" at `at`; the number of bytes it takes, 0 for none.
std::size_t append_numeric(std::string& out, std::string_view text, std::size_t at) {
  std::size_t i = at + 2;
  const bool hexadecimal = i < text.size() && (text[i] == 'x' || text[i] == 'X');
  if (hexadecimal) ++i;
  const std::size_t end = std::min(text.size(), i + 12);
  unsigned long code = 0;
  const auto read =
      std::from_chars(text.data() + i, text.data() + end, code, hexadecimal ? 16 : 10);
  const auto stop = static_cast<std::size_t>(read.ptr - text.data());
  if (stop == i || stop >= text.size() || text[stop] != ';') return 0;
  append_code_point(out, read.ec == std::errc() ? code : 0);
  return stop + 1 - at;
}

// Blanks, and what a no-break space begins with.
constexpr CharSet kStops(" \t\r\n\f\xC2");

// Whether one of eight bytes may be a stop other than a single space, by the one behind them too.
bool may_hold_stop(const char* at) {
  constexpr std::uint64_t ones = 0x0101010101010101ULL;
  const auto eight = [](const char* from) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, from, sizeof bytes);
    return bytes;
  };
  // The high bit of some byte is set where one is below `limit`, which is at most 0x80.
  const auto below = [](std::uint64_t bytes, std::uint64_t limit) {
    return (bytes - ones * limit) & ~bytes;
  };
  const std::uint64_t bytes = eight(at);
  const std::uint64_t next = eight(at + 1);
  const std::uint64_t not_two_spaces = (bytes ^ ones * ' ') | (next ^ ones * ' ');
  const std::uint64_t found =
      below(bytes, ' ') | below(bytes ^ ones * 0xC2, 1) | below(not_two_spaces, 1);
  return (found & ones << 7U) != 0;
}

// Whether collapse_blanks() has nothing to do; false also where it only might (any U+0080 to
// U+00BF).
bool is_one_line(std::string_view text) {
  if (text.empty()) return true;
  if (is_blank(text.front()) || is_blank(text.back())) return false;
  std::size_t at = 0;
  while (at + 9 <= text.size() && !may_hold_stop(text.data() + at)) at += 8;
  for (at = kStops.find_in(text, at); at < text.size(); at = kStops.find_in(text, at + 1)) {
    if (text[at] != ' ' || text[at + 1] == ' ') return false;
  }
  return true;
}

}  // namespace

void append_code_point(std::string& out, unsigned long code) {
  if (code >= 0x80 && code <= 0x9F && kWindows1252[code - 0x80] != 0) {
    code = kWindows1252[code - 0x80];
  }
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = 0xFFFD;
  unicode::append(out, static_cast<char32_t>(code));
}

std::string_view named_entity(std::string_view name) {
  static const EntityTable table = make_entity_table();
  const auto found = table.find(name);
  return found == table.end() ? std::string_view() : std::string_view(found->second);
}

std::size_t append_reference(std::string& out, std::string_view text, std::size_t at,
                             DeclaredEntities* declared) {
  if (at + 2 >= text.size()) return 0;
  if (text[at + 1] == '#') return append_numeric(out, text, at);
  std::size_t semicolon = 0;
  const std::size_t most = std::min(kLongestName, text.size() - at - 1);
  while (semicolon < most && text[at + 1 + semicolon] != ';') ++semicolon;
  if (semicolon == most || semicolon == 0) return 0;
  const std::string_view name = text.substr(at + 1, semicolon);
  if (const char sign = xml_sign(name); sign != 0) {
    out += sign;
    return semicolon + 2;
  }
  if (declared != nullptr && !declared->values.empty()) {
    const auto found = declared->values.find(name);
    if (found != declared->values.end()) {
      if (found->second.size() > declared->budget) {
        declared->exhausted = true;
        return 0;
      }
      declared->budget -= found->second.size();
      out += found->second;
      return semicolon + 2;
    }
  }
  const std::string_view known = named_entity(name);
  if (known.empty()) return 0;
  out += known;
  return semicolon + 2;
}

std::string decode_references(std::string_view text, DeclaredEntities* declared) {
  if (text.find('&') == std::string_view::npos) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = std::min(text.find('&', at), text.size());
    out += text.substr(at, next - at);
    at = next;
    if (at == text.size()) break;
    const std::size_t taken = append_reference(out, text, at, declared);
    if (taken == 0) out += '&';
    at += std::max<std::size_t>(taken, 1);
  }
  return out;
}

std::string escape_markup(std::string_view text) {
  constexpr CharSet kSigns("&<>");
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::size_t sign = kSigns.find_in(text, at);
    out += text.substr(at, sign - at);
    at = sign;
    if (at < text.size()) out += text[at] == '&' ? "&amp;" : text[at] == '<' ? "&lt;" : "&gt;";
  }
  return out;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string collapse_blanks(std::string_view text) {
  if (is_one_line(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  bool blank = false;
  for (std::size_t at = 0; at < text.size();) {
    const bool no_break_space = text.substr(at, 2) == "\xC2\xA0";
    if (no_break_space || is_blank(text[at])) {
      blank = true;
      at += no_break_space ? 2 : 1;
      continue;
    }
    if (blank && !out.empty()) out += ' ';
    blank = false;
    // Up to the next that may have to go: single spaces stay.
    std::size_t end = kStops.find_in(text, at + 1);
    while (end + 1 < text.size() && text[end] == ' ' && !kStops.has(text[end + 1])) {
      end = kStops.find_in(text, end + 2);
    }
    out += text.substr(at, end - at);
    at = end;
  }
  return out;
}

std::string begun_as_title(std::string_view text) {
  constexpr std::size_t kLongestTitle = 100;
  std::string line = collapse_blanks(utf8_prefix(text, 16 * kLongestTitle));
  if (line.size() <= kLongestTitle) return line;
  const std::string_view start = utf8_prefix(line, kLongestTitle);
  const std::size_t blank = start.rfind(' ');
  return std::string(start.substr(0, std::min(blank, start.size()))) + "…";
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
  return text.substr(0, bytes);
}

}  // namespace wirewatch::feeds
