#include "feeds/article/discover.h"

#include <algorithm>
#include <unordered_set>

#include "feeds/article/feed_guesses.h"
#include "feeds/article/page_type.h"
#include "feeds/parse/charset.h"
#include "feeds/parse/html_text.h"
#include "feeds/parse/xml_cursor.h"
#include "feeds/parse/xml_text.h"
#include "feeds/url.h"

namespace wirewatch::feeds {
namespace {

constexpr std::size_t most_of_a_kind = 20;
constexpr std::size_t most_looked_at = 200;  // of a kind, before ranking
constexpr std::size_t most_links = 5000;     // of the page; the others are not looked at
constexpr std::size_t longest_title = 200;
constexpr std::size_t longest_address = 2000;

constexpr std::string_view feed_types[] = {
    "application/rss+xml",   "application/atom+xml", "application/feed+json", "application/rdf+xml",
    "application/x-rss+xml", "text/rss+xml",         "text/atom+xml"};
// Said of feeds, and of much else: believed beside rel="alternate" only when the address agrees.
constexpr std::string_view vague_types[] = {"application/xml", "text/xml", "application/json"};

template <std::size_t n>
bool is_in(std::string_view word, const std::string_view (&list)[n]) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

bool has_word(std::string_view list, std::string_view wanted) {
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find_first_of(" \t\r\n", at), list.size());
    if (equal_ignoring_case(list.substr(at, end - at), wanted)) return true;
    at = end + 1;
  }
  return false;
}

// "/feed/", "/rss.xml", "feeds.example.org", "?feed=rss2", "?format=atom".
bool looks_like_feed(std::string_view url) {
  const std::string small = lower(url);
  const std::size_t host_begin = small.find("://") + 3;
  const std::size_t path_begin = std::min(small.find('/', host_begin), small.size());
  const std::string host = small.substr(host_begin, path_begin - host_begin);
  if (host.starts_with("feeds.") || host.starts_with("rss.") || host.starts_with("feed.")) {
    return path_begin + 1 < small.size();
  }
  const std::size_t query_begin = std::min(small.find('?', path_begin), small.size());
  const std::string path = small.substr(path_begin, query_begin - path_begin);
  const std::string query = small.substr(query_begin);
  for (const std::string_view end :
       {".rss", ".atom", ".rdf", "/feed", "/feed/", "/rss", "/rss/", "/atom", "/atom/", "/feed.xml",
        "/feed.json", "/index.xml", "/rss.xml", "/atom.xml", "/feeds/posts/default"}) {
    if (path.ends_with(end)) return true;
  }
  for (const std::string_view part : {"/rss/", "/feeds/", "/rssfeed", "/rss-feed"}) {
    if (path.find(part) != std::string::npos) return true;
  }
  for (const std::string_view part :
       {"feed=", "format=rss", "format=atom", "format=feed", "type=rss", "output=rss", "alt=rss"}) {
    if (query.find(part) != std::string::npos) return true;
  }
  return false;
}

struct Tag {
  std::string href, rel, type, title, name, content;
};

Tag read_tag(std::string_view text) {
  Tag tag;
  AttributeCursor attributes(text);
  std::string_view name;
  std::string_view value;
  while (attributes.next(name, value)) {
    const std::string key = name.size() > 10 ? std::string() : lower(name);
    std::string* const place = key == "href"      ? &tag.href
                               : key == "rel"     ? &tag.rel
                               : key == "type"    ? &tag.type
                               : key == "title"   ? &tag.title
                               : key == "name"    ? &tag.name
                               : key == "content" ? &tag.content
                                                  : nullptr;
    if (place == nullptr || !place->empty()) continue;
    *place = collapse_blanks(decode_html_references(utf8_prefix(value, longest_address)));
  }
  return tag;
}

class Discoverer {
 public:
  explicit Discoverer(const PageContext& context) : base_(context.url), page_(context.url) {}
  std::vector<FeedCandidate> run(std::string_view html);

 private:
  void start(const Tag& tag, std::string_view element, std::string_view behind);
  void link(const Tag& tag);
  void add(std::vector<FeedCandidate>& to, const std::string& url, std::string title,
           FeedHint hint);

  std::string base_;
  std::string page_;
  std::string generator_;
  bool base_seen_ = false;
  std::size_t links_ = 0;
  std::vector<FeedCandidate> stated_;
  std::vector<FeedCandidate> linked_;
  std::unordered_set<std::string> seen_;
};

void Discoverer::add(std::vector<FeedCandidate>& to, const std::string& url, std::string title,
                     FeedHint hint) {
  if (to.size() >= most_looked_at || !seen_.insert(url).second) return;
  title = std::string(utf8_prefix(title, longest_title));
  const bool comments = lower(url).find("comment") != std::string::npos ||
                        lower(title).find("comment") != std::string::npos;
  to.push_back({url, std::move(title), hint, comments});
}

void Discoverer::link(const Tag& tag) {
  const auto url = resolve_url(base_, tag.href);
  if (!url) return;
  const std::string type = lower(trim(tag.type.substr(0, tag.type.find(';'))));
  const bool alternate = has_word(tag.rel, "alternate");
  const bool feed_type =
      is_in(type, feed_types) || (is_in(type, vague_types) && looks_like_feed(*url));
  if ((alternate && feed_type) || has_word(tag.rel, "feed")) {
    add(stated_, *url, tag.title, FeedHint::stated);
  }
}

// `behind` is the text that follows the tag: what a link is called.
void Discoverer::start(const Tag& tag, std::string_view element, std::string_view behind) {
  if (equal_ignoring_case(element, "meta")) {
    if (equal_ignoring_case(tag.name, "generator")) generator_ = tag.content;
    return;
  }
  if (tag.href.empty() || ++links_ > most_links) return;
  if (equal_ignoring_case(element, "base") && !base_seen_) {
    base_seen_ = true;
    base_ = resolve_url(page_, tag.href).value_or(page_);
  }
  if (equal_ignoring_case(element, "link")) link(tag);
  if (!equal_ignoring_case(element, "a")) return;
  const auto url = resolve_url(base_, tag.href);
  if (!url) return;
  if (has_word(tag.rel, "feed") || is_in(lower(tag.type), feed_types) || looks_like_feed(*url)) {
    std::string title =
        tag.title.empty() ? collapse_blanks(decode_html_references(behind)) : tag.title;
    add(linked_, *url, std::move(title), FeedHint::linked);
  }
}

void append_ranked(std::vector<FeedCandidate>& all, std::vector<FeedCandidate> some) {
  std::stable_partition(some.begin(), some.end(),
                        [](const FeedCandidate& one) { return !one.comments; });
  if (some.size() > most_of_a_kind) some.resize(most_of_a_kind);
  for (FeedCandidate& one : some) all.push_back(std::move(one));
}

std::vector<FeedCandidate> Discoverer::run(std::string_view html) {
  MarkupCursor cursor(html);
  MarkupToken token = cursor.next();
  while (token.kind != MarkupToken::Kind::finished) {
    const MarkupToken behind = cursor.next();
    if (token.kind == MarkupToken::Kind::start) {
      // To HTML, unlike XML, the slash of <a href=/b/> belongs to the address.
      if (token.empty_element) token.text = {token.text.data(), token.text.size() + 1};
      const bool text = behind.kind == MarkupToken::Kind::text;
      start(read_tag(token.text), token.name,
            text ? utf8_prefix(behind.text, longest_title) : std::string_view());
    }
    token = behind;
  }
  std::vector<FeedCandidate> all;
  append_ranked(all, std::move(stated_));
  append_ranked(all, std::move(linked_));
  for (const std::string& url : guess_feeds(page_, generator_)) {
    if (seen_.insert(url).second) all.push_back({url, "", FeedHint::guessed, false});
  }
  return all;
}

}  // namespace

std::vector<FeedCandidate> discover_feeds(std::string_view page, const PageContext& context) {
  const std::string html = to_utf8(page, declared_type(page, context.content_type)).text;
  return Discoverer(context).run(html);
}

}  // namespace wirewatch::feeds
