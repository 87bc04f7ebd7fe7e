#include "feeds/json_writer.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <iterator>

#include "feeds/text/utf8.h"

namespace wirewatch {
namespace {

// ASCII that JSON shows as it is.
constexpr std::array<bool, 256> stands_for_itself = [] {
  std::array<bool, 256> which{};
  for (std::size_t byte = 0x20; byte < 0x7F; ++byte) which[byte] = byte != '"' && byte != '\\';
  return which;
}();

// The first byte from `at` on that does not stand for itself, or the text's end. Eight bytes are
// looked at together, as most texts have few such.
std::size_t plain_end(std::string_view text, std::size_t at) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t high = 0x8080808080808080;
  const auto is_zero = [](std::uint64_t bytes) { return (bytes - ones) & ~bytes & high; };
  for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + at, sizeof bytes);
    const std::uint64_t below = (bytes - ones * 0x20) & ~bytes;  // exact while none is above 0x7f
    const std::uint64_t special = is_zero(bytes ^ (ones * '"')) | is_zero(bytes ^ (ones * '\\')) |
                                  is_zero(bytes ^ (ones * 0x7f));
    if (((bytes | below | special) & high) != 0) break;  // a look at each
  }
  while (at < text.size() && stands_for_itself[static_cast<unsigned char>(text[at])]) ++at;
  return at;
}

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
  }
}

template <class Number>
void append_number(std::string& out, Number number) {
  std::array<char, 24> digits;  // more than any has
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = plain_end(text, at);
    if (end > at) {
      out.append(text, at, end - at);
      at = end;
      continue;
    }
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      append_escaped(out, text[at]);
      ++at;
      continue;
    }
    const std::size_t length = feeds::unicode::sequence_length(text, at);
    const std::string_view sequence = text.substr(at, length);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (sequence == "\xE2\x80\xA8") {
      out += "\\u2028";
    } else if (sequence == "\xE2\x80\xA9") {
      out += "\\u2029";
    } else {
      out += sequence;
    }
    at += length == 0 ? 1 : length;
  }
  out += '"';
}

void JsonWriter::before_value() {
  if (comma_) out_ += ',';
  comma_ = true;
}

JsonWriter& JsonWriter::open(char bracket) {
  before_value();
  out_ += bracket;
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_ += bracket;
  comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  before_value();
  append_json_string(out_, name);
  out_ += ':';
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  before_value();
  append_json_string(out_, text);
  return *this;
}

JsonWriter& JsonWriter::value(bool flag) {
  return raw(flag ? "true" : "false");
}

JsonWriter& JsonWriter::value_signed(long long number) {
  before_value();
  append_number(out_, number);
  return *this;
}

JsonWriter& JsonWriter::value_unsigned(unsigned long long number) {
  before_value();
  append_number(out_, number);
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  if (!std::isfinite(number)) return null();
  before_value();
  fmt::format_to(std::back_inserter(out_), "{}", number);
  return *this;
}

JsonWriter& JsonWriter::null() {
  return raw("null");
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  before_value();
  out_ += json;
  return *this;
}

JsonWriter& JsonWriter::member_if(std::string_view name, std::string_view text) {
  if (!text.empty()) member(name, text);
  return *this;
}

JsonWriter& JsonWriter::member(std::string_view name, const std::vector<std::string>& texts) {
  key(name);
  begin_array();
  for (const std::string& text : texts) value(text);
  return end_array();
}

std::string JsonWriter::take() {
  comma_ = false;
  std::string text;
  text.swap(out_);
  return text;
}

}  // namespace wirewatch
