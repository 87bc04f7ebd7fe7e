#include "feeds/parse/charset_detect.h"

#include <uchardet.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <memory>

#include "feeds/parse/charset_decode.h"
#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

constexpr std::size_t kSampleBytes = 64U << 10U;
constexpr std::size_t kLeadIn = 200;  // of ASCII before the first byte that is not

struct DetectorCloser {
  void operator()(uchardet* detector) const { uchardet_delete(detector); }
};

// The text between tags, from a little before the first byte above ASCII. Escape sequences of
// ISO 2022 may hold '<': then all of it.
std::string sample_of(std::string_view bytes) {
  const bool escapes = bytes.find('\x1B') != std::string_view::npos;
  if (escapes) return std::string(bytes.substr(0, kSampleBytes));
  const auto first_high = std::find_if(
      bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  const auto offset = static_cast<std::size_t>(first_high - bytes.begin());
  std::string sample;
  bool in_tag = false;
  for (const char c : bytes.substr(offset > kLeadIn ? offset - kLeadIn : 0)) {
    if (sample.size() >= kSampleBytes) break;
    if (c == '<') in_tag = true;
    if (!in_tag) sample += c;
    if (c == '>') {
      in_tag = false;
      sample += ' ';
    }
  }
  return sample;
}

bool any_of_these(std::string_view name, std::initializer_list<std::string_view> starts) {
  return std::any_of(starts.begin(), starts.end(),
                     [name](std::string_view start) { return name.starts_with(start); });
}

// Single-byte encodings of scripts other than Latin: Cyrillic, Greek, Arabic, Hebrew, Thai.
bool is_other_script(std::string_view name) {
  return name == "iso-8859-5" || name == "iso-8859-6" || name == "iso-8859-7" ||
         name == "iso-8859-8" || name == "iso-8859-11" ||
         any_of_these(name, {"windows-1251", "windows-1253", "windows-1255", "windows-1256",
                             "windows-874", "koi8", "ibm855", "ibm866", "ibm862", "mac-cyrillic",
                             "tis-620", "georgian", "viscii"});
}

bool is_letter(UChar32 c) {
  return (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_M_MASK)) != 0;
}

bool is_latin(UChar32 c) {
  UErrorCode status = U_ZERO_ERROR;
  return is_letter(c) && uscript_getScript(c, &status) == USCRIPT_LATIN;
}

// Two neighbours, at least one of them above ASCII, that no writing puts together.
bool is_odd_pair(UChar32 a, UChar32 b) {
  constexpr std::uint32_t kSigns = U_GC_SO_MASK | U_GC_SK_MASK | U_GC_SM_MASK | U_GC_SC_MASK |
                                   U_GC_CC_MASK | U_GC_CN_MASK | U_GC_CO_MASK;
  const bool sign_a = a >= 0x80 && ((U_GET_GC_MASK(a) & kSigns) != 0 || a == 0xFFFD);
  const bool sign_b = b >= 0x80 && ((U_GET_GC_MASK(b) & kSigns) != 0 || b == 0xFFFD);
  if (sign_a && sign_b) return true;
  if ((sign_a && is_letter(b)) || (sign_b && is_letter(a))) return true;
  if (!is_letter(a) || !is_letter(b)) return false;
  if (u_islower(a) != 0 && u_isupper(b) != 0) return true;
  UErrorCode status = U_ZERO_ERROR;
  const UScriptCode script_a = uscript_getScript(a, &status);
  const UScriptCode script_b = uscript_getScript(b, &status);
  const bool both_alphabets = script_a != USCRIPT_INHERITED && script_b != USCRIPT_INHERITED &&
                              script_a != USCRIPT_COMMON && script_b != USCRIPT_COMMON;
  const auto is_east_asian = [](UScriptCode s) {
    return s == USCRIPT_HAN || s == USCRIPT_HIRAGANA || s == USCRIPT_KATAKANA ||
           s == USCRIPT_HANGUL || s == USCRIPT_BOPOMOFO;
  };
  return both_alphabets && script_a != script_b && !is_east_asian(script_a) &&
         !is_east_asian(script_b);
}

// What most of a text in another script is: letters of one, and blanks. No pair of them is odd.
bool is_usual_pair(UChar32 a, UChar32 b) {
  const auto in = [](UChar32 c, UChar32 first, UChar32 last) {
    return c == ' ' || (c >= first && c <= last);
  };
  return (in(a, 0x621, 0x64A) && in(b, 0x621, 0x64A)) ||
         (in(a, 0x430, 0x44F) && in(b, 0x430, 0x44F));
}

// Whether all two-byte characters lie in JIS X 0208 (rows 1 to 8 and 16 to 84).
bool keeps_to_jis(std::string_view bytes, bool shift_jis) {
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const auto lead = static_cast<unsigned char>(bytes[at]);
    if (lead < 0x80) continue;
    if (shift_jis) {
      if (lead >= 0xA1 && lead <= 0xDF) continue;  // a half-width kana
      if (lead == 0x85 || lead == 0x86 || lead == 0x87 || lead > 0xEA) return false;
    } else if (lead == 0x8F || (lead >= 0xA9 && lead <= 0xAF) || lead > 0xF4) {
      return false;
    }
    ++at;
  }
  return true;
}

}  // namespace

std::string guess_encoding(std::string_view bytes, const Census& census) {
  const std::string sample = sample_of(bytes);
  const std::unique_ptr<uchardet, DetectorCloser> detector(uchardet_new());
  if (uchardet_handle_data(detector.get(), sample.data(), sample.size()) != 0) return {};
  uchardet_data_end(detector.get());
  const std::string name = lower(uchardet_get_charset(detector.get()));
  if (name.empty() || name == "ascii" || name == "utf-8" || is_wide(name)) return {};
  const bool stands_alone = 2 * census.paired < census.high;
  if (stands_alone && is_other_script(name)) return {};
  // A few marked letters tell no language: then the commonest of the Latin encodings.
  constexpr std::size_t kFewLetters = 8;
  if (stands_alone && census.high < kFewLetters) return {};
  return converter_for(name);
}

double implausibility(std::string_view text) {
  text = text.substr(0, kSampleBytes);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto length = static_cast<std::int32_t>(text.size());
  std::size_t pairs = 0;
  std::size_t odd = 0;
  std::size_t marked = 0;  // Latin letters above ASCII in a row: no language has three
  UChar32 before = ' ';
  for (std::int32_t at = 0; at < length;) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(bytes, at, length, c);
    if (before >= 0x80 || c >= 0x80) {
      ++pairs;
      if (is_usual_pair(before, c)) {
        marked = 0;
        before = c;
        continue;
      }
      marked = c >= 0x80 && is_latin(c) ? marked + 1 : 0;
      if (marked > 2 || is_odd_pair(before, c)) ++odd;
    }
    before = c;
  }
  return pairs == 0 ? 0.0 : static_cast<double>(odd) / static_cast<double>(pairs);
}

std::string with_jis_signs(std::string text, std::string_view bytes, bool shift_jis) {
  if (!keeps_to_jis(bytes, shift_jis)) return text;
  const struct {
    std::string_view vendor;
    std::string_view standard;
  } signs[] = {{"～", "〜"}, {"∥", "‖"}, {"－", "−"}, {"￠", "¢"}, {"￡", "£"}, {"￢", "¬"}};
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    std::string_view taken =
        std::string_view(text).substr(at, byte == 0xE2 || byte == 0xEF ? 3 : 1);
    at += taken.size();
    for (const auto& sign : signs) {
      if (taken == sign.vendor) taken = sign.standard;
    }
    out += taken;
  }
  return out;
}

}  // namespace wirewatch::feeds
