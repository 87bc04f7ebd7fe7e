// What a program written against libxml2's SAX2 interface does with a feed: item by item, the texts
// of the usual elements as strings. No dates, no relative links, no repair beyond RECOVER.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wirewatch::bench {

struct SaxItem {
  std::string title, link, guid, summary, content, published, author;
  std::vector<std::string> categories;
  std::vector<std::string> enclosures;
};

// In document order. libxml2 knows the encodings that iconv knows.
std::vector<SaxItem> libxml2_items(std::string_view bytes);

}  // namespace wirewatch::bench
