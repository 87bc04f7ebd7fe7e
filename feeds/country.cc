#include "feeds/country.h"

#include <algorithm>
#include <array>

#include "feeds/url.h"

namespace wirewatch::feeds {

std::string country_of_address(std::string_view url) {
  // Sold to everybody, whatever the country; .eu is no country's.
  static constexpr std::array<std::string_view, 9> open = {"IO", "TV", "ME", "CO", "FM",
                                                           "AI", "CC", "WS", "EU"};
  const std::string host = host_of(url);
  const std::size_t dot = host.rfind('.');
  if (dot == std::string::npos || host.size() - dot != 3) return {};
  std::string code;
  for (const char c : std::string_view(host).substr(dot + 1)) {
    if (c < 'a' || c > 'z') return {};
    code.push_back(static_cast<char>(c - 'a' + 'A'));
  }
  if (std::find(open.begin(), open.end(), code) != open.end()) return {};
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
