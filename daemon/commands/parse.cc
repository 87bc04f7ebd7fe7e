#include <fmt/format.h>

#include "daemon/commands/read_document.h"
#include "daemon/loop/log.h"
#include "feeds/parse/parse.h"

namespace wirewatch::daemon {
namespace {

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

int run(const CommandLine& line) {
  const std::string from = line.words().empty() ? "-" : line.words()[0];
  auto document = read_document("parse", line, from);
  if (!document) return complain("parse", document.error().text);
  feeds::ParseContext context;
  context.url = std::move(document->url);
  context.content_type = std::move(document->content_type);
  const auto parsed = feeds::parse_feed(document->bytes, context);
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
  return {"parse",
          "parse [FILE|URL|-] [--url URL] [--content-type TYPE] [--json]",
          "show what a feed document says",
          "Reads a feed document (RSS, Atom, RDF, JSON Feed; gzip too) from a file, an address or\n"
          "standard input and prints its items as the daemon sees them. Exits 1 when it is no "
          "feed.\n\n"
          "  wirewatch parse https://example.org/feed.xml",
          {{"config", "FILE", "a config whose network settings hold for an address"},
           {"url", "URL", "where the document came from: the base of relative links"},
           {"content-type", "TYPE", "the Content-Type header it came with"},
           {"json", "", "neutral feed JSON"}},
          1,
          run};
}

}  // namespace wirewatch::daemon
