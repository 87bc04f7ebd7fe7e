#include <fmt/format.h>

#include "daemon/commands/config_for.h"
#include "daemon/commands/fetch.h"
#include "daemon/loop/log.h"
#include "feeds/parse/content_coding.h"
#include "feeds/parse/parse.h"
#include "rules/diagnostic.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t cap = 64U << 20U;

struct Given {
  std::string bytes;
  std::string encoding;  // the Content-Encoding header
  feeds::ParseContext context;
};

// What a feed says must not steer a terminal.
void print_text(const feeds::ParsedFeed& feed) {
  fmt::print("{}  ({} items)\n",
             feed.feed.title.empty() ? "(no title)" : escape_for_log(feed.feed.title),
             feed.items.size());
  for (const feeds::Item& item : feed.items) {
    fmt::print(
        "{}  {}\n    {}\n", item.published ? to_iso8601(*item.published) : "no date             ",
        item.title.empty() ? "(no title)" : escape_for_log(item.title), escape_for_log(item.link));
  }
  for (const std::string& warning : feed.warnings) {
    fmt::print(stderr, "warning: {}\n", escape_for_log(warning));
  }
}

// What the command line names of the config: its network settings, and a feed of it.
struct FromConfig {
  Settings settings;
  const FeedConfig* feed = nullptr;
  std::shared_ptr<const Snapshot> snapshot;  // owns `feed`
};

Result<FromConfig> from_config(const CommandLine& line) {
  FromConfig from;
  if (!line.has("config") && !line.has("feed")) return from;
  from.snapshot = config_for("parse", line);
  if (!from.snapshot) return Error{ErrorKind::invalid, "the config is refused"};
  from.settings = from.snapshot->settings;
  if (!line.has("feed")) return from;
  const std::string wanted = line.value_or("feed", "");
  std::vector<std::string> names;
  for (const FeedConfig& feed : from.snapshot->feeds) {
    names.push_back(feed.name);
    if (feed.name == wanted || feed.key == wanted || feed.url == wanted) from.feed = &feed;
  }
  if (from.feed != nullptr) return from;
  const std::string near = rules::nearest_name(wanted, names);
  return Error{ErrorKind::not_found,
               fmt::format("the config has no feed \"{}\"{}", wanted,
                           near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near))};
}

Result<Given> fetch(const FromConfig& from, const std::string& url) {
  HttpRequest request;
  request.url = url;
  request.body_cap = from.settings.body_cap;
  request.deadline = from.settings.http_deadline;
  if (from.feed != nullptr) {
    request.headers = from.feed->request().headers;
    for (const auto& [name, secret] : from.feed->request().secret_headers) {
      auto value = read_secret(secret);
      if (!value) return value.error();
      request.headers.emplace_back(name, std::move(*value));
    }
    const std::string& own = from.feed->request().user_agent;
    const std::string& agent = own.empty() ? from.settings.user_agent : own;
    if (!agent.empty()) request.headers.emplace_back("User-Agent", agent);
  }
  feeds::Reply reply = fetch_now(std::move(request), from.settings);
  if (reply.status == 0) return Error{ErrorKind::temporary, reply.failure_text};
  if (reply.status != 200) {
    return Error{ErrorKind::refused, fmt::format("the server answers {}", reply.status)};
  }
  Given given;
  given.encoding = feeds::header(reply.headers, "content-encoding");
  given.context.url = reply.effective_url.empty() ? url : reply.effective_url;
  given.context.content_type = feeds::header(reply.headers, "content-type");
  given.bytes = std::move(reply.body);
  return given;
}

Result<Given> given_by(const FromConfig& config, const std::string& from) {
  if (from.starts_with("http://") || from.starts_with("https://")) return fetch(config, from);
  auto bytes = read_input(from);
  if (!bytes) return bytes.error();
  Given given;
  given.bytes = std::move(*bytes);
  if (config.feed != nullptr) given.context.url = config.feed->url;
  return given;
}

int run(const CommandLine& line) {
  const auto config = from_config(line);
  if (!config) return complain("parse", config.error().text);
  const bool own_address = config->feed != nullptr && !config->feed->url.empty();
  const std::string otherwise = own_address ? config->feed->url : "-";
  const std::string from = line.words().empty() ? otherwise : line.words()[0];
  auto given = given_by(*config, from);
  if (!given) return complain("parse", given.error().text);
  const auto body = feeds::decode_content(given->bytes, given->encoding, cap);
  if (!body) return complain("parse", fmt::format("{}: {}", from, body.error().text));
  feeds::ParseContext& context = given->context;
  context.url = line.value_or("url", context.url);
  context.content_type = line.value_or("content-type", context.content_type);
  if (config->feed != nullptr) context.json_map = config->feed->json;
  const auto parsed = feeds::parse_feed(body->bytes, context);
  if (!parsed) return complain("parse", fmt::format("{}: {}", from, parsed.error().text));
  if (line.has("json")) {
    fmt::print("{}\n", feeds::to_json(*parsed));
  } else {
    print_text(*parsed);
  }
  return exit_ok;
}

}  // namespace

Command parse_command() {
  return {
      "parse",
      "parse [FILE|URL|-] [--feed NAME] [--url URL] [--content-type TYPE] [--json]",
      "show what a feed document says",
      "Reads a feed document (RSS, Atom, RDF, CDF, JSON Feed, a sitemap; gzip too) from a file,\n"
      "an address or standard input and prints its items as the daemon sees them. With --feed,\n"
      "a feed of the config: its address unless a file is named, its headers, and its `json`\n"
      "map, to try one out. Exits 1 when it is no feed.\n\n"
      "  wirewatch parse https://example.org/feed.xml\n"
      "  wirewatch parse --config wirewatch.yaml --feed \"An API\" saved.json",
      {{"config", "FILE", "a config whose network settings hold for an address"},
       {"feed", "NAME", "read it as this feed of the config, by name, id or URL"},
       {"url", "URL", "where the document came from: the base of relative links"},
       {"content-type", "TYPE", "the Content-Type header it came with"},
       {"json", "", "neutral feed JSON"}},
      1,
      run};
}

}  // namespace wirewatch::daemon
