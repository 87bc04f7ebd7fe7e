#include "daemon/receivers/text.h"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <memory>
#include <numeric>

#include "daemon/receivers/limits.h"
#include "feeds/ascii.h"

namespace wirewatch::daemon {
namespace {

constexpr std::string_view ellipsis = "\u2026";
constexpr UChar32 escape_character = 0x1b;
constexpr UChar32 control_sequence = 0x9b;  // CSI as one character

// Bytes that would end a link, or stand for something else, in what it is written into.
constexpr std::array<bool, 256> breaks_links = [] {
  std::array<bool, 256> which{};
  for (std::size_t byte = 0; byte < which.size(); ++byte)
    which[byte] = byte <= 0x20 || byte >= 0x7f;
  for (const char c : std::string_view("\"<>\\^`{|}()"))
    which[static_cast<unsigned char>(c)] = true;
  return which;
}();

void append_utf8(std::string& out, UChar32 character) {
  std::uint8_t bytes[U8_MAX_LENGTH];
  std::int32_t length = 0;
  U8_APPEND_UNSAFE(bytes, length, character);
  for (std::int32_t i = 0; i < length; ++i) out.push_back(static_cast<char>(bytes[i]));
}

// One code point from `at` on; U+FFFD for what is not UTF-8.
UChar32 next_character(std::string_view text, std::size_t& at) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto length = static_cast<std::int64_t>(text.size());
  auto index = static_cast<std::int64_t>(at);
  UChar32 character = 0;
  U8_NEXT_OR_FFFD(bytes, index, length, character);
  at = static_cast<std::size_t>(index);
  return character;
}

// Past the sequence that began with ESC or CSI: parameters, intermediates, one final byte.
void skip_ansi(std::string_view text, std::size_t& at, UChar32 first) {
  constexpr std::size_t longest = 64;  // what is longer is not a sequence anyone meant
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  bool csi = first == control_sequence;
  if (!csi && byte(at) == '[') {
    csi = true;
    ++at;
  }
  if (!csi && byte(at) == ']') {  // an operating system command, ended by BEL or ESC backslash
    for (std::size_t i = at; i < text.size() && i < at + 4096; ++i) {
      if (byte(i) == 0x07U || byte(i) == 0x1bU) {
        at = i + (byte(i) == 0x07U ? 1 : 0);
        return;
      }
    }
    return;
  }
  if (!csi) return;
  std::size_t end = at;
  while (end < at + longest && byte(end) >= 0x20U && byte(end) <= 0x3fU) ++end;
  if (byte(end) >= 0x40U && byte(end) <= 0x7eU) at = end + 1;
}

bool is_space(UChar32 character) {
  return u_isUWhiteSpace(character) != 0;
}

// Arabic and Kaithi number signs are format characters by category, but visible.
bool is_visible_format(UChar32 character) {
  return (character >= 0x600 && character <= 0x605) || character == 0x6dd || character == 0x70f ||
         character == 0x8e2 || character == 0x110bd;
}

// Control, format (bidi, invisible, tags) and private characters, which nobody should see; the two
// joiners are format characters that scripts and emoji need.
bool is_dropped(UChar32 character) {
  if (character == 0x200c || character == 0x200d) return false;
  switch (u_charType(character)) {
    case U_CONTROL_CHAR:
    case U_SURROGATE:
    case U_PRIVATE_USE_CHAR:
      return true;
    case U_FORMAT_CHAR:
      return !is_visible_format(character);
    default:
      return u_hasBinaryProperty(character, UCHAR_NONCHARACTER_CODE_POINT) != 0;
  }
}

// What neither is changed nor ends a run of such: letters, digits and signs of ASCII.
bool is_plain(char c) {
  return c > ' ' && c <= '~';
}

// Where a run of plain words ends that begins at `at`: single spaces between them are a part of it.
std::size_t plain_end(std::string_view text, std::size_t at) {
  std::size_t end = at;
  for (; end < text.size(); ++end) {
    if (is_plain(text[end])) continue;
    const bool between = text[end] == ' ' && end > at && end + 1 < text.size();
    if (!between || !is_plain(text[end + 1])) break;
  }
  return end;
}

// Appends `text` cleaned; `space_pending` carries a gap over from one piece to the next.
void append_clean(std::string& out, std::string_view text, bool& begun, bool& space_pending) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = plain_end(text, at);
    if (end > at) {
      if (space_pending) out.push_back(' ');
      space_pending = false;
      begun = true;
      out.append(text, at, end - at);
      at = end;
      continue;
    }
    if (text[at] == ' ') {
      space_pending = begun;
      ++at;
      continue;
    }
    const UChar32 character = next_character(text, at);
    if (character == escape_character || character == control_sequence) {
      skip_ansi(text, at, character);
      continue;
    }
    if (is_space(character)) {
      space_pending = begun;
      continue;
    }
    if (is_dropped(character)) continue;
    if (space_pending) out.push_back(' ');
    space_pending = false;
    begun = true;
    append_utf8(out, character);
  }
}

// Ends of the grapheme clusters of valid UTF-8 `text`, in bytes.
std::vector<std::size_t> cluster_ends(std::string_view text) {
  std::vector<std::size_t> ends;
  UErrorCode status = U_ZERO_ERROR;
  // Made once a thread: making one costs more than most texts that it reads.
  thread_local const std::unique_ptr<icu::BreakIterator> breaks(
      icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
  if (!breaks) status = U_MEMORY_ALLOCATION_ERROR;
  UText* view =
      utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &status);
  if (U_SUCCESS(status)) breaks->setText(view, status);
  if (U_SUCCESS(status)) {
    for (auto end = breaks->next(); end != icu::BreakIterator::DONE; end = breaks->next()) {
      ends.push_back(static_cast<std::size_t>(end));
    }
  }
  utext_close(view);
  if (U_FAILURE(status)) {  // without ICU's data: between code points at least
    for (std::size_t at = 0; at < text.size();) {
      next_character(text, at);
      ends.push_back(at);
    }
  }
  return ends;
}

std::size_t cost_of(std::string_view text, const Escape& escape) {
  return escape ? utf16_length(escape(text)) : utf16_length(text);
}

std::size_t cost_of(const std::vector<Piece>& pieces, const Escape& escape) {
  std::size_t cost = 0;
  for (const Piece& piece : pieces) cost += cost_of(piece.text, escape);
  return cost;
}

void trim_end(std::string& text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
}

}  // namespace

std::string clean_line(std::string_view text) {
  std::string out;
  bool begun = false;
  bool space_pending = false;
  append_clean(out, text, begun, space_pending);
  return out;
}

bool is_plain_line(std::string_view text) {
  return plain_end(text, 0) == text.size();
}

std::vector<Piece> clean_pieces(const std::vector<Piece>& pieces) {
  std::vector<Piece> out;
  bool begun = false;
  bool space_pending = false;
  for (const Piece& piece : pieces) {
    Piece clean{{}, piece.marked};
    append_clean(clean.text, piece.text, begun, space_pending);
    if (clean.text.empty()) continue;
    // A gap belongs outside the mark: "* word*" is no bold text in any chat.
    if (clean.marked && clean.text.front() == ' ') {
      if (!out.empty() && !out.back().marked) {
        out.back().text.push_back(' ');
      } else {
        out.push_back({" ", false});
      }
      clean.text.erase(0, 1);
    }
    out.push_back(std::move(clean));
  }
  return out;
}

std::size_t utf16_length(std::string_view text) {
  std::size_t units = 0;
  for (std::size_t at = 0; at < text.size();) units += U16_LENGTH(next_character(text, at));
  return units;
}

std::vector<Piece> cut_pieces(const std::vector<Piece>& pieces, std::size_t limit,
                              const Escape& escape) {
  // No text has more UTF-16 units than bytes.
  const std::size_t bytes =
      std::accumulate(pieces.begin(), pieces.end(), std::size_t{0},
                      [](std::size_t sum, const Piece& piece) { return sum + piece.text.size(); });
  if (!escape && bytes <= limit) return pieces;
  if (cost_of(pieces, escape) <= limit) return pieces;
  std::string joined;
  for (const Piece& piece : pieces) joined += piece.text;
  const std::size_t budget = limit == 0 ? 0 : limit - 1;  // the ellipsis is one unit
  std::size_t used = 0;
  std::size_t kept = 0;
  for (const std::size_t end : cluster_ends(joined)) {
    used += cost_of(std::string_view(joined).substr(kept, end - kept), escape);
    if (used > budget) break;
    kept = end;
  }
  std::vector<Piece> out;
  std::size_t begin = 0;
  for (const Piece& piece : pieces) {
    if (begin >= kept) break;
    out.push_back({piece.text.substr(0, kept - begin), piece.marked});
    begin += piece.text.size();
  }
  if (!out.empty()) trim_end(out.back().text);
  if (limit > 0) {
    if (out.empty() || out.back().marked) out.push_back({"", false});
    out.back().text += ellipsis;
  }
  return out;
}

std::string cut_text(std::string_view text, std::size_t limit, const Escape& escape) {
  if (!escape && text.size() <= limit) return std::string(text);
  std::string out;
  for (const Piece& piece : cut_pieces({{std::string(text), false}}, limit, escape)) {
    out += piece.text;
  }
  return out;
}

std::optional<std::string> safe_link(std::string_view url) {
  const auto begins = [&](std::string_view scheme) {
    if (url.size() <= scheme.size()) return false;
    for (std::size_t i = 0; i < scheme.size(); ++i) {
      if (feeds::lower(url[i]) != scheme[i]) return false;
    }
    return true;
  };
  while (!url.empty() && static_cast<unsigned char>(url.front()) <= 0x20U) url.remove_prefix(1);
  while (!url.empty() && static_cast<unsigned char>(url.back()) <= 0x20U) url.remove_suffix(1);
  const std::size_t scheme = begins("https://") ? 8 : begins("http://") ? 7 : 0;
  if (scheme == 0 || url.size() > limits::link) return std::nullopt;
  const std::string_view rest = url.substr(scheme);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#\\"));
  if (authority.empty() || authority.front() == ':') return std::nullopt;
  if (authority.find('@') != std::string_view::npos) return std::nullopt;
  // A browser reads "\" as "/", others as part of the user's name: the host would be ambiguous.
  if (rest.substr(authority.size()).substr(0, 1) == "\\") return std::nullopt;
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out(scheme == 8 ? "https://" : "http://");
  out.reserve(url.size());
  for (std::size_t i = 0; i < rest.size();) {
    std::size_t end = i;
    while (end < rest.size() && !breaks_links[static_cast<unsigned char>(rest[end])]) ++end;
    out.append(rest, i, end - i);
    if (end == rest.size()) break;
    const auto byte = static_cast<unsigned char>(rest[end]);
    out.push_back('%');
    out.push_back(hex[byte >> 4U]);
    out.push_back(hex[byte & 15U]);
    i = end + 1;
  }
  if (out.size() > limits::link) return std::nullopt;
  return out;
}

std::string with_references(std::string_view text, std::string_view which) {
  const auto reference = [](char c) -> std::string_view {
    switch (c) {
      case '&':
        return "&amp;";
      case '<':
        return "&lt;";
      case '>':
        return "&gt;";
      case '"':
        return "&quot;";
      default:
        return "&#39;";
    }
  };
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = std::min(text.find_first_of(which, at), text.size());
    out += text.substr(at, next - at);
    if (next < text.size()) out += reference(text[next]);
    at = next + 1;
  }
  return out;
}

bool has_rtl(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto direction = u_charDirection(next_character(text, at));
    if (direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC) return true;
  }
  return false;
}

std::string isolated(std::string_view text) {
  if (!has_rtl(text)) return std::string(text);
  std::string out("\u2068");
  out += text;
  out += "\u2069";
  return out;
}

}  // namespace wirewatch::daemon
