// OPML 2.0 subscription lists (opml.org/spec2.opml), read leniently: any outline with an xmlUrl.
#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

#include "daemon/config/draft.h"
#include "daemon/config/units.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t kMaxDepth = 64;

std::string label_of(const pugi::xml_node& outline) {
  std::string label = outline.attribute("text").value();
  if (label.empty()) label = outline.attribute("title").value();
  return valid_label(label) ? label : std::string();
}

void add_tag(std::vector<std::string>& tags, const std::string& tag) {
  const bool known = std::find(tags.begin(), tags.end(), tag) != tags.end();
  if (!tag.empty() && !known && tags.size() < kMaxTexts) tags.push_back(tag);
}

class OpmlReader {
 public:
  OpmlReader(const SourceFile& file, Problems& problems, const FeedConfig& like, Draft& draft)
      : file_(file), problems_(problems), like_(like), draft_(draft) {}

  void read(const pugi::xml_node& parent, std::vector<std::string>& tags, std::size_t depth) {
    for (const pugi::xml_node& outline : parent.children("outline")) {
      const std::string url = outline.attribute("xmlUrl").value();
      if (!url.empty()) add(outline, url, tags);
      if (!outline.child("outline")) continue;
      if (depth >= kMaxDepth) {
        problems_.warning(place(outline), "outlines nest deeper than 64; these are left out");
        continue;
      }
      tags.push_back(label_of(outline));
      read(outline, tags, depth + 1);
      tags.pop_back();
    }
  }

  std::size_t found() const { return found_; }

 private:
  Place place(const pugi::xml_node& node) const {
    return Place{&file_,
                 static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, node.offset_debug()))};
  }

  void add(const pugi::xml_node& outline, const std::string& url,
           const std::vector<std::string>& tags) {
    ++found_;
    if (draft_.feeds.size() >= kMaxFeeds) {
      if (draft_.feeds.size() == kMaxFeeds && !full_) {
        problems_.error(place(outline), fmt::format("more than {} feeds", kMaxFeeds));
      }
      full_ = true;
      return;
    }
    const auto good = check_url(url);
    if (!good || url_has_password(url)) {
      problems_.warning(
          place(outline),
          fmt::format("{} is left out: {}", url_has_password(url) ? "a feed" : in_quotes(url),
                      good ? "its URL holds a user or a password" : good.error().text));
      return;
    }
    FeedDraft feed;
    feed.place = place(outline);
    feed.from_opml = true;
    feed.config = like_;
    feed.config.url = url;
    feed.config.key = url;
    feed.config.name = label_of(outline);
    for (const std::string& tag : tags) add_tag(feed.config.tags, tag);
    // "/sport,/world/asia": the parts of each path are tags.
    std::string part;
    for (const char* c = outline.attribute("category").value();; ++c) {
      if (*c != ',' && *c != '/' && *c != '\0') {
        part += *c;
        continue;
      }
      if (valid_label(part)) add_tag(feed.config.tags, part);
      part.clear();
      if (*c == '\0') break;
    }
    draft_.feeds.push_back(std::move(feed));
  }

  const SourceFile& file_;
  Problems& problems_;
  const FeedConfig& like_;
  Draft& draft_;
  std::size_t found_ = 0;
  bool full_ = false;
};

}  // namespace

void read_opml(const SourceFile& file, Problems& problems, const FeedConfig& like, Draft& draft) {
  pugi::xml_document document;
  const pugi::xml_parse_result parsed =
      document.load_buffer(file.text().data(), file.text().size());
  if (!parsed) {
    const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, parsed.offset));
    problems.error(Place{&file, offset},
                   fmt::format("this OPML file is broken: {}", parsed.description()));
    return;
  }
  const pugi::xml_node body = document.child("opml").child("body");
  if (!body) {
    problems.error(Place{&file, 0}, "this is no OPML file: it has no <opml> with a <body>");
    return;
  }
  OpmlReader reader(file, problems, like, draft);
  std::vector<std::string> tags;
  reader.read(body, tags, 1);
  if (reader.found() == 0) problems.warning(Place{&file, 0}, "this OPML file lists no feeds");
}

}  // namespace wirewatch::daemon
