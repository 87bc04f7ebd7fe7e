// Web linking (RFC 8288, 3) as far as hubs need it: who the hub is, and what the feed calls itself.
#include <algorithm>
#include <vector>

#include "feeds/ascii.h"
#include "feeds/poll/websub.h"
#include "feeds/url.h"

namespace wirewatch::feeds {
namespace {

constexpr std::size_t kMostLinks = 64;  // of all Link headers together

struct Link {
  std::string_view target;
  std::string rel;  // of the first "rel" only (RFC 8288, 3.3)
};

// Reads one header's value from the front; stops at what it cannot read.
class LinkReader {
 public:
  explicit LinkReader(std::string_view text) : text_(text) {}

  bool next(Link& link) {
    skip(" \t,");
    if (!take('<')) return false;
    const auto end = text_.find('>');
    if (end == text_.npos) return false;
    link = Link{text_.substr(0, end), {}};
    text_.remove_prefix(end + 1);
    bool has_rel = false;
    for (skip(" \t"); take(';'); skip(" \t")) {
      skip(" \t");
      const std::string name = word();
      skip(" \t");
      std::string value;
      if (take('=')) {
        skip(" \t");
        value = take('"') ? quoted() : word();
      }
      if (!has_rel && equal_ignoring_case(name, "rel")) {
        has_rel = true;
        link.rel = std::move(value);
      }
    }
    return true;
  }

 private:
  void skip(std::string_view blanks) {
    text_.remove_prefix(std::min(text_.find_first_not_of(blanks), text_.size()));
  }
  bool take(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  std::string word() {
    const std::size_t end = std::min(text_.find_first_of(" \t;,=\""), text_.size());
    std::string value(text_.substr(0, end));
    text_.remove_prefix(end);
    return value;
  }
  std::string quoted() {
    std::string value;
    while (!text_.empty() && !take('"')) {
      if (text_.front() == '\\' && text_.size() > 1) text_.remove_prefix(1);
      value += text_.front();
      text_.remove_prefix(1);
    }
    return value;
  }

  std::string_view text_;
};

bool has_relation(std::string_view rel, std::string_view wanted) {
  while (!rel.empty()) {
    const std::size_t end = std::min(rel.find_first_of(" \t"), rel.size());
    if (equal_ignoring_case(rel.substr(0, end), wanted)) return true;
    rel.remove_prefix(std::min(end + 1, rel.size()));
  }
  return false;
}

std::string absolute(const std::string& base, std::string_view link) {
  return link.empty() ? std::string() : resolve_url(base, link).value_or(std::string());
}

}  // namespace

HubLinks hub_links(const Headers& headers, std::string_view hub, std::string_view self,
                   const std::string& url) {
  HubLinks found;
  std::size_t seen = 0;
  for (const auto& [name, value] : headers) {
    if (!equal_ignoring_case(name, "Link")) continue;
    LinkReader reader(value);
    Link link;
    while (seen < kMostLinks && reader.next(link)) {
      ++seen;
      if (found.hub.empty() && has_relation(link.rel, "hub"))
        found.hub = absolute(url, link.target);
      if (found.topic.empty() && has_relation(link.rel, "self")) {
        found.topic = absolute(url, link.target);
      }
    }
  }
  if (found.hub.empty()) found.hub = absolute(url, hub);
  if (found.hub.empty()) return {};
  if (found.topic.empty()) found.topic = absolute(url, self);
  if (found.topic.empty()) found.topic = url;
  return found;
}

}  // namespace wirewatch::feeds
