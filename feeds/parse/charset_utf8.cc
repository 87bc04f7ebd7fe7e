#include "feeds/parse/charset_utf8.h"

#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "feeds/parse/xml_text.h"
#include "feeds/text/processor.h"
#include "feeds/text/utf8.h"

namespace wirewatch::feeds {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

using unicode::sequence_length;

constexpr std::uint64_t kHighBits = 0x8080808080808080U;

// Eight bytes that are all ASCII.
bool is_ascii_word(std::string_view bytes, std::size_t at, std::uint64_t& word) {
  if (at + sizeof word > bytes.size()) return false;
  std::memcpy(&word, bytes.data() + at, sizeof word);
  return (word & kHighBits) == 0;
}

constexpr std::size_t kBlock = 64;

// Whether all of a block stays as it is: neither controls nor what only a closer look can tell.
// Of a fixed length, so that the compiler makes vector instructions of it.
[[gnu::always_inline]] inline bool is_quiet(const char* block, bool valid) {
  const unsigned char beyond_ascii = valid ? 0 : 0x80;
  unsigned char found = 0;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const auto c = static_cast<unsigned char>(block[i]);
    const bool control = (c < 0x20) & (c != '\t') & (c != '\n') & (c != '\r');
    const bool lead = c == 0xC2;  // of U+0080 to U+00BF
    found = static_cast<unsigned char>(found | (control | lead) | (c & beyond_ascii));
  }
  return found == 0;
}

// Where the first block that is not quiet begins, or what is no whole block.
[[gnu::always_inline]] inline std::size_t quiet_end_in(std::string_view bytes, std::size_t at,
                                                       bool valid) {
  while (at + kBlock <= bytes.size() && is_quiet(bytes.data() + at, valid)) at += kBlock;
  return at;
}

std::size_t quiet_end_plain(std::string_view bytes, std::size_t at, bool valid) {
  return quiet_end_in(bytes, at, valid);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) std::size_t quiet_end_avx2(std::string_view bytes, std::size_t at,
                                                           bool valid) {
  return quiet_end_in(bytes, at, valid);
}
#else
constexpr auto quiet_end_avx2 = quiet_end_plain;
#endif

std::size_t quiet_end(std::string_view bytes, std::size_t at, bool valid) {
  return vectors() == Vectors::none ? quiet_end_plain(bytes, at, valid)
                                    : quiet_end_avx2(bytes, at, valid);
}

// Where the run of bytes that stay as they are ends, from `at` on.
std::size_t good_run_end(std::string_view bytes, std::size_t at, bool valid) {
  while (at < bytes.size()) {
    at = quiet_end(bytes, at, valid);
    for (const std::size_t end = std::min(at + kBlock, bytes.size()); at < end;) {
      const auto c = static_cast<unsigned char>(bytes[at]);
      if (c < 0x20) {
        if (c != '\t' && c != '\n' && c != '\r') return at;
        ++at;
      } else if (c < 0x80 || (valid && c != 0xC2)) {
        ++at;
      } else {
        const std::size_t length = sequence_length(bytes, at);
        const bool control = length == 2 && c == 0xC2 && bytes[at + 1] < '\xA0';
        if (length == 0 || control) return at;
        at += length;
      }
    }
  }
  return at;
}

}  // namespace

Census take_census(std::string_view bytes) {
  Census census;
  bool after_high = false;
  for (std::size_t at = 0; at < bytes.size();) {
    std::uint64_t word = 0;
    if (is_ascii_word(bytes, at, word)) {
      after_high = false;
      at += sizeof word;
      continue;
    }
    // In a text of another encoding hardly a byte has the look of what follows a lead byte.
    const bool may_begin = static_cast<unsigned char>(bytes[at]) < 0x80 ||
                           (at + 1 < bytes.size() && (bytes[at + 1] & 0xC0) == 0x80);
    const std::size_t length = may_begin ? sequence_length(bytes, at) : 0;
    if (length == 0) {
      ++census.bad;
      ++census.high;
      const std::size_t next = at + 1;
      const bool before_high =
          next < bytes.size() && static_cast<unsigned char>(bytes[next]) >= 0x80;
      if (after_high || before_high) ++census.paired;
    } else if (length > 1) {
      ++census.multibyte;
      census.high += length;
      census.paired += length;
    }
    after_high = length != 1;
    at += std::max<std::size_t>(length, 1);
  }
  return census;
}

bool is_utf8(std::string_view bytes) {
  return simdjson::validate_utf8(bytes.data(), bytes.size());
}

bool holds_no_controls(std::string_view bytes) {
  return good_run_end(bytes, 0, true) == bytes.size();
}

std::string clean(std::string text, bool valid, bool& had_controls) {
  const std::string_view bytes = text;
  std::size_t at = good_run_end(bytes, 0, valid);
  if (at == bytes.size()) return text;
  std::string out;
  out.reserve(bytes.size());
  out += bytes.substr(0, at);
  while (at < bytes.size()) {
    const std::size_t length = sequence_length(bytes, at);
    if (length == 1) {
      had_controls = true;
    } else if (length == 0) {
      out += kReplacement;
    } else {
      // U+0080 to U+009F: windows-1252 that went through a Latin-1 decoder.
      append_code_point(out, static_cast<unsigned char>(bytes[at + 1]));
    }
    at += std::max({length, unicode::control_sequence_length(bytes, at), std::size_t{1}});
    const std::size_t end = good_run_end(bytes, at, valid);
    out += bytes.substr(at, end - at);
    at = end;
  }
  return out;
}

}  // namespace wirewatch::feeds
