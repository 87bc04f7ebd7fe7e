#include <fmt/format.h>

#include "daemon/commands/command.h"
#include "feeds/parse/content_coding.h"
#include "feeds/parse/parse.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t cap = 64U << 20U;

void print_text(const feeds::ParsedFeed& feed) {
  fmt::print("{}  ({} items)\n", feed.feed.title.empty() ? "(no title)" : feed.feed.title,
             feed.items.size());
  for (const feeds::Item& item : feed.items) {
    fmt::print("{}  {}\n    {}\n",
               item.published ? to_iso8601(*item.published) : "no date             ",
               item.title.empty() ? "(no title)" : item.title, item.link);
  }
  for (const std::string& warning : feed.warnings) fmt::print(stderr, "warning: {}\n", warning);
}

int run(const CommandLine& line) {
  const std::string path = line.words().empty() ? "-" : line.words()[0];
  const auto bytes = read_input(path);
  if (!bytes) return complain("parse", bytes.error().text);
  const auto body = feeds::decode_content(*bytes, "", cap);
  if (!body) return complain("parse", fmt::format("{}: {}", path, body.error().text));
  feeds::ParseContext context;
  context.url = line.value_or("url", "");
  context.content_type = line.value_or("content-type", "");
  const auto parsed = feeds::parse_feed(body->bytes, context);
  if (!parsed) return complain("parse", fmt::format("{}: {}", path, parsed.error().text));
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
          "parse [FILE|-] [--url URL] [--content-type TYPE] [--json]",
          "show what a feed document says",
          "Reads a feed document (RSS, Atom, RDF, JSON Feed; gzip too) from a file or standard\n"
          "input and prints its items as the daemon sees them. Exits 1 when it is no feed.\n\n"
          "  curl -s https://example.org/feed.xml | wirewatch parse --url "
          "https://example.org/feed.xml -",
          {{"url", "URL", "where the document came from: the base of relative links"},
           {"content-type", "TYPE", "the Content-Type header it came with"},
           {"json", "", "neutral feed JSON"}},
          1,
          run};
}

}  // namespace wirewatch::daemon
