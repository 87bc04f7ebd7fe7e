#include "feeds/parse/charset.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "feeds/parse/charset_decode.h"
#include "feeds/parse/charset_detect.h"
#include "feeds/parse/charset_utf8.h"
#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

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

// A reading of the bytes, and how good it is: 0 for text without a flaw.
struct Reading {
  std::string name;  // of the converter; empty for none
  Decoded decoded;
  double flaws = 1e9;
};

void consider(Reading& best, std::string_view bytes, const Census& census,
              const std::string& name) {
  if (name.empty() || name == best.name) return;
  std::optional<Decoded> decoded = decode(bytes, name);
  if (!decoded) return;
  const double failed = static_cast<double>(decoded->failures) /
                        static_cast<double>(std::max<std::size_t>(1, census.high));
  const double flaws = 5 * failed + implausibility(decoded->text);
  if (flaws >= best.flaws) return;
  best = {name, std::move(*decoded), flaws};
}

// The other encoding of the same script that differs in a few letters only.
std::string sibling_of(std::string_view name) {
  constexpr std::pair<std::string_view, std::string_view> kSiblings[] = {
      {"windows-1250", "iso-8859-2"},
      {"windows-1253", "iso-8859-7"},
      {"windows-1255", "iso-8859-8"},
      {"windows-1256", "iso-8859-6"}};
  for (const auto& [windows, iso] : kSiblings) {
    if (name == windows) return std::string(iso);
    if (name == iso) return std::string(windows);
  }
  return {};
}

// Bytes that are not valid UTF-8 as a whole: a label that gives good text, else what the
// statistics say, else the label that does least harm.
Utf8Text decode_legacy(std::string_view bytes, const std::vector<std::string>& labels,
                       const Census& census) {
  constexpr double kGoodText = 0.03;
  constexpr double kBetter = 0.05;  // by so much another reading must win over a label
  Reading best;
  for (const std::string& label : labels) {
    const std::string name = converter_for(label);
    if (name == "UTF-8" || name == "utf-8" || is_wide(label)) continue;
    consider(best, bytes, census, name);
    if (best.flaws <= kGoodText) break;
  }
  if (best.flaws > kGoodText) {
    best.flaws -= best.name.empty() ? 0 : kBetter;
    const std::string guess = guess_encoding(bytes, census);
    consider(best, bytes, census, guess);
    consider(best, bytes, census, sibling_of(guess));
    if (best.name.empty() || best.decoded.failures > 0) {
      consider(best, bytes, census, "windows-1252");
    }
  }
  Utf8Text out;
  out.text = std::move(best.decoded.text);
  out.encoding = best.name;
  if (labels.empty() || converter_for(labels.front()) != best.name) {
    const bool shift_jis = best.name == "windows-31j";
    if (shift_jis || best.name == "euc-jp") {
      out.text = with_jis_signs(std::move(out.text), bytes, shift_jis);
    }
    out.warnings.push_back(
        labels.empty()
            ? fmt::format("no encoding is stated and the bytes are not UTF-8: read as {}",
                          best.name)
            : fmt::format("the bytes are not \"{}\" as stated: read as {}",
                          utf8_prefix(labels.front(), 40), best.name));
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

// `valid`: the text is UTF-8 as a whole, as all is that a converter made.
Utf8Text decode_bytes(std::string_view bytes, std::string_view content_type, bool& valid) {
  Utf8Text out;
  valid = true;
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
  const bool escapes = bytes.find('\x1B') != std::string_view::npos;
  if (!escapes && is_utf8(bytes)) return {std::string(bytes), "UTF-8", {}};
  const std::vector<std::string> labels = stated_labels(bytes, content_type);
  const Census census = take_census(bytes);
  if (census.high == 0 && escapes) {
    for (const std::string& label : labels) {
      if (!label.starts_with("iso-2022")) continue;
      if (auto decoded = decode(bytes, label)) {
        return {std::move(decoded->text), label, {}};
      }
    }
    const std::string guess = guess_encoding(bytes, census);
    if (guess.starts_with("iso-2022")) {
      if (auto decoded = decode(bytes, guess)) return {std::move(decoded->text), guess, {}};
    }
  }
  // Bytes that are said to be UTF-8 may hold more damage before they are taken for something else.
  const std::size_t tolerance = !labels.empty() && labels.front().starts_with("utf") ? 1 : 4;
  if (census.bad == 0 || census.multibyte >= tolerance * census.bad) {
    out.text = std::string(bytes);
    out.encoding = "UTF-8";
    valid = census.bad == 0;
    if (census.bad > 0) {
      out.warnings.push_back(fmt::format("{} bytes are not UTF-8 and were replaced", census.bad));
    }
    return out;
  }
  return decode_legacy(bytes, labels, census);
}

}  // namespace

Utf8Text to_utf8(std::string_view bytes, std::string_view content_type) {
  bool valid = true;
  Utf8Text out = decode_bytes(bytes, content_type, valid);
  bool had_controls = false;
  out.text = clean(std::move(out.text), valid, had_controls);
  if (had_controls) out.warnings.emplace_back("control characters were removed");
  return out;
}

bool is_clean_utf8(std::string_view bytes) {
  std::size_t mark = 0;
  return !bytes.starts_with("\xEF\xBB\xBF") && wide_encoding(bytes, mark).empty() &&
         is_utf8(bytes) && holds_no_controls(bytes);
}

}  // namespace wirewatch::feeds
