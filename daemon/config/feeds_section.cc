#include <fmt/format.h>

#include <algorithm>

#include "daemon/config/draft.h"
#include "daemon/config/units.h"
#include "feeds/ascii.h"

namespace wirewatch::daemon {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr SpanBounds kEvery{seconds(1), hours(24 * 30)};
constexpr Span kReplayGap = seconds(3);  // between items, when the config does not say
constexpr SpanBounds kReplayEvery{milliseconds(1), hours(24)};

struct FeedSource {
  std::string kind;  // "url", "replay", "opml"; empty: none
  std::string value;
};

FeedSource source_of(const Context& context, MapReader& map, std::size_t offset) {
  FeedSource source;
  for (const char* kind : {"url", "replay", "opml"}) {
    if (!map.has(kind)) continue;
    if (!source.kind.empty()) {
      map.error(kind, fmt::format("a feed has one source, not both \"{}\" and \"{}\"", source.kind,
                                  kind));
      return {};
    }
    source.kind = kind;
  }
  if (source.kind.empty()) {
    if (map.is_map()) {
      context.problems.error(Place{&context.file, offset}, "this feed has no source",
                             "write one of \"url\", \"replay\", \"opml\"");
    }
    return {};
  }
  const auto value = map.text(source.kind);
  if (!value) return {};
  source.value = *value;
  return source;
}

bool check_feed_url(const Context& context, std::size_t offset, const std::string& url) {
  const Place place{&context.file, offset};
  if (url_has_password(url)) {
    context.problems.error(place, "a feed's URL may not hold a user or a password",
                           "write `basic: {user: NAME, password_file: PATH}`");
    return false;
  }
  warn_of_variable(context, offset, "a feed's URL", url);
  const auto good = check_url(url);
  if (!good) {
    context.problems.error(place, fmt::format("{} is no URL of a feed", in_quotes(url)),
                           good.error().text);
  }
  return good.has_value();
}

// A time, or for what is polled the bounds of its own rhythm.
void read_every(const Context& context, MapReader& map, bool replay, FeedConfig& feed) {
  const ValuePtr value = map.find("every");
  if (!value || value->kind != Value::Kind::map || replay) {
    feed.every = map.span("every", replay ? kReplayEvery : kEvery);
    return;
  }
  MapReader bounds(context, *value, "\"every\"");
  feed.every_least = bounds.span("least", kEvery);
  feed.every_most = bounds.span("most", kEvery);
  bounds.finish();
  if (feed.every_least && feed.every_most && *feed.every_least > *feed.every_most) {
    bounds.error("least", "\"least\" is longer than \"most\"", "as {least: 2m, most: 1h}");
  }
}

// Null where nothing is said of it, as for most feeds.
std::shared_ptr<const FeedRequest> read_request(const Context& context, MapReader& map) {
  FeedRequest request;
  const auto agent = map.text("user_agent");
  if (agent && valid_header_value(*agent)) request.user_agent = *agent;
  if (agent && !valid_header_value(*agent)) {
    map.error("user_agent", "\"user_agent\" holds characters that no header may",
              "printable ASCII on one line");
  }
  read_headers(context, map, request.headers, &request.secret_headers);
  request.basic = read_basic(context, map);
  const auto authorization = [](const auto& header) {
    return feeds::equal_ignoring_case(header.first, "Authorization");
  };
  if (!request.basic.user.empty() &&
      std::any_of(request.secret_headers.begin(), request.secret_headers.end(), authorization)) {
    map.error("basic", "\"basic\" and the header \"Authorization\" say the same thing",
              "keep one of them");
  }
  request.proxy = read_proxy(context, map);
  const bool as_all = request.user_agent.empty() && request.headers.empty() &&
                      request.secret_headers.empty() && request.basic.user.empty() &&
                      !request.proxy;
  return as_all ? nullptr : std::make_shared<const FeedRequest>(std::move(request));
}

// Everything of an entry but its source.
FeedConfig read_common(const Context& context, MapReader& map, bool replay) {
  FeedConfig feed;
  read_every(context, map, replay, feed);
  for (Located& tag : map.texts("tags")) {
    if (!valid_label(tag.text) || feed.tags.size() >= kMaxTexts) {
      context.problems.error(Place{&context.file, tag.offset},
                             fmt::format("{} is no tag", in_quotes(tag.text)),
                             "one line of at most 200 bytes; at most 1000 tags");
      continue;
    }
    feed.tags.push_back(std::move(tag.text));
  }
  const auto article = map.choice("fetch_article", {"never", "when-short", "always"});
  if (article) feed.fetch_article = static_cast<feeds::FetchArticle>(*article);
  feed.own_request = read_request(context, map);
  const auto websub = map.choice("websub", {"auto", "never"});
  feed.websub = !websub || *websub == 0;
  return feed;
}

void read_names(const Context& context, MapReader& map, FeedDraft& draft) {
  const auto name = map.text("name");
  if (name && !valid_label(*name)) {
    map.error("name", fmt::format("{} is no name for a feed", in_quotes(*name)),
              "one line of at most 200 bytes");
  } else if (name) {
    draft.config.name = *name;
    draft.named = true;
  }
  const auto id = map.text("id");
  if (id && !valid_name(*id)) {
    map.error("id", fmt::format("{} is no id", in_quotes(*id)),
              "1 to 64 letters, digits, '-' and '_'");
  } else if (id) {
    draft.config.key = *id;
  }
  (void)context;
}

void read_feed_map(const Context& context, Sources& sources, const Value& value, Draft& draft) {
  MapReader map(context, value, "this feed");
  const FeedSource source = source_of(context, map, value.offset);
  FeedDraft feed;
  feed.place = context.at(value);
  feed.config = read_common(context, map, source.kind == "replay");
  if (source.kind != "opml") read_names(context, map, feed);
  if (source.kind == "url") feed.config.json = read_json_map(context, map);
  map.finish();
  if (source.value.empty()) return;
  const std::size_t offset = map.find(source.kind)->offset;
  if (source.kind == "url") {
    if (!check_feed_url(context, offset, source.value)) return;
    feed.config.url = source.value;
    if (feed.config.key.empty()) feed.config.key = source.value;
    draft.feeds.push_back(std::move(feed));
    return;
  }
  const auto path = expand_path(context, offset, source.value);
  if (!path) return;
  if (source.kind == "opml") {
    const auto file = sources.read(*path);
    if (file) {
      read_opml(**file, context.problems, feed.config, draft);
    } else {
      context.problems.error(Place{&context.file, offset}, file.error().text);
    }
    return;
  }
  feed.config.replay = *path;
  if (!feed.config.every) feed.config.every = kReplayGap;
  if (feed.config.key.empty()) feed.config.key = "replay:" + source.value;
  draft.feeds.push_back(std::move(feed));
}

}  // namespace

void read_feeds(const Context& context, Sources& sources, const Value& list, Draft& draft) {
  if (list.kind == Value::Kind::null) return;
  if (list.kind != Value::Kind::list) {
    context.problems.error(context.at(list),
                           fmt::format("\"feeds\" must be a list, not {}", kind_of(list)),
                           "each feed on a line of its own that begins with '- '");
    return;
  }
  for (const ValuePtr& item : list.items) {
    if (draft.feeds.size() >= kMaxFeeds) {
      context.problems.error(context.at(*item), fmt::format("more than {} feeds", kMaxFeeds));
      return;
    }
    if (item->kind == Value::Kind::map) {
      read_feed_map(context, sources, *item, draft);
      continue;
    }
    const auto url = text_of(context, *item, "a feed");
    if (!url || !check_feed_url(context, item->offset, *url)) continue;
    FeedDraft feed;
    feed.place = context.at(*item);
    feed.config.url = *url;
    feed.config.key = *url;
    draft.feeds.push_back(std::move(feed));
  }
}

}  // namespace wirewatch::daemon
