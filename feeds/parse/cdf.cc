#include "feeds/parse/cdf.h"

#include <charconv>

#include "feeds/parse/dates.h"
#include "feeds/parse/person.h"
#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

class CdfReader {
 public:
  CdfReader(const XmlSource& source, XmlFields& fields)
      : source_(source), tree_(source.tree), item_(fields.item), fields_(fields) {}
  void read(std::uint32_t node);

 private:
  void take(std::uint32_t child);
  void take_schedule(std::uint32_t schedule);
  // Against the nearest BASE, which stands on a CHANNEL.
  std::string resolve(std::uint32_t node, const std::string& reference);
  std::int64_t number(std::uint32_t node, std::string_view name);

  const XmlSource& source_;
  XmlTree& tree_;
  Item& item_;
  XmlFields& fields_;
};

std::int64_t CdfReader::number(std::uint32_t node, std::string_view name) {
  const std::string text = tree_.attribute(node, name);
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr std::int64_t kMost = 10'000;
  return value < 0 || value > kMost ? 0 : value;
}

std::string CdfReader::resolve(std::uint32_t node, const std::string& reference) {
  for (std::uint32_t at = node;; at = tree_.nodes[at].parent) {
    const bool readable = tree_.raw_attribute(at, "base").size() <= kLongestBase;
    const std::string base = readable ? tree_.attribute(at, "base") : std::string();
    if (!base.empty() && base.size() <= kLongestBase) {
      const std::string absolute = source_.resolve(at, base);
      return XmlSource{tree_, absolute}.resolve(node, reference);
    }
    if (tree_.nodes[at].parent == at) return source_.resolve(node, reference);
  }
}

void CdfReader::take_schedule(std::uint32_t schedule) {
  tree_.each_child(schedule, [&](std::uint32_t child) {
    if (!equal_ignoring_case(tree_.nodes[child].local, "intervaltime")) return;
    const Span every = std::chrono::days(number(child, "day")) +
                       std::chrono::hours(number(child, "hour")) +
                       std::chrono::minutes(number(child, "min"));
    if (every > Span{} && !fields_.ttl) fields_.ttl = every;
  });
}

void CdfReader::take(std::uint32_t child) {
  const std::string name = lower(tree_.nodes[child].local.substr(0, 40));
  if (name == "schedule") return take_schedule(child);
  if (name == "a" || name == "self") {
    const std::string href = tree_.attribute(child, "href");
    if (href.empty()) return;
    std::string url = resolve(child, href);
    if (name == "self") {
      fields_.self = std::move(url);
    } else if (item_.link.empty()) {
      item_.link = std::move(url);
    }
    return;
  }
  const std::string value = tree_.attribute(child, "value");
  if (value.empty()) return;
  if (name == "title" && item_.title.empty()) item_.title = collapse_blanks(value);
  if (name == "abstract" && item_.summary.empty()) item_.summary = escape_markup(value);
  if (name == "author" && item_.authors.empty()) item_.authors.push_back(parse_person(value));
  if (name == "lastmod" && !item_.updated) item_.updated = parse_date(value);
  if (name == "publicationdate" && !item_.published) item_.published = parse_date(value);
  const bool category = name == "category" || name == "keywords";
  if (category && item_.categories.size() < 500) item_.categories.push_back(value);
}

void CdfReader::read(std::uint32_t node) {
  const std::string href = tree_.attribute(node, "href");
  if (!href.empty()) item_.link = resolve(node, href);
  const auto changed = parse_date(tree_.attribute(node, "lastmod"));
  if (changed) item_.updated = changed;
  tree_.each_child(node, [&](std::uint32_t child) { take(child); });
}

}  // namespace

void add_cdf_fields(const XmlSource& source, std::uint32_t node, XmlFields& fields) {
  CdfReader(source, fields).read(node);
}

}  // namespace wirewatch::feeds
