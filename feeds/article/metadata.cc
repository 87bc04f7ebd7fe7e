#include "feeds/article/metadata.h"

#include <map>

#include "feeds/article/title.h"
#include "feeds/parse/dates.h"
#include "feeds/parse/html_text.h"
#include "feeds/parse/xml_text.h"
#include "feeds/url.h"

namespace wirewatch::feeds {
namespace {

using Meta = std::map<std::string, std::string, std::less<>>;

constexpr std::size_t most_meta = 500;
constexpr std::size_t most_headings = 50;

// meta elements by name, property or itemprop; the first of a name counts. A property may list
// several names.
Meta read_meta(const PageTree& tree) {
  Meta meta;
  for (const PageNode& node : tree.nodes) {
    if (node.name != "meta" || meta.size() >= most_meta) continue;
    const std::string content = collapse_blanks(node.attribute("content"));
    if (content.empty()) continue;
    for (const std::string_view key : {"property", "name", "itemprop", "http-equiv"}) {
      std::string names = lower(node.attribute(key));
      for (std::size_t at = 0; at < names.size();) {
        const std::size_t end = std::min(names.find_first_of(" \t\r\n", at), names.size());
        if (end > at) meta.emplace(names.substr(at, end - at), content);
        at = end + 1;
      }
    }
  }
  return meta;
}

std::string first_of(const Meta& meta, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const auto found = meta.find(name);
    if (found != meta.end()) return found->second;
  }
  return {};
}

std::vector<std::string> headings_of(const PageTree& tree) {
  std::vector<std::string> headings;
  for (NodeId i = 0; i < tree.nodes.size() && headings.size() < most_headings; ++i) {
    if (tree.nodes[i].name != "h1" && tree.nodes[i].name != "h2") continue;
    headings.push_back(collapse_blanks(tree.text_of(i)));
  }
  return headings;
}

// The text or the machine-readable value of the first element with that itemprop.
std::string microdata(const PageTree& tree, std::string_view property) {
  for (NodeId i = 0; i < tree.nodes.size(); ++i) {
    const PageNode& node = tree.nodes[i];
    if (node.attribute("itemprop") != property) continue;
    for (const std::string_view key : {"content", "datetime"}) {
      if (!node.attribute(key).empty()) return std::string(node.attribute(key));
    }
    return collapse_blanks(tree.text_of(i));
  }
  return {};
}

std::string link_to(const PageTree& tree, std::string_view relation) {
  for (const PageNode& node : tree.nodes) {
    if (node.name == "link" && equal_ignoring_case(node.attribute("rel"), relation)) {
      return std::string(trim(node.attribute("href")));
    }
  }
  return {};
}

// A headline and a name that differ: the one that the page's own title repeats.
std::string stated_title(const LinkedData& linked, std::string_view page_title) {
  if (linked.headline.empty() || linked.name.empty()) return linked.headline + linked.name;
  const bool name = is_same_title(linked.name, page_title);
  return name && !is_same_title(linked.headline, page_title) ? linked.name : linked.headline;
}

std::string title_of(const PageTree& tree, const Meta& meta,
                     const std::optional<LinkedData>& linked, const std::string& site) {
  const NodeId element = tree.find("title");
  const std::vector<std::string> headings = headings_of(tree);
  std::string title = element == no_node ? std::string() : collapse_blanks(tree.text_of(element));
  title = headline_of(title, site, headings);
  if (linked) {
    const std::string stated = stated_title(*linked, title);
    if (!stated.empty()) return stated;
  }
  // Some write references twice.
  const std::string named = html_to_line(first_of(
      meta,
      {"dc:title", "dc.title", "dcterm:title", "dcterms:title", "dcterms.title", "og:title",
       "weibo:article:title", "weibo:webpage:title", "title", "twitter:title", "parsely-title"}));
  if (!named.empty()) return named;
  if (!title.empty()) return html_to_line(title);
  const std::string property = microdata(tree, "headline");
  if (!property.empty()) return property;
  return headings.empty() ? std::string() : headings.front();
}

std::string byline_of(const Meta& meta, const std::optional<LinkedData>& linked) {
  if (linked && !linked->byline.empty()) return linked->byline;
  for (const std::string_view name :
       {"dc:creator", "dc.creator", "dcterm:creator", "dcterms:creator", "author", "parsely-author",
        "article:author", "sailthru.author"}) {
    const std::string byline = html_to_line(first_of(meta, {name}));
    if (!byline.empty() && byline.find("://") == std::string::npos) return byline;
  }
  return {};
}

std::optional<Instant> date_of(const PageTree& tree, const Meta& meta,
                               const std::optional<LinkedData>& linked) {
  if (linked && linked->published) return linked->published;
  for (const std::string_view name :
       {"article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date",
        "dc.date.issued", "dcterms.issued", "dc:date", "dc.date", "dcterms:date", "dcterms.date",
        "dcterms.created", "pubdate", "publishdate", "publish-date", "date", "sailthru.date",
        "citation_publication_date"}) {
    if (const auto date = parse_date(first_of(meta, {name}))) return date;
  }
  if (const auto date = parse_date(microdata(tree, "datePublished"))) return date;
  for (const PageNode& node : tree.nodes) {
    if (node.name != "time") continue;
    if (const auto date = parse_date(node.attribute("datetime"))) return date;
  }
  return std::nullopt;
}

std::string language_of(const PageTree& tree, const Meta& meta,
                        const std::optional<LinkedData>& linked) {
  for (const std::string_view element : {"html", "body", "article"}) {
    const NodeId node = element == "html" ? 0 : tree.find(element);
    if (node == no_node) continue;
    const std::string_view language = trim(tree.nodes[node].attribute("lang"));
    if (!language.empty()) return std::string(language);
  }
  if (linked && !linked->language.empty()) return linked->language;
  std::string language =
      first_of(meta, {"content-language", "language", "og:locale", "dc.language"});
  for (char& c : language) {
    if (c == '_') c = '-';
  }
  return language;
}

}  // namespace

std::string base_url(const PageTree& tree, const std::string& page_url) {
  for (const PageNode& node : tree.nodes) {
    if (node.name != "base" || node.attribute("href").empty()) continue;
    return resolve_url(page_url, trim(node.attribute("href"))).value_or(page_url);
  }
  return page_url;
}

Article read_metadata(const PageTree& tree, const std::optional<LinkedData>& linked,
                      const PageContext& context) {
  const Meta meta = read_meta(tree);
  Article article;
  article.site = html_to_line(first_of(meta, {"og:site_name", "application-name"}));
  if (article.site.empty() && linked) article.site = linked->site;
  article.title = title_of(tree, meta, linked, article.site);
  article.byline = byline_of(meta, linked);
  article.language = language_of(tree, meta, linked);
  article.published = date_of(tree, meta, linked);
  std::string canonical = link_to(tree, "canonical");
  if (canonical.empty()) canonical = first_of(meta, {"og:url"});
  if (canonical.empty() && linked) canonical = linked->url;
  if (!canonical.empty()) {
    const auto resolved = resolve_url(base_url(tree, context.url), canonical);
    if (resolved) article.canonical_url = *resolved;
  }
  return article;
}

}  // namespace wirewatch::feeds
