#include <fmt/format.h>

#include "daemon/commands/command.h"
#include "daemon/commands/read_document.h"
#include "daemon/loop/log.h"
#include "feeds/article/extract.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

std::string to_json(const feeds::Article& article) {
  JsonWriter json;
  json.begin_object();
  json.member_if("title", article.title);
  json.member_if("byline", article.byline);
  if (article.published) json.member("published", to_iso8601(*article.published));
  json.member_if("language", article.language);
  json.member_if("site", article.site);
  json.member_if("canonical", article.canonical_url);
  json.member("text", article.text).end_object();
  return json.take();
}

// What a page says must not steer a terminal: line by line, for line breaks are the text's own.
void print_lines(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    fmt::print("{}\n", escape_for_log(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void print_text(const feeds::Article& article) {
  const auto print_field = [](std::string_view name, std::string_view value) {
    if (!value.empty()) fmt::print("{:<10} {}\n", name, escape_for_log(value));
  };
  print_field("title", article.title);
  print_field("byline", article.byline);
  print_field("published", article.published ? to_iso8601(*article.published) : "");
  print_field("language", article.language);
  print_field("site", article.site);
  print_field("canonical", article.canonical_url);
  fmt::print("\n");
  print_lines(article.text);
}

int run(const CommandLine& line) {
  const std::string from = line.words().empty() ? "-" : line.words()[0];
  const auto page = read_document("extract", line, from);
  if (!page) return complain("extract", page.error().text);
  const auto article = feeds::extract_article(page->bytes, {page->url, page->content_type});
  if (!article) return complain("extract", fmt::format("{}: {}", from, article.error().text));
  if (line.has("json")) {
    fmt::print("{}\n", to_json(*article));
  } else {
    print_text(*article);
  }
  return exit_ok;
}

}  // namespace

Command extract_command() {
  return {"extract",
          "extract [FILE|URL|-] [--url URL] [--content-type TYPE] [--json]",
          "show the article of a web page",
          "Reads a web page from a file, an address or standard input and prints its article\n"
          "without what stands around it, with title, byline, date, language, site and canonical\n"
          "link where the page states them. Exits 1 when there is none.\n\n"
          "  wirewatch extract https://example.org/news/ministers-resign",
          {{"config", "FILE", "a config whose network settings hold for an address"},
           {"url", "URL", "where the page came from: the base of relative links"},
           {"content-type", "TYPE", "the Content-Type header it came with"},
           {"json", "", "one JSON object"}},
          1,
          run};
}

}  // namespace wirewatch::daemon
