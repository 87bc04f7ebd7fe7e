// What a page says about its article in JSON-LD, the words of schema.org.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/time.h"

namespace wirewatch::feeds {

struct LinkedData {
  std::string headline;
  std::string name;    // often the same as the headline, sometimes one is a description
  std::string byline;  // authors, ", " between them
  std::string site;    // the publisher's name
  std::string language;
  std::string url;
  std::string body;  // articleBody: plain text, sometimes HTML
  std::optional<Instant> published;
};

// The first article (https://schema.org/Article and its kinds) among `scripts`, in @graph and
// lists too. nullopt: none, or JSON that does not parse. Strings are as written: references are
// decoded by whom they concern.
std::optional<LinkedData> read_json_ld(const std::vector<std::string_view>& scripts);

}  // namespace wirewatch::feeds
