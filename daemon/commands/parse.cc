#include <fmt/format.h>

#include "daemon/commands/config_for.h"
#include "daemon/commands/print.h"
#include "daemon/commands/read_document.h"
#include "daemon/loop/log.h"
#include "feeds/parse/parse.h"
#include "rules/diagnostic.h"

namespace wirewatch::daemon {
namespace {

// What a feed says must not steer a terminal.
void print_text(const feeds::ParsedFeed& feed) {
  fmt::print("{}  ({})\n", feed.feed.title.empty() ? "(no title)" : escape_for_log(feed.feed.title),
             counted(std::to_string(feed.items.size()), "item"));
  for (const feeds::Item& item : feed.items) {
    fmt::print("{}  {}\n", item.published ? to_iso8601(*item.published) : "no date             ",
               item.title.empty() ? "(no title)" : escape_for_log(item.title));
    if (!item.link.empty()) fmt::print("    {}\n", escape_for_log(item.link));
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

Result<ReadDocument> given_by(const FromConfig& config, const std::string& from) {
  if (is_address(from)) return fetch_document(from, config.settings, config.feed);
  auto document = read_file_document(from);
  if (document && config.feed != nullptr) document->url = config.feed->url;
  return document;
}

int run(const CommandLine& line) {
  const auto config = from_config(line);
  if (!config) return complain("parse", config.error().text);
  const bool own_address = config->feed != nullptr && !config->feed->url.empty();
  const std::string otherwise = own_address ? config->feed->url : "-";
  const std::string from = line.words().empty() ? otherwise : line.words()[0];
  const auto given = given_by(*config, from);
  if (!given) return complain("parse", given.error().text);
  feeds::ParseContext context;
  context.url = line.value_or("url", given->url);
  context.content_type = line.value_or("content-type", given->content_type);
  if (config->feed != nullptr) context.json_map = config->feed->json;
  const auto parsed = feeds::parse_feed(given->bytes, context);
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
