#include "feeds/parse/sitemap.h"

#include <algorithm>

#include "feeds/parse/dates.h"
#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

constexpr std::size_t kMaxList = 500;

class UrlReader {
 public:
  explicit UrlReader(const XmlSource& source) : source_(source), tree_(source.tree) {}
  Item read(std::uint32_t node);

 private:
  bool is(std::uint32_t node, std::string_view name) const {
    return equal_ignoring_case(tree_.nodes[node].local, name);
  }
  void take(std::uint32_t child);
  void take_news(std::uint32_t child);
  void take_media(std::uint32_t child, bool video);
  void add_list(std::string_view list);

  const XmlSource& source_;
  XmlTree& tree_;
  Item item_;
};

void UrlReader::add_list(std::string_view list) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string word(trim(list.substr(0, comma)));
    list.remove_prefix(std::min(comma + 1, list.size()));
    auto& all = item_.categories;
    const bool known = std::find(all.begin(), all.end(), word) != all.end();
    if (!word.empty() && !known && all.size() < kMaxList) all.push_back(std::move(word));
  }
}

void UrlReader::take_news(std::uint32_t child) {
  if (is(child, "title")) item_.title = source_.title(child);
  if (is(child, "publication_date")) item_.published = parse_date(tree_.text(child));
  if (is(child, "keywords") || is(child, "genres") || is(child, "stock_tickers")) {
    add_list(source_.line(child));
  }
  if (!is(child, "publication")) return;
  tree_.each_child(child, [&](std::uint32_t inner) {
    if (is(inner, "language")) item_.language = source_.line(inner);
    if (is(inner, "name") && item_.authors.empty()) {
      const std::string name = source_.line(inner);
      if (!name.empty()) item_.authors.push_back({name, "", ""});
    }
  });
}

void UrlReader::take_media(std::uint32_t child, bool video) {
  tree_.each_child(child, [&](std::uint32_t inner) {
    if (is(inner, "loc") || is(inner, "content_loc")) {
      std::string url = source_.resolve(inner, tree_.text(inner));
      if (url.empty() || item_.enclosures.size() >= kMaxList) return;
      item_.enclosures.push_back({std::move(url), video ? "video" : "image", ""});
    } else if (video && is(inner, "title") && item_.title.empty()) {
      item_.title = source_.title(inner);
    } else if (video && is(inner, "description") && item_.summary.empty()) {
      item_.summary = source_.html(inner);
    } else if (video && is(inner, "publication_date") && !item_.published) {
      item_.published = parse_date(tree_.text(inner));
    }
  });
}

void UrlReader::take(std::uint32_t child) {
  if (is(child, "loc")) item_.link = source_.resolve(child, tree_.text(child));
  if (is(child, "lastmod")) item_.updated = parse_date(tree_.text(child));
  if (is(child, "news")) {
    tree_.each_child(child, [&](std::uint32_t inner) { take_news(inner); });
  }
  if (is(child, "image")) take_media(child, /*video=*/false);
  if (is(child, "video")) take_media(child, /*video=*/true);
}

Item UrlReader::read(std::uint32_t node) {
  tree_.each_child(node, [&](std::uint32_t child) { take(child); });
  return std::move(item_);
}

}  // namespace

Item read_sitemap_url(const XmlSource& source, std::uint32_t node) {
  return UrlReader(source).read(node);
}

void keep_newest(std::vector<Item>& items, std::size_t limit) {
  if (items.size() <= limit) return;
  const auto changed = [](const Item& item) { return std::max(item.published, item.updated); };
  std::vector<std::optional<Instant>> dates;
  dates.reserve(items.size());
  for (const Item& item : items) dates.push_back(changed(item));
  std::nth_element(dates.begin(), dates.begin() + static_cast<std::ptrdiff_t>(limit), dates.end(),
                   std::greater<>());
  const std::optional<Instant> oldest = dates[limit];  // the first that has to go
  std::size_t equals =
      limit - static_cast<std::size_t>(
                  std::count_if(dates.begin(), dates.begin() + static_cast<std::ptrdiff_t>(limit),
                                [&](const auto& date) { return date > oldest; }));
  std::vector<Item> kept;
  kept.reserve(limit);
  for (Item& item : items) {
    const std::optional<Instant> date = changed(item);
    if (date < oldest || (date == oldest && equals == 0)) continue;
    if (date == oldest) --equals;
    kept.push_back(std::move(item));
  }
  items = std::move(kept);
}

}  // namespace wirewatch::feeds
