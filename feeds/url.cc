#include "feeds/url.h"

#include <fmt/format.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "feeds/ascii.h"
#include "feeds/url_parts.h"

namespace wirewatch::feeds {
namespace {

// Percent-encode sets (https://url.spec.whatwg.org/#percent-encoded-bytes), without the controls
// and the bytes above 0x7e, which all of them contain.
constexpr std::string_view kFragmentSet = " \"<>`";
constexpr std::string_view kQuerySet = " \"#<>'";
constexpr std::string_view kPathSet = " \"#<>?^`{}";
constexpr std::string_view kUserinfoSet = " \"#<>?^`{}/:;=@[\\]|";

void append_encoded(std::string& out, std::string_view text, std::string_view set) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte > 0x7e || set.find(c) != std::string_view::npos) {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
}

std::string encoded(std::string_view text, std::string_view set) {
  std::string out;
  out.reserve(text.size());
  append_encoded(out, text, set);
  return out;
}

bool is_slash(char c) {
  return c == '/' || c == '\\';  // in special schemes a backslash is one
}

// Control characters and spaces at both ends go, tabs and line breaks everywhere; what is no
// UTF-8 becomes U+FFFD.
std::string clean_input(std::string_view input) {
  const auto outer = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!input.empty() && outer(input.front())) input.remove_prefix(1);
  while (!input.empty() && outer(input.back())) input.remove_suffix(1);
  std::string out;
  out.reserve(input.size());
  bool ascii = true;
  for (const char c : input) {
    if (c == '\t' || c == '\n' || c == '\r') continue;
    ascii = ascii && static_cast<unsigned char>(c) < 0x80;
    out += c;
  }
  if (ascii) return out;
  std::string well_formed;
  icu::UnicodeString::fromUTF8(out).toUTF8String(well_formed);
  return well_formed;
}

// Takes "HTTP:" off the front and returns "http"; empty when there is no scheme.
std::string take_scheme(std::string_view& input) {
  const auto alpha = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  std::size_t length = 0;
  while (length < input.size() &&
         (alpha(input[length]) ||
          (length > 0 &&
           std::string_view("0123456789+-.").find(input[length]) != std::string_view::npos))) {
    ++length;
  }
  if (length == 0 || length == input.size() || input[length] != ':') return {};
  std::string scheme = lower(input.substr(0, length));
  input.remove_prefix(length + 1);
  return scheme;
}

// What a segment means once "%2e" is read as a dot: 1 for ".", 2 for "..", else 0.
int dots_of(std::string_view segment) {
  int dots = 0;
  while (!segment.empty() && dots < 3) {
    if (segment[0] == '.') {
      segment.remove_prefix(1);
    } else if (segment.substr(0, 3) == "%2e" || segment.substr(0, 3) == "%2E") {
      segment.remove_prefix(3);
    } else {
      return 0;
    }
    ++dots;
  }
  return dots < 3 ? dots : 0;
}

// The path, query and fragment states. `rest` starts behind the path's first slash.
void parse_path_segments(UrlParts& url, std::string_view path) {
  for (;;) {
    const std::size_t length =
        static_cast<std::size_t>(std::find_if(path.begin(), path.end(), is_slash) - path.begin());
    const bool last = length == path.size();
    const std::string_view segment = path.substr(0, length);
    const int dots = dots_of(segment);
    if (dots == 2 && !url.path.empty()) url.path.pop_back();
    if (dots == 0) {
      url.path.push_back(encoded(segment, kPathSet));
    } else if (last) {
      url.path.emplace_back();
    }
    if (last) return;
    path.remove_prefix(length + 1);
  }
}

void take_query_and_fragment(UrlParts& url, std::string_view& rest) {
  if (const std::size_t hash = rest.find('#'); hash != std::string_view::npos) {
    url.fragment = encoded(rest.substr(hash + 1), kFragmentSet);
    rest = rest.substr(0, hash);
  }
  if (const std::size_t mark = rest.find('?'); mark != std::string_view::npos) {
    url.query = encoded(rest.substr(mark + 1), kQuerySet);
    rest = rest.substr(0, mark);
  }
}

bool parse_port(UrlParts& url, std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + static_cast<std::uint32_t>(c - '0');
    if (value > 65535) return false;
  }
  const std::uint32_t standard = url.scheme == "https" ? 443 : 80;
  if (!digits.empty() && value != standard) url.port = static_cast<std::uint16_t>(value);
  return true;
}

// The authority, host and port states. `text` ends before the first slash, "?" or "#".
bool parse_authority(UrlParts& url, std::string_view text) {
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = text.substr(0, at);
    const std::size_t colon = user.find(':');
    url.username = encoded(user.substr(0, colon), kUserinfoSet);
    if (colon != std::string_view::npos) {
      url.password = encoded(user.substr(colon + 1), kUserinfoSet);
    }
    text.remove_prefix(at + 1);
  }
  bool in_brackets = false;
  std::size_t colon = 0;
  for (; colon < text.size(); ++colon) {
    if (text[colon] == '[') in_brackets = true;
    if (text[colon] == ']') in_brackets = false;
    if (text[colon] == ':' && !in_brackets) break;
  }
  if (colon == 0) return false;
  if (colon < text.size() && !parse_port(url, text.substr(colon + 1))) return false;
  auto host = parse_host(text.substr(0, colon));
  if (!host) return false;
  url.host = std::move(*host);
  return true;
}

std::optional<UrlParts> parse_absolute(std::string scheme, std::string_view rest) {
  UrlParts url;
  url.scheme = std::move(scheme);
  while (!rest.empty() && is_slash(rest.front())) rest.remove_prefix(1);
  const std::size_t end = std::min(rest.find_first_of("/\\?#"), rest.size());
  if (!parse_authority(url, rest.substr(0, end))) return std::nullopt;
  rest.remove_prefix(end);
  take_query_and_fragment(url, rest);
  if (!rest.empty()) rest.remove_prefix(1);
  parse_path_segments(url, rest);
  return url;
}

std::optional<UrlParts> parse_relative(std::string_view rest, const UrlParts& base) {
  if (rest.size() >= 2 && is_slash(rest[0]) && is_slash(rest[1])) {
    return parse_absolute(base.scheme, rest);
  }
  UrlParts url = base;
  url.query.reset();
  url.fragment.reset();
  take_query_and_fragment(url, rest);
  if (rest.empty()) {
    if (!url.query) url.query = base.query;
    return url;
  }
  if (is_slash(rest.front())) {
    url.path.clear();
    rest.remove_prefix(1);
  } else if (!url.path.empty()) {
    url.path.pop_back();
  }
  parse_path_segments(url, rest);
  return url;
}

}  // namespace

std::optional<UrlParts> parse_url(std::string_view reference, const UrlParts* base) {
  const std::string input = clean_input(reference);
  std::string_view rest = input;
  std::string scheme = take_scheme(rest);
  if (scheme.empty()) {
    if (base == nullptr) return std::nullopt;
    return parse_relative(rest, *base);
  }
  if (scheme != "http" && scheme != "https") return std::nullopt;
  if (base != nullptr && base->scheme == scheme && rest.substr(0, 2) != "//") {
    return parse_relative(rest, *base);
  }
  return parse_absolute(std::move(scheme), rest);
}

std::string serialise_url(const UrlParts& url) {
  std::string out = url.scheme + "://";
  if (!url.username.empty() || !url.password.empty()) {
    out += url.username;
    if (!url.password.empty()) out += ':' + url.password;
    out += '@';
  }
  out += url.host;
  if (url.port) out += fmt::format(":{}", *url.port);
  for (const std::string& segment : url.path) {
    out += '/';
    out += segment;
  }
  if (url.query) out += '?' + *url.query;
  if (url.fragment) out += '#' + *url.fragment;
  return out;
}

std::optional<std::string> resolve_url(std::string_view base, std::string_view reference) {
  std::optional<UrlParts> parsed_base;
  if (!base.empty()) parsed_base = parse_url(base, nullptr);
  const auto url = parse_url(reference, parsed_base ? &*parsed_base : nullptr);
  if (!url) return std::nullopt;
  return serialise_url(*url);
}

}  // namespace wirewatch::feeds
