#include "feeds/country.h"

#include <algorithm>
#include <array>

#include "feeds/url.h"

namespace wirewatch::feeds {

bool is_open_ending(std::string_view code) {
  static constexpr std::array<std::string_view, 8> open = {"IO", "TV", "ME", "CO",
                                                           "FM", "AI", "CC", "WS"};
  return std::find(open.begin(), open.end(), code) != open.end();
}

std::string country_of_address(std::string_view url) {
  static constexpr std::array<std::string_view, 7> own = {"ac",  "com", "edu", "gov",
                                                          "mil", "net", "org"};
  const std::string host = host_of(url);
  const std::size_t dot = host.rfind('.');
  if (dot == std::string::npos || host.size() - dot != 3) return {};
  std::string code;
  for (const char c : std::string_view(host).substr(dot + 1)) {
    if (c < 'a' || c > 'z') return {};
    code.push_back(static_cast<char>(c - 'a' + 'A'));
  }
  if (code == "EU") return {};  // no country's
  if (is_open_ending(code)) {
    const std::string_view before = std::string_view(host).substr(0, dot);
    const std::size_t label = before.rfind('.') + 1;  // 0 where there is no dot
    if (std::find(own.begin(), own.end(), before.substr(label)) == own.end()) return {};
  }
  return code == "UK" ? "GB" : code;
}

std::string country_of(const Document& document) {
  constexpr std::string_view mark = "country:";
  for (const std::string& tag : document.feed_tags) {
    if (tag.starts_with(mark) && tag.size() > mark.size()) return tag.substr(mark.size());
  }
  return country_of_address(document.url);
}

}  // namespace wirewatch::feeds
