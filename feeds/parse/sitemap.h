// Sitemaps (sitemaps.org/protocol.html) and what news publishers put into them
// (developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap).
#pragma once

#include <vector>

#include "feeds/item.h"
#include "feeds/parse/xml_value.h"

namespace wirewatch::feeds {

// One <url>: its page, when that changed, and the title, date, language, publication and keywords
// of <news:news>; images and videos as enclosures. The publication stands as the author. An item
// without <news:news> has no date of publication: `published` is then its last change.
Item read_sitemap_url(const XmlSource& source, std::uint32_t node);

// The `limit` items that changed last, in their own order: a sitemap often begins with the oldest.
void keep_newest(std::vector<Item>& items, std::size_t limit);

}  // namespace wirewatch::feeds
