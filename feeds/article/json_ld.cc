#include "feeds/article/json_ld.h"

#include <simdjson.h>

#include <algorithm>

#include "feeds/parse/dates.h"
#include "feeds/parse/html_text.h"
#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t largest_script = 4U << 20U;
constexpr std::size_t most_authors = 20;
constexpr std::size_t most_nodes = 500;  // looked at for an article

// schema.org's kinds of Article and what stands for one.
constexpr std::string_view article_kinds[] = {"AdvertiserContentArticle",
                                              "AnalysisNewsArticle",
                                              "Article",
                                              "AskPublicNewsArticle",
                                              "BackgroundNewsArticle",
                                              "BlogPosting",
                                              "LiveBlogPosting",
                                              "NewsArticle",
                                              "OpinionNewsArticle",
                                              "Report",
                                              "ReportageNewsArticle",
                                              "ReviewNewsArticle",
                                              "SatiricalArticle",
                                              "ScholarlyArticle",
                                              "SocialMediaPosting",
                                              "TechArticle"};

bool is_article_kind(std::string_view type) {
  const std::size_t slash = type.rfind('/');
  if (slash != std::string_view::npos) type.remove_prefix(slash + 1);
  return std::find(std::begin(article_kinds), std::end(article_kinds), type) !=
         std::end(article_kinds);
}

bool is_article(const element& node) {
  element type;
  if (node["@type"].get(type) != simdjson::SUCCESS) return false;
  std::string_view name;
  if (type.get(name) == simdjson::SUCCESS) return is_article_kind(name);
  array list;
  if (type.get(list) != simdjson::SUCCESS) return false;
  for (const element one : list) {
    if (one.get(name) == simdjson::SUCCESS && is_article_kind(name)) return true;
  }
  return false;
}

std::string text_at(const element& node, std::string_view key) {
  std::string_view text;
  if (node[key].get(text) != simdjson::SUCCESS) return {};
  return std::string(trim(text));
}

// Person, Organization, a plain name, or a list of these; never an address.
std::string names_of(const element& node) {
  std::string_view plain;
  if (node.get(plain) == simdjson::SUCCESS) {
    const std::string name = html_to_line(plain);
    return name.find("://") == std::string::npos ? name : std::string();
  }
  if (node.is_object()) {
    element name;
    if (node["name"].get(name) != simdjson::SUCCESS || name.is_object()) return {};
    return names_of(name);
  }
  array list;
  if (node.get(list) != simdjson::SUCCESS) return {};
  std::string names;
  std::size_t count = 0;
  for (const element one : list) {
    if (one.is_array() || ++count > most_authors) continue;
    const std::string name = names_of(one);
    if (name.empty() || names.find(name) != std::string::npos) continue;
    if (!names.empty()) names += ", ";
    names += name;
  }
  return names;
}

std::string names_at(const element& node, std::string_view key) {
  element value;
  return node[key].get(value) == simdjson::SUCCESS ? names_of(value) : std::string();
}

LinkedData read_article(const element& node) {
  LinkedData data;
  data.headline = html_to_line(text_at(node, "headline"));
  data.name = html_to_line(text_at(node, "name"));
  data.byline = names_at(node, "author");
  if (data.byline.empty()) data.byline = names_at(node, "creator");
  data.site = names_at(node, "publisher");
  data.language = text_at(node, "inLanguage");
  data.url = text_at(node, "url");
  data.body = text_at(node, "articleBody");
  data.published = parse_date(text_at(node, "datePublished"));
  if (!data.published) data.published = parse_date(text_at(node, "dateCreated"));
  return data;
}

// Articles stand at the top, in a list, in @graph, or as the page's main entity.
std::optional<LinkedData> find_article(const element& root) {
  std::vector<element> open = {root};
  for (std::size_t i = 0; i < open.size() && i < most_nodes; ++i) {
    const element node = open[i];
    array list;
    if (node.get(list) == simdjson::SUCCESS) {
      for (const element one : list) {
        if (open.size() < most_nodes) open.push_back(one);
      }
      continue;
    }
    if (!node.is_object()) continue;
    if (is_article(node)) return read_article(node);
    for (const std::string_view key : {"@graph", "mainEntity"}) {
      element inner;
      if (node[key].get(inner) == simdjson::SUCCESS) open.push_back(inner);
    }
  }
  return std::nullopt;
}

// Raw line breaks and tabs inside strings: common, and forbidden by JSON.
std::string without_controls(std::string_view json) {
  std::string tidy(json);
  std::replace_if(
      tidy.begin(), tidy.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return tidy;
}

// Some wrap scripts for XML or for browsers of 1996: only what is between the brackets counts.
std::string_view bare_json(std::string_view script) {
  const std::size_t begin = script.find_first_of("{[");
  if (begin == std::string_view::npos) return {};
  const std::string_view wrapping = script.substr(0, begin);
  const bool cdata = wrapping.find("<!") != std::string_view::npos;
  std::string_view json = script.substr(begin);
  if (cdata && json.starts_with("[CDATA[")) {
    json.remove_prefix(std::min(json.find_first_of("{[", 7), json.size()));
  }
  const std::size_t end = json.find_last_of("}]");
  json = json.substr(0, end == std::string_view::npos ? 0 : end + 1);
  while (cdata && json.ends_with("]]")) json.remove_suffix(2);
  if (cdata) json = json.substr(0, json.find_last_of("}") + 1);
  return json;
}

}  // namespace

std::optional<LinkedData> read_json_ld(const std::vector<std::string_view>& scripts) {
  simdjson::dom::parser parser;
  for (const std::string_view script : scripts) {
    if (script.size() > largest_script) continue;
    const std::string json = without_controls(bare_json(script));
    element root;
    if (parser.parse(json).get(root) != simdjson::SUCCESS) continue;
    if (auto article = find_article(root)) return article;
  }
  return std::nullopt;
}

}  // namespace wirewatch::feeds
