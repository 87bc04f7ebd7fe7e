// Hosts: https://url.spec.whatwg.org/#host-parsing, section numbers there.
#include <fmt/format.h>
#include <unicode/bytestream.h>
#include <unicode/idna.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <memory>

#include "feeds/ascii.h"
#include "feeds/url_parts.h"

namespace wirewatch::feeds {
namespace {

// Punycode is quadratic in the length of a label; names in DNS have at most 253 bytes.
constexpr std::size_t kMaxIdnaBytes = 2048;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "Domain to ASCII" with beStrict false: CheckHyphens and VerifyDnsLength are off, so ICU's
// complaints about those do not count.
std::optional<std::string> domain_to_ascii(const std::string& domain) {
  const bool ascii = std::all_of(domain.begin(), domain.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  // An ASCII name passes as it is, bad "xn--" labels included: it can be looked up, and browsers
  // do.
  if (ascii) return lower(domain);
  if (domain.size() > kMaxIdnaBytes) return std::nullopt;

  UErrorCode code = U_ZERO_ERROR;
  static const std::unique_ptr<const icu::IDNA> idna = [] {
    UErrorCode status = U_ZERO_ERROR;
    return std::unique_ptr<const icu::IDNA>(icu::IDNA::createUTS46Instance(
        UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII |
            UIDNA_NONTRANSITIONAL_TO_UNICODE,
        status));
  }();
  if (!idna) return std::nullopt;
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  icu::IDNAInfo info;
  // Through UTF-16, which turns ill-formed bytes into U+FFFD; UTS 46 then refuses them.
  std::string well_formed;
  icu::UnicodeString::fromUTF8(domain).toUTF8String(well_formed);
  idna->nameToASCII_UTF8(well_formed, sink, info, code);
  constexpr std::uint32_t kIgnored = UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG |
                                     UIDNA_ERROR_DOMAIN_NAME_TOO_LONG | UIDNA_ERROR_LEADING_HYPHEN |
                                     UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;
  if (U_FAILURE(code) || (info.getErrors() & ~kIgnored) != 0) return std::nullopt;
  return out;
}

bool has_forbidden_code_point(std::string_view domain) {
  return std::any_of(domain.begin(), domain.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7f ||
           std::string_view("#/:<>?@[\\]^|%").find(c) != std::string_view::npos;
  });
}

std::vector<std::string_view> split_labels(std::string_view host) {
  std::vector<std::string_view> labels;
  for (;;) {
    const std::size_t dot = host.find('.');
    labels.push_back(host.substr(0, dot));
    if (dot == std::string_view::npos) break;
    host.remove_prefix(dot + 1);
  }
  if (labels.size() > 1 && labels.back().empty()) labels.pop_back();
  return labels;
}

// The IPv4 number parser; values above 2^40 are as good as any other that is too large.
std::optional<std::uint64_t> parse_ipv4_number(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::uint64_t radix = 10;
  if (text.size() >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    radix = 16;
    text.remove_prefix(2);
  } else if (text.size() >= 2 && text[0] == '0') {
    radix = 8;
    text.remove_prefix(1);
  }
  std::uint64_t value = 0;
  for (const char c : text) {
    const int digit = hex_digit(c);
    if (digit < 0 || static_cast<std::uint64_t>(digit) >= radix) return std::nullopt;
    value = std::min(value * radix + static_cast<std::uint64_t>(digit), std::uint64_t{1} << 40);
  }
  return value;
}

bool ends_in_a_number(const std::vector<std::string_view>& labels) {
  const std::string_view last = labels.back();
  if (last.empty()) return false;
  return std::all_of(last.begin(), last.end(), is_digit) || parse_ipv4_number(last).has_value();
}

std::optional<std::string> parse_ipv4(const std::vector<std::string_view>& labels) {
  if (labels.size() > 4) return std::nullopt;
  std::uint64_t address = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto number = parse_ipv4_number(labels[i]);
    if (!number) return std::nullopt;
    const bool last = i + 1 == labels.size();
    const std::size_t bits = last ? 8 * (4 - i) : 8;  // the last number fills what is left
    if (*number >> bits != 0) return std::nullopt;
    address = (address << bits) | *number;
  }
  return fmt::format("{}.{}.{}.{}", address >> 24, (address >> 16) & 255, (address >> 8) & 255,
                     address & 255);
}

using Pieces = std::array<std::uint16_t, 8>;

// The dotted tail of "::ffff:192.0.2.1", written into two pieces.
bool parse_ipv4_tail(std::string_view text, Pieces& pieces, std::size_t piece) {
  if (piece > 6) return false;
  for (std::size_t seen = 0; seen < 4; ++seen) {
    if (seen > 0) {
      if (text.empty() || text[0] != '.') return false;
      text.remove_prefix(1);
    }
    int value = -1;
    while (!text.empty() && is_digit(text[0])) {
      if (value == 0) return false;  // no leading zeros
      value = std::max(value, 0) * 10 + (text[0] - '0');
      if (value > 255) return false;
      text.remove_prefix(1);
    }
    if (value < 0) return false;
    std::uint16_t& target = pieces[piece + seen / 2];
    target = static_cast<std::uint16_t>(target * 256 + value);
  }
  return text.empty();
}

std::optional<Pieces> parse_ipv6(std::string_view text) {
  Pieces pieces{};
  std::size_t piece = 0;
  std::optional<std::size_t> compress;
  std::size_t at = 0;
  if (text.substr(0, 1) == ":") {
    if (text.substr(0, 2) != "::") return std::nullopt;
    at = 2;
    compress = 0;
  }
  while (at < text.size()) {
    if (piece == 8) return std::nullopt;
    if (text[at] == ':') {
      if (compress) return std::nullopt;
      ++at;
      compress = piece;
      continue;
    }
    const std::size_t start = at;
    int value = 0;
    while (at < text.size() && at - start < 4 && hex_digit(text[at]) >= 0) {
      value = value * 16 + hex_digit(text[at++]);
    }
    if (at < text.size() && text[at] == '.') {
      if (at == start || !parse_ipv4_tail(text.substr(start), pieces, piece)) return std::nullopt;
      piece += 2;
      break;
    }
    if (at < text.size()) {
      if (text[at] != ':' || at + 1 == text.size()) return std::nullopt;
      ++at;
    }
    pieces[piece++] = static_cast<std::uint16_t>(value);
  }
  if (compress) {
    // What stands behind "::" moves to the end; the zeros after it move to the gap.
    const auto at_piece = [&](std::size_t i) {
      return pieces.begin() + static_cast<std::ptrdiff_t>(i);
    };
    std::rotate(at_piece(*compress), at_piece(piece), pieces.end());
  } else if (piece != 8) {
    return std::nullopt;
  }
  return pieces;
}

// Lower-case hexadecimal, the first longest run of two or more zero pieces as "::".
std::string serialise_ipv6(const Pieces& pieces) {
  std::size_t best = 8;
  std::size_t best_length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t length = 0;
    while (i + length < 8 && pieces[i + length] == 0) ++length;
    if (length > best_length) {
      best = i;
      best_length = length;
    }
  }
  std::string out = "[";
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == best) {
      out += i == 0 ? "::" : ":";
      i += best_length - 1;
      continue;
    }
    out += fmt::format("{:x}", pieces[i]);
    if (i != 7) out += ':';
  }
  return out + "]";
}

}  // namespace

std::optional<std::string> parse_host(std::string_view input) {
  if (!input.empty() && input.front() == '[') {
    if (input.back() != ']' || input.size() < 2) return std::nullopt;
    const auto pieces = parse_ipv6(input.substr(1, input.size() - 2));
    if (!pieces) return std::nullopt;
    return serialise_ipv6(*pieces);
  }
  const auto domain = domain_to_ascii(percent_decoded(input));
  if (!domain || domain->empty() || has_forbidden_code_point(*domain)) return std::nullopt;
  const auto labels = split_labels(*domain);
  if (ends_in_a_number(labels)) return parse_ipv4(labels);
  return domain;
}

}  // namespace wirewatch::feeds
