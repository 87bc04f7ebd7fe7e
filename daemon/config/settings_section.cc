#include <fmt/format.h>

#include "daemon/config/draft.h"
#include "daemon/config/units.h"

namespace wirewatch::daemon {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr SpanBounds kTimeout{seconds(1), minutes(10)};
constexpr SpanBounds kWindow{hours(1), hours(24 * 90)};
constexpr SpanBounds kArchiveAge{hours(1), hours(24 * 3650)};
constexpr SpanBounds kStopWithin{milliseconds(100), minutes(5)};
constexpr SpanBounds kHeartbeat{seconds(10), hours(24)};
constexpr CountBounds kConnections{1, 10000};
constexpr CountBounds kConnectionsPerHost{1, 100};
constexpr SpanBounds kSpacing{seconds(0), hours(1)};
constexpr CountBounds kPolls{1, 1'000'000'000};
constexpr CountBounds kBody{1U << 10U, 256U << 20U};
constexpr CountBounds kDocuments{1000, 2000000};
constexpr CountBounds kStoryMemory{16U << 20U, 1ULL << 36U};
constexpr CountBounds kArchiveSize{1U << 20U, 1ULL << 44U};
constexpr CountBounds kPool{1, 64};
constexpr SpanBounds kArticleTimeout{seconds(1), minutes(10)};
constexpr CountBounds kShortWords{1, 5000};
constexpr CountBounds kArticleBody{1U << 10U, 64U << 20U};
constexpr CountBounds kArticlesAtOnce{1, 1000};
constexpr CountBounds kArticlesPerHost{1, 100};

void read_network(const Context& context, const Value& value, Settings& settings) {
  MapReader map(context, value, "\"network\"");
  settings.network.allow = read_networks(context, map, "allow");
  map.finish();
}

void read_http(const Context& context, Sources& sources, const Value& value, Settings& settings) {
  MapReader map(context, value, "\"http\"");
  const auto agent = map.text("user_agent");
  if (agent && !valid_header_value(*agent)) {
    map.error("user_agent", "\"user_agent\" holds characters that no header may",
              "printable ASCII on one line");
  } else if (agent) {
    settings.user_agent = *agent;
  }
  settings.proxy = read_proxy(context, map).value_or(ProxyConfig{});
  settings.trust = read_authorities(context, sources, map);
  settings.http_deadline = map.span("timeout", kTimeout).value_or(settings.http_deadline);
  settings.http.connections =
      map.count("connections", kConnections).value_or(settings.http.connections);
  settings.http.connections_per_host = map.count("connections_per_host", kConnectionsPerHost)
                                           .value_or(settings.http.connections_per_host);
  settings.http.spacing = map.span("spacing", kSpacing).value_or(settings.http.spacing);
  map.finish();
}

void read_polling(const Context& context, const Value& value, Settings& settings) {
  MapReader map(context, value, "\"polling\"");
  const auto per_hour = map.count("per_hour", kPolls);
  const auto per_day = map.count("per_day", kPolls);
  if (map.has("per_hour") && map.has("per_day")) {
    map.error("per_day", "\"polling\" has both \"per_hour\" and \"per_day\"", "write one of them");
  } else if (per_hour) {
    settings.polling = {*per_hour, hours(1)};
  } else if (per_day) {
    settings.polling = {*per_day, hours(24)};
  }
  map.finish();
}

void read_limits(const Context& context, const Value& value, Settings& settings) {
  MapReader map(context, value, "\"limits\"");
  settings.body_cap = map.size("body", kBody).value_or(settings.body_cap);
  map.finish();
}

void read_article(const Context& context, const Value& value, Settings& settings) {
  MapReader map(context, value, "\"article\"");
  ArticleSettings& article = settings.article;
  article.timeout = map.span("timeout", kArticleTimeout).value_or(article.timeout);
  article.short_words = map.count("short", kShortWords).value_or(article.short_words);
  article.body_cap = map.size("body", kArticleBody).value_or(article.body_cap);
  article.at_once = map.count("at_once", kArticlesAtOnce).value_or(article.at_once);
  article.per_host = map.count("per_host", kArticlesPerHost).value_or(article.per_host);
  map.finish();
}

void read_stories(const Context& context, const Value& value, Settings& settings) {
  MapReader map(context, value, "\"stories\"");
  settings.stories.window = map.span("window", kWindow).value_or(settings.stories.window);
  settings.stories.documents =
      map.count("documents", kDocuments).value_or(settings.stories.documents);
  settings.stories.bytes = map.size("memory", kStoryMemory).value_or(settings.stories.bytes);
  map.finish();
}

void read_archive(const Context& context, const Value& value, Settings& settings) {
  MapReader map(context, value, "\"archive\"");
  settings.archive.max_age = map.span("max_age", kArchiveAge).value_or(settings.archive.max_age);
  settings.archive.max_bytes =
      map.size("max_size", kArchiveSize).value_or(settings.archive.max_bytes);
  map.finish();
}

void read_heartbeat(const Context& context, const Value& value, Settings& settings) {
  MapReader map(context, value, "\"heartbeat\"");
  settings.heartbeat.url = read_secret_ref(context, map, "url", true, "the heartbeat's URL");
  settings.heartbeat.every = map.span("every", kHeartbeat).value_or(minutes(5));
  settings.heartbeat.allow = read_networks(context, map, "allow");
  if (settings.heartbeat.url.from == SecretRef::From::none) {
    settings.heartbeat.every = Span::zero();
    if (map.is_map()) {
      map.error("url", "the heartbeat has no URL", "write \"url\", \"url_file\" or \"url_env\"");
    }
  }
  map.finish();
}

using Section = void (*)(const Context&, const Value&, Settings&);

void read_section(const Context& context, MapReader& map, const char* key, Section section,
                  Settings& settings) {
  const ValuePtr value = map.find(key);
  if (value) section(context, *value, settings);
}

void read_places(const Context& context, MapReader& map, Settings& settings) {
  const auto state = map.text("state");
  if (state) {
    const auto path = expand_path(context, map.find("state")->offset, *state);
    if (path) settings.state_folder = *path;
  }
  const auto listen = map.text("listen");
  if (listen && *listen != "off" && !valid_listen(*listen)) {
    map.error("listen", fmt::format("{} is no address to listen on", in_quotes(*listen)),
              "an IP address and a port, as 127.0.0.1:8420 or [::1]:8420, or off");
  } else if (listen) {
    settings.listen = *listen;
  }
  const auto url = map.text("public_url");
  if (url) {
    const auto good = check_url(*url);
    if (!good || url_has_password(*url)) {
      map.error("public_url", "this is no URL for \"public_url\"",
                good ? "it may not hold a user or a password" : good.error().text);
    } else {
      settings.public_url = *url;
      while (settings.public_url.back() == '/') settings.public_url.pop_back();
    }
  }
}

}  // namespace

void read_settings(const Context& context, Sources& sources, MapReader& map, Settings& settings) {
  read_places(context, map, settings);
  read_websub(context, map, settings);
  const auto zone = map.text("time_zone");
  if (zone && !valid_time_zone(*zone)) {
    const std::string near = nearest_time_zone(*zone);
    map.error("time_zone", fmt::format("{} is no time zone", in_quotes(*zone)),
              near.empty() ? "an IANA name, as Asia/Baghdad or UTC"
                           : fmt::format("did you mean \"{}\"?", near));
  } else if (zone) {
    settings.time_zone = *zone;
  }
  const std::vector<std::string> levels = {"debug", "info", "warn", "error"};
  const auto level = map.choice("log", levels);
  if (level) settings.log_level = levels[*level];
  read_section(context, map, "network", read_network, settings);
  if (const ValuePtr http = map.find("http")) read_http(context, sources, *http, settings);
  read_section(context, map, "polling", read_polling, settings);
  read_section(context, map, "limits", read_limits, settings);
  read_section(context, map, "article", read_article, settings);
  read_section(context, map, "stories", read_stories, settings);
  read_section(context, map, "archive", read_archive, settings);
  read_section(context, map, "heartbeat", read_heartbeat, settings);
  settings.stop_within = map.span("stop_within", kStopWithin).value_or(settings.stop_within);
  settings.pool_threads = map.count("pool", kPool).value_or(settings.pool_threads);
}

}  // namespace wirewatch::daemon
