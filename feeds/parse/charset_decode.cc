#include "feeds/parse/charset_decode.h"

#include <unicode/ucnv.h>

#include <algorithm>
#include <array>
#include <memory>

#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Labels whose everyday meaning is a superset (WHATWG Encoding section 4.2).
struct LabelRow {
  std::string_view label;
  const char* converter;
};
constexpr LabelRow kLabels[] = {
    {"iso-8859-1", "windows-1252"},
    {"latin1", "windows-1252"},
    {"us-ascii", "windows-1252"},
    {"ascii", "windows-1252"},
    {"iso8859-1", "windows-1252"},
    {"gb2312", "gb18030"},
    {"gbk", "gb18030"},
    {"x-gbk", "gb18030"},
    {"gb_2312-80", "gb18030"},
    {"euc-kr", "windows-949"},
    {"ks_c_5601-1987", "windows-949"},
    {"cp949", "windows-949"},
    {"shift_jis", "windows-31j"},
    {"shift-jis", "windows-31j"},
    {"sjis", "windows-31j"},
    {"x-sjis", "windows-31j"},
    {"cp932", "windows-31j"},
    {"iso-8859-9", "windows-1254"},
    {"tis-620", "windows-874"},
    {"iso-8859-11", "windows-874"},
    {"big5", "windows-950"},
    {"cp1251", "windows-1251"},
    {"cp1252", "windows-1252"},
    {"cp1256", "windows-1256"},
    {"win-1251", "windows-1251"},
    {"utf8", "UTF-8"},
    {"iso-8859-8-i", "iso-8859-8"},
    {"uhc", "windows-949"},
    {"iso-8859-16", "windows-1250"},  // ICU has no table of its own; Romanian reads the same
    {"mac-cyrillic", "x-mac-cyrillic"},
    {"x-mac-roman", "macintosh"},
    {"macroman", "macintosh"},
};

struct ConverterCloser {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};

// Units that stand for themselves: not NUL, not the sign for a failure, no half of a pair, none of
// U+0080 to U+009F, which windows-1252 means otherwise.
bool is_plain_unit(UChar unit) {
  if (unit < 0xA0) return unit < 0x80 && unit != 0 && unit != 0x1A;
  return unit < 0xD800 || (unit > 0xDFFF && unit < 0xFFFD);
}

// Writes a plain unit as UTF-8 and returns where it ends.
char* put_plain(char* at, UChar unit) {
  const auto put = [&](unsigned byte) { *at++ = static_cast<char>(byte); };
  if (unit < 0x80) {
    put(unit);
  } else if (unit < 0x800) {
    put(0xC0U | (unit >> 6U));
    put(0x80U | (unit & 0x3FU));
  } else {
    put(0xE0U | (unit >> 12U));
    put(0x80U | ((unit >> 6U) & 0x3FU));
    put(0x80U | (unit & 0x3FU));
  }
  return at;
}

// Appends the run of plain units that begins at `i`; returns where it ends.
std::size_t append_plain(std::string& out, const UChar* units, std::size_t i, std::size_t count) {
  const std::size_t before = out.size();
  out.resize(before + 3 * (count - i));
  char* at = out.data() + before;
  for (; i < count && is_plain_unit(units[i]); ++i) at = put_plain(at, units[i]);
  out.resize(static_cast<std::size_t>(at - out.data()));
  return i;
}

void append_utf16(Decoded& out, const UChar* units, std::size_t count, UChar& high) {
  for (std::size_t i = 0; i < count; ++i) {
    if (high == 0 && is_plain_unit(units[i])) {
      // At most so many at once, so that text with other units in between stays linear.
      constexpr std::size_t kAtOnce = 256;
      i = append_plain(out.text, units, i, std::min(count, i + kAtOnce)) - 1;
      continue;
    }
    const UChar unit = units[i];
    if (high != 0) {
      if (U16_IS_TRAIL(unit)) {
        append_code_point(out.text, static_cast<unsigned long>(U16_GET_SUPPLEMENTARY(high, unit)));
        high = 0;
        continue;
      }
      out.text += kReplacement;
      ++out.failures;
      high = 0;
    }
    if (U16_IS_LEAD(unit)) {
      high = unit;
    } else {
      if (unit == 0xFFFD || unit == 0x1A || U16_IS_TRAIL(unit)) ++out.failures;
      append_code_point(out.text, unit == 0 ? 0x20UL : unit);
    }
  }
}

}  // namespace

std::optional<Decoded> decode(std::string_view bytes, const std::string& converter_name) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, ConverterCloser> converter(
      ucnv_open(converter_name.c_str(), &status));
  if (U_FAILURE(status)) return std::nullopt;
  Decoded out;
  out.text.reserve(bytes.size());
  std::array<UChar, 8192> buffer{};
  const char* at = bytes.data();
  const char* const end = bytes.data() + bytes.size();
  UChar high = 0;
  do {
    UChar* target = buffer.data();
    status = U_ZERO_ERROR;
    ucnv_toUnicode(converter.get(), &target, buffer.data() + buffer.size(), &at, end, nullptr,
                   /*flush=*/true, &status);
    append_utf16(out, buffer.data(), static_cast<std::size_t>(target - buffer.data()), high);
  } while (status == U_BUFFER_OVERFLOW_ERROR);
  if (high != 0 || U_FAILURE(status)) {
    out.text += kReplacement;
    ++out.failures;
  }
  return out;
}

std::string converter_for(const std::string& label) {
  for (const LabelRow& row : kLabels) {
    if (label == row.label) return row.converter;
  }
  return label;
}

bool is_wide(std::string_view label) {
  return label.starts_with("utf-16") || label.starts_with("utf-32") || label.starts_with("ucs-") ||
         label.starts_with("iso-10646");
}

std::string wide_encoding(std::string_view bytes, std::size_t& mark) {
  using namespace std::string_view_literals;
  const struct {
    std::string_view start;
    const char* name;
    std::size_t mark;
  } rows[] = {
      {"\x00\x00\xFE\xFF"sv, "UTF-32BE", 4}, {"\xFF\xFE\x00\x00"sv, "UTF-32LE", 4},
      {"\xFE\xFF"sv, "UTF-16BE", 2},         {"\xFF\xFE"sv, "UTF-16LE", 2},
      {"\x00\x00\x00<"sv, "UTF-32BE", 0},    {"<\x00\x00\x00"sv, "UTF-32LE", 0},
      {"\x00<\x00"sv, "UTF-16BE", 0},        {"<\x00"sv, "UTF-16LE", 0},
      {"\x00{\x00"sv, "UTF-16BE", 0},        {"{\x00"sv, "UTF-16LE", 0},
  };
  for (const auto& row : rows) {
    if (bytes.starts_with(row.start)) {
      mark = row.mark;
      return row.name;
    }
  }
  return {};
}

}  // namespace wirewatch::feeds
