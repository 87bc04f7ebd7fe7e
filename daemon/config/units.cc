#include "daemon/config/units.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "feeds/ascii.h"

namespace wirewatch::daemon {
namespace {

using Unit = std::pair<std::string_view, std::int64_t>;
constexpr std::array<Unit, 6> kSpans = {{{"w", 604800000000},
                                         {"d", 86400000000},
                                         {"h", 3600000000},
                                         {"m", 60000000},
                                         {"s", 1000000},
                                         {"ms", 1000}}};
constexpr std::array<Unit, 9> kSizes = {{{"TiB", 1LL << 40},
                                         {"TB", 1000000000000},
                                         {"GiB", 1LL << 30},
                                         {"GB", 1000000000},
                                         {"MiB", 1LL << 20},
                                         {"MB", 1000000},
                                         {"KiB", 1LL << 10},
                                         {"KB", 1000},
                                         {"B", 1}}};
constexpr std::uint64_t kMaxCount = 1000000000000000;
constexpr std::int64_t kMaxSpan = 100LL * 365 * 86400 * 1000000;

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

Error invalid(std::string text) {
  return Error{ErrorKind::invalid, std::move(text)};
}

// The digits at the front of `text`, which is moved past them.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t value = 0;
  std::size_t i = 0;
  for (; i < text.size() && digit(text[i]); ++i) {
    value = value * 10 + static_cast<std::uint64_t>(text[i] - '0');
    if (value > kMaxCount) return std::nullopt;
  }
  if (i == 0) return std::nullopt;
  text.remove_prefix(i);
  return value;
}

std::string_view take_letters(std::string_view& text) {
  std::size_t i = 0;
  while (i < text.size() && letter(text[i])) ++i;
  const std::string_view word = text.substr(0, i);
  text.remove_prefix(i);
  return word;
}

}  // namespace

Result<Span> parse_span(std::string_view text) {
  static constexpr const char* kHow = "a time is a number with a unit: 90s, 5m, 1h30m, 3d";
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  std::string_view rest = text;
  do {
    const auto number = take_number(rest);
    if (!number) return invalid(kHow);
    const std::string_view word = take_letters(rest);
    if (*number == 0 && text == "0") return Span(0);
    if (word.empty() && rest.empty() && total == 0) {
      return invalid(fmt::format("the unit is missing: write {0}s, {0}m or {0}h", *number));
    }
    std::size_t unit = 0;
    while (unit < kSpans.size() && kSpans[unit].first != word) ++unit;
    if (unit == kSpans.size()) return invalid(kHow);
    if (unit < next_unit) return invalid("bigger units come first, each once: 1h30m");
    next_unit = unit + 1;
    const std::int64_t scale = kSpans[unit].second;
    if (static_cast<std::int64_t>(*number) > (kMaxSpan - total) / scale) {
      return invalid("the time is longer than 100 years");
    }
    total += static_cast<std::int64_t>(*number) * scale;
  } while (!rest.empty());
  return Span(total);
}

std::string span_text(Span span) {
  std::string text;
  std::int64_t rest = span.count();
  for (const Unit& unit : kSpans) {
    // Weeks only when nothing else is needed: people write 10d, not 1w3d.
    if (unit.first == "w" && rest % unit.second != 0) continue;
    if (rest >= unit.second) {
      text += fmt::format("{}{}", rest / unit.second, unit.first);
      rest %= unit.second;
    }
  }
  return text.empty() ? "0s" : text;
}

Result<std::uint64_t> parse_size(std::string_view text) {
  static constexpr const char* kHow = "a size is a whole number with a unit: 15MiB, 2GB, 512KB";
  std::string_view rest = text;
  const auto number = take_number(rest);
  if (!number) return invalid(kHow);
  while (!rest.empty() && rest[0] == ' ') rest.remove_prefix(1);
  if (rest.empty()) {
    return invalid(fmt::format("the unit is missing: write {0}B, {0}KiB or {0}MiB", *number));
  }
  for (const Unit& unit : kSizes) {
    if (unit.first != rest) continue;
    const auto scale = static_cast<std::uint64_t>(unit.second);
    if (*number > (1ULL << 60U) / scale) return invalid("the size is beyond 1024 PiB");
    return *number * scale;
  }
  return invalid(kHow);
}

std::string size_text(std::uint64_t bytes) {
  for (const Unit& unit : kSizes) {
    const auto scale = static_cast<std::uint64_t>(unit.second);
    if (bytes >= scale && bytes % scale == 0) {
      return fmt::format("{}{}", bytes / scale, unit.first);
    }
  }
  return fmt::format("{}B", bytes);
}

Result<std::uint64_t> parse_count(std::string_view text) {
  std::string_view rest = text;
  const auto number = take_number(rest);
  if (!number || !rest.empty()) return invalid("a whole number is expected");
  if (text.size() > 1 && text[0] == '0') {
    return invalid(fmt::format("a number does not begin with 0: write {}", *number));
  }
  return *number;
}

bool valid_name(std::string_view name) {
  if (name.empty() || name.size() > 64) return false;
  for (const char c : name) {
    if (!letter(c) && !digit(c) && c != '-' && c != '_') return false;
  }
  return true;
}

bool valid_entity_id(std::string_view id) {
  if (id.empty() || id.size() > 128) return false;
  for (const char c : id) {
    if (!letter(c) && !digit(c) && c != '-' && c != '_' && c != ':') return false;
  }
  return true;
}

Result<void> check_url(std::string_view url) {
  if (url.size() > 4096) return invalid("the URL is longer than 4096 bytes");
  for (const char c : url) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7F) return invalid("a URL holds no blanks");
  }
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) {
    return invalid("a URL begins with https:// or http://");
  }
  const std::string scheme = feeds::lower(url.substr(0, colon));
  if (scheme != "http" && scheme != "https") {
    return invalid("only http:// and https:// can be used");
  }
  std::string_view authority = url.substr(colon + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  const std::size_t user = authority.rfind('@');
  if (user != std::string_view::npos) authority = authority.substr(user + 1);
  const std::size_t port = authority.rfind(':');
  if (port != std::string_view::npos && authority.find(']', port) == std::string_view::npos) {
    const auto number = parse_count(authority.substr(port + 1));
    if (!number || *number == 0 || *number > 65535) {
      return invalid("the URL's port is a number from 1 to 65535");
    }
    authority = authority.substr(0, port);
  }
  if (authority.empty()) return invalid("the URL names no host");
  return {};
}

bool url_has_password(std::string_view url) {
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) return false;
  const std::string_view rest = url.substr(colon + 3);
  return rest.substr(0, rest.find_first_of("/?#")).find('@') != std::string_view::npos;
}

bool valid_header_name(std::string_view name) {
  if (name.empty() || name.size() > 100) return false;
  for (const char c : name) {
    if (!letter(c) && !digit(c) && std::string_view("!#$%&'*+-.^_`|~").find(c) == name.npos) {
      return false;
    }
  }
  return true;
}

bool valid_header_value(std::string_view value) {
  if (value.size() > 8192) return false;
  for (const char c : value) {
    if (c != '\t' && (c < 0x20 || c > 0x7E)) return false;
  }
  return true;
}

}  // namespace wirewatch::daemon
