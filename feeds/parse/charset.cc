#include "feeds/parse/charset.h"

#include <fmt/format.h>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

constexpr std::size_t kDetectBytes = 64U << 10U;
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
};

struct ConverterCloser {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
struct DetectorCloser {
  void operator()(UCharsetDetector* detector) const { ucsdet_close(detector); }
};

struct Decoded {
  std::string text;
  std::size_t failures = 0;
};

void append_utf16(Decoded& out, const UChar* units, std::size_t count, UChar& high) {
  for (std::size_t i = 0; i < count; ++i) {
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

// nullopt when there is no such converter.
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

std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t offset) {
    return at + offset < text.size() ? static_cast<unsigned char>(text[at + offset]) : 0U;
  };
  const auto follows = [&](std::size_t offset) { return (byte(offset) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool overlong = lead == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = lead == 0xED && byte(1) > 0x9F;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool overlong = lead == 0xF0 && byte(1) < 0x90;
    const bool beyond = lead == 0xF4 && byte(1) > 0x8F;
    return follows(1) && follows(2) && follows(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

struct Census {
  std::size_t multibyte = 0;  // valid UTF-8 sequences above ASCII
  std::size_t bad = 0;        // bytes that belong to none
  std::size_t letters = 0;    // ASCII letters outside of tags
  std::size_t high = 0;       // bytes above ASCII
};

Census take_census(std::string_view bytes) {
  Census census;
  bool in_tag = false;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = sequence_length(bytes, at);
    if (length == 1) {
      const char c = bytes[at];
      if (c == '<') in_tag = true;
      if (c == '>') in_tag = false;
      if (!in_tag && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) ++census.letters;
    } else if (length == 0) {
      ++census.bad;
      ++census.high;
    } else {
      ++census.multibyte;
      census.high += length;
    }
    at += std::max<std::size_t>(length, 1);
  }
  return census;
}

// How many bytes from `at` on are printable ASCII.
std::size_t plain_run(std::string_view bytes, std::size_t at) {
  std::size_t end = at;
  while (end < bytes.size() && bytes[end] >= ' ' && bytes[end] <= '~') ++end;
  return end - at;
}

// Bad bytes as U+FFFD, NUL and other controls gone.
std::string clean(std::string_view bytes, bool& had_controls) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t run = plain_run(bytes, at);
    out += bytes.substr(at, run);
    at += run;
    if (at == bytes.size()) break;
    const std::size_t length = sequence_length(bytes, at);
    const auto c = static_cast<unsigned char>(bytes[at]);
    if (length == 1 && c < 0x20 && c != '\t' && c != '\n' && c != '\r') {
      had_controls = true;
    } else if (length == 0) {
      out += kReplacement;
    } else if (length == 2 && bytes[at] == '\xC2' && bytes[at + 1] < '\xA0') {
      // U+0080 to U+009F: windows-1252 that went through a Latin-1 decoder.
      append_code_point(out, static_cast<unsigned char>(bytes[at + 1]));
    } else {
      out += bytes.substr(at, length);
    }
    at += std::max<std::size_t>(length, 1);
  }
  return out;
}

// The value after `key` and '=', bare or quoted.
std::string value_after(std::string_view text, std::string_view key) {
  const std::string small = lower(text);
  std::size_t at = small.find(key);
  if (at == std::string::npos) return {};
  at = small.find_first_not_of(" \t\r\n", at + key.size());
  if (at == std::string::npos || small[at] != '=') return {};
  at = small.find_first_not_of(" \t\r\n\"'", at + 1);
  if (at == std::string::npos) return {};
  return small.substr(at, std::min(small.find_first_of(" \t\r\n\"';?>", at), small.size()) - at);
}

std::string declared_in_xml(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, 1024);
  const std::size_t begin = head.find("<?xml");
  if (begin == std::string_view::npos) return {};
  return value_after(head.substr(begin, head.find('>', begin) - begin), "encoding");
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

struct Guess {
  std::string converter;
  int confidence = 0;
};

Guess detect(std::string_view bytes) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, DetectorCloser> detector(ucsdet_open(&status));
  if (U_FAILURE(status)) return {};
  // Statistics want the part that is not markup in ASCII: begin a little before the first byte
  // that is not.
  const auto first_high = std::find_if(
      bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  const auto offset = static_cast<std::size_t>(first_high - bytes.begin());
  const std::string_view sample = bytes.substr(offset > 200 ? offset - 200 : 0, kDetectBytes);
  ucsdet_enableInputFilter(detector.get(), true);
  ucsdet_setText(detector.get(), sample.data(), static_cast<int32_t>(sample.size()), &status);
  std::int32_t count = 0;
  const UCharsetMatch** matches = ucsdet_detectAll(detector.get(), &count, &status);
  if (U_FAILURE(status)) return {};
  for (std::int32_t i = 0; i < count; ++i) {
    const std::string name = lower(ucsdet_getName(matches[i], &status));
    const int confidence = ucsdet_getConfidence(matches[i], &status);
    // Wide encodings are told by their NULs, and UTF-8 has been ruled out.
    if (U_SUCCESS(status) && !is_wide(name) && name != "utf-8") {
      return {converter_for(name), confidence};
    }
  }
  return {};
}

// UTF-16 and UTF-32 by byte order mark, or by where the NULs of "<" stand; empty for others.
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

// Whether a western label cannot be true: most letters are above ASCII.
bool is_western(std::string_view converter) {
  return converter == "windows-1252" || converter == "iso-8859-15" || converter == "windows-1254";
}

// Bytes that are not valid UTF-8 as a whole: labels first, then statistics.
Utf8Text decode_legacy(std::string_view bytes, const std::vector<std::string>& labels,
                       const Census& census) {
  std::string best_name;
  Decoded best;
  best.failures = static_cast<std::size_t>(-1);
  const auto consider = [&](const std::string& name) {
    std::optional<Decoded> decoded = decode(bytes, name);
    if (decoded && decoded->failures < best.failures) {
      best = std::move(*decoded);
      best_name = name;
    }
  };
  const Guess guess = detect(bytes);
  const bool mostly_high = census.high > census.letters;
  Utf8Text out;
  for (const std::string& label : labels) {
    const std::string name = converter_for(label);
    if (name == "UTF-8" || name == "utf-8" || is_wide(label)) continue;
    const bool doubtful =
        is_western(name) && mostly_high && guess.confidence >= 30 && !is_western(guess.converter);
    if (doubtful) continue;
    consider(name);
    if (best.failures == 0) break;
  }
  if (best.failures != 0 && !guess.converter.empty()) consider(guess.converter);
  if (best.failures != 0) consider("windows-1252");
  out.text = std::move(best.text);
  out.encoding = best_name;
  if (labels.empty() || converter_for(labels.front()) != best_name) {
    out.warnings.push_back(
        labels.empty()
            ? fmt::format("no encoding is stated and the bytes are not UTF-8: read as {}",
                          best_name)
            : fmt::format("the bytes are not \"{}\" as stated: read as {}",
                          utf8_prefix(labels.front(), 40), best_name));
  }
  return out;
}

std::vector<std::string> stated_labels(std::string_view bytes, std::string_view content_type) {
  std::vector<std::string> labels;
  for (std::string label : {value_after(content_type, "charset"), declared_in_xml(bytes)}) {
    // ICU's converter names are ASCII and short; anything else is nobody's label.
    const bool sane =
        !label.empty() && label.size() <= 40 && label.find_first_of(",;\\/") == std::string::npos;
    if (sane) labels.push_back(std::move(label));
  }
  return labels;
}

Utf8Text decode_bytes(std::string_view bytes, std::string_view content_type) {
  Utf8Text out;
  std::size_t mark = 0;
  const std::string wide = wide_encoding(bytes, mark);
  if (!wide.empty()) {
    if (auto decoded = decode(bytes.substr(mark), wide)) {
      out.text = std::move(decoded->text);
      out.encoding = wide;
      return out;
    }
  }
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const std::vector<std::string> labels = stated_labels(bytes, content_type);
  const Census census = take_census(bytes);
  const bool escapes = bytes.find('\x1B') != std::string_view::npos;
  if (census.high == 0 && escapes) {
    for (const std::string& label : labels) {
      if (!label.starts_with("iso-2022")) continue;
      if (auto decoded = decode(bytes, label)) {
        return {std::move(decoded->text), label, {}};
      }
    }
    const Guess guess = detect(bytes);
    if (guess.converter.starts_with("iso-2022")) {
      if (auto decoded = decode(bytes, guess.converter)) {
        return {std::move(decoded->text), guess.converter, {}};
      }
    }
  }
  if (census.bad == 0 || census.multibyte >= 4 * census.bad) {
    out.text = std::string(bytes);
    out.encoding = "UTF-8";
    if (census.bad > 0) {
      out.warnings.push_back(fmt::format("{} bytes are not UTF-8 and were replaced", census.bad));
    }
    return out;
  }
  return decode_legacy(bytes, labels, census);
}

}  // namespace

Utf8Text to_utf8(std::string_view bytes, std::string_view content_type) {
  Utf8Text out = decode_bytes(bytes, content_type);
  bool had_controls = false;
  out.text = clean(out.text, had_controls);
  if (had_controls) out.warnings.emplace_back("control characters were removed");
  return out;
}

}  // namespace wirewatch::feeds
