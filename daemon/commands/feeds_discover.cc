#include <fmt/format.h>

#include "daemon/commands/feeds_verbs.h"
#include "daemon/commands/read_document.h"
#include "daemon/loop/log.h"
#include "feeds/article/discover.h"
#include "feeds/json_writer.h"
#include "feeds/parse/parse.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t most_probes = 32;  // requests to one site at one command

struct Found {
  std::string url;
  std::string title;
  std::string format;
  std::size_t items = 0;
  std::optional<Instant> newest;
  bool comments = false;
};

std::string_view name_of(feeds::Format format) {
  switch (format) {
    case feeds::Format::rss:
      return "RSS";
    case feeds::Format::atom:
      return "Atom";
    case feeds::Format::rdf:
      return "RDF";
    case feeds::Format::json_feed:
      return "JSON Feed";
    case feeds::Format::cdf:
      return "CDF";
    case feeds::Format::sitemap:
      return "news sitemap";
    case feeds::Format::json_map:
      return "JSON";
  }
  return "feed";
}

std::optional<Found> read_feed(const ReadDocument& document) {
  feeds::ParseContext context;
  context.url = document.url;
  context.content_type = document.content_type;
  const auto parsed = feeds::parse_feed(document.bytes, context);
  if (!parsed) return std::nullopt;
  Found found;
  found.url = document.url;
  found.title = parsed->feed.title;
  found.format = name_of(parsed->format);
  found.items = parsed->items.size();
  for (const feeds::Item& item : parsed->items) {
    if (item.published && (!found.newest || *item.published > *found.newest)) {
      found.newest = item.published;
    }
  }
  return found;
}

// What the page names is asked first; guesses only when none of that is a feed.
std::vector<Found> probe(const std::vector<feeds::FeedCandidate>& candidates,
                         const Settings& settings) {
  std::vector<Found> found;
  std::size_t probes = 0;
  for (const feeds::FeedCandidate& candidate : candidates) {
    const bool guess = candidate.hint == feeds::FeedHint::guessed;
    if (probes == most_probes || (guess && !found.empty())) break;
    ++probes;
    const auto document = fetch_document(candidate.url, settings);
    if (!document) continue;
    auto feed = read_feed(*document);
    if (!feed) continue;
    const bool known = std::any_of(found.begin(), found.end(),
                                   [&](const Found& other) { return other.url == feed->url; });
    if (known) continue;
    if (feed->title.empty()) feed->title = candidate.title;
    feed->comments = candidate.comments;
    found.push_back(std::move(*feed));
  }
  return found;
}

std::string to_json(const std::string& url, bool is_feed, const std::vector<Found>& found) {
  JsonWriter json;
  json.begin_object().member("url", url).member("is_feed", is_feed).key("feeds").begin_array();
  for (const Found& feed : found) {
    json.begin_object().member("url", feed.url).member_if("title", feed.title);
    json.member("format", feed.format).member("items_count", feed.items);
    if (feed.newest) json.member("newest", to_iso8601(*feed.newest));
    json.member("comments", feed.comments).end_object();
  }
  json.end_array().end_object();
  return json.take();
}

void print_text(const std::string& url, bool is_feed, const std::vector<Found>& found) {
  if (is_feed) fmt::print("{} is a feed itself.\n", escape_for_log(url));
  for (const Found& feed : found) {
    fmt::print("{}\n    {} ({}{}, {}, {})\n", escape_for_log(feed.url),
               feed.title.empty() ? "(no title)" : escape_for_log(feed.title), feed.format,
               feed.comments ? " of comments" : "",
               feed.items == 1 ? "1 item" : fmt::format("{} items", feed.items),
               feed.newest ? "newest " + to_iso8601(*feed.newest) : "no dates");
  }
  fmt::print("\nTo watch {}, add under `feeds:` in the config:\n",
             found.size() == 1 ? "it" : "one of them");
  for (const Found& feed : found) fmt::print("  - {}\n", escape_for_log(feed.url));
}

}  // namespace

int feeds_discover(const CommandLine& line) {
  if (line.words().size() < 2) {
    return complain("feeds", "discover where? feeds discover URL", exit_misuse);
  }
  std::string url = line.words()[1];
  if (url.find("://") == std::string::npos) url = "https://" + url;
  if (!is_address(url)) {
    return complain("feeds", fmt::format("\"{}\" is no http or https address", url), exit_misuse);
  }
  const auto settings = settings_for("feeds", line);
  if (!settings) return complain("feeds", settings.error().text);
  const auto page = fetch_document(url, *settings);
  if (!page) return complain("feeds", fmt::format("{}: {}", url, page.error().text));
  std::vector<Found> found;
  const auto itself = read_feed(*page);
  if (itself) {
    found.push_back(*itself);
  } else {
    found = probe(feeds::discover_feeds(page->bytes, {page->url, page->content_type}), *settings);
  }
  if (line.has("json")) {
    fmt::print("{}\n", to_json(url, itself.has_value(), found));
    return found.empty() ? exit_wrong : exit_ok;
  }
  if (found.empty()) {
    return complain("feeds", fmt::format("{}: no feed was found on the page, nor where sites "
                                         "usually keep one",
                                         url));
  }
  print_text(url, itself.has_value(), found);
  return exit_ok;
}

}  // namespace wirewatch::daemon
