#include <fmt/format.h>

#include "daemon/commands/config_for.h"
#include "daemon/commands/fetch.h"
#include "daemon/loop/log.h"
#include "feeds/parse/content_coding.h"
#include "feeds/parse/parse.h"

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

Result<Given> fetch(const CommandLine& line, const std::string& url) {
  Settings settings;
  if (line.has("config")) {
    const auto snapshot = config_for("parse", line);
    if (!snapshot) return Error{ErrorKind::invalid, "the config is refused"};
    settings = snapshot->settings;
  }
  HttpRequest request;
  request.url = url;
  feeds::Reply reply = fetch_now(std::move(request), settings);
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

Result<Given> given_by(const CommandLine& line, const std::string& from) {
  if (from.starts_with("http://") || from.starts_with("https://")) return fetch(line, from);
  auto bytes = read_input(from);
  if (!bytes) return bytes.error();
  Given given;
  given.bytes = std::move(*bytes);
  return given;
}

int run(const CommandLine& line) {
  const std::string from = line.words().empty() ? "-" : line.words()[0];
  auto given = given_by(line, from);
  if (!given) return complain("parse", given.error().text);
  const auto body = feeds::decode_content(given->bytes, given->encoding, cap);
  if (!body) return complain("parse", fmt::format("{}: {}", from, body.error().text));
  feeds::ParseContext& context = given->context;
  context.url = line.value_or("url", context.url);
  context.content_type = line.value_or("content-type", context.content_type);
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
