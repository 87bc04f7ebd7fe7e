#include "feeds/parse/parse.h"

#include <fmt/format.h>

#include <algorithm>

#include "feeds/parse/charset.h"
#include "feeds/parse/html_text.h"
#include "feeds/parse/json_feed.h"
#include "feeds/parse/json_map.h"
#include "feeds/parse/xml_feed.h"
#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

constexpr std::size_t kLookAhead = 4096;
constexpr std::size_t kShownTitle = 80;
constexpr std::size_t kInheritedBytes = 4096;
constexpr std::size_t kLongestLanguage = 64;  // RFC 5646, section 4.4.1, speaks of 35 letters

std::string title_from_text(const Item& item) {
  const std::string& html = trim(item.summary).empty() ? item.content : item.summary;
  const std::string text = html_to_line(utf8_prefix(html, 16U * kShownTitle));
  return text.empty() ? item.link : begun_as_title(text);
}

bool is_html(std::string_view text) {
  const std::string head = lower(text.substr(0, kLookAhead));
  for (const std::string_view sign : {"<!doctype html", "<html", "<head", "<body"}) {
    if (head.find(sign) != std::string::npos) return true;
  }
  return false;
}

// What is not a feed, named for the user as well as it can be.
Error not_a_feed(std::string_view text) {
  if (trim(text).empty()) return {ErrorKind::invalid, "not a feed: the document is empty"};
  if (is_html(text)) {
    const std::string_view head = text.substr(0, 64U << 10U);
    const std::string small = lower(head);
    const std::size_t begin = small.find("<title");
    const std::size_t inner = begin == std::string::npos ? begin : small.find('>', begin);
    if (inner == std::string::npos) {
      return {ErrorKind::invalid, "not a feed: an HTML page without a title"};
    }
    const std::size_t end = std::min(small.find("</title", inner), small.size());
    const std::string title = html_to_line(head.substr(inner + 1, end - inner - 1));
    return {ErrorKind::invalid,
            fmt::format("not a feed: an HTML page titled \"{}\"", utf8_prefix(title, kShownTitle))};
  }
  const std::string_view start = trim(text.substr(0, kLookAhead));
  if (start.starts_with('<')) {
    return {ErrorKind::invalid,
            "not a feed: XML without an RSS, RDF, Atom, CDF or sitemap element"};
  }
  return {ErrorKind::invalid, fmt::format("not a feed: text that begins with \"{}\"",
                                          utf8_prefix(collapse_blanks(start.substr(0, 200)), 40))};
}

// A feed's authors as its items inherit them: each item has a copy, so only what people write.
std::vector<Author> inherited(const std::vector<Author>& authors) {
  std::size_t room = kInheritedBytes;
  const auto beyond = std::find_if(authors.begin(), authors.end(), [&](const Author& author) {
    const std::size_t bytes = author.name.size() + author.email.size() + author.uri.size();
    if (bytes > room) return true;
    room -= bytes;
    return false;
  });
  return {authors.begin(), beyond};
}

// What a document leaves to be understood: Atom's entries inherit the feed's authors and language
// (RFC 4287 section 4.2.1), an update is the only date some have, a title is begun by the text.
void complete(ParsedFeed& parsed, const ParseContext& context) {
  FeedInfo& feed = parsed.feed;
  if (feed.link.empty()) feed.link = feed.self.empty() ? context.url : feed.self;
  const std::vector<Author> authors = inherited(feed.authors);
  const bool spoken = feed.language.size() <= kLongestLanguage;
  for (Item& item : parsed.items) {
    if (item.authors.empty()) item.authors = authors;
    if (item.language.empty() && spoken) item.language = feed.language;
    if (!item.published) item.published = item.updated;
    if (item.title.empty()) item.title = title_from_text(item);
    if (parsed.format == Format::json_feed ||
        parsed.format == Format::json_map) {  // has no dates of its own
      feed.published = std::max(feed.published, item.published);
      feed.updated = std::max(feed.updated, item.updated);
    }
  }
}

}  // namespace

Result<ParsedFeed> parse_feed(std::string_view bytes, const ParseContext& context) {
  const bool clean = is_clean_utf8(bytes);
  const Utf8Text decoded = clean ? Utf8Text() : to_utf8(bytes, context.content_type);
  std::string_view text = trim(clean ? bytes : std::string_view(decoded.text));
  while (text.starts_with("\xEF\xBB\xBF")) text = trim(text.substr(3));
  if (text.empty()) return not_a_feed(text);
  const auto with_warnings = [&](ParsedFeed parsed) {
    parsed.warnings.insert(parsed.warnings.begin(), decoded.warnings.begin(),
                           decoded.warnings.end());
    complete(parsed, context);
    return parsed;
  };
  if (text.starts_with('{') || text.starts_with('[')) {
    Result<ParsedFeed> parsed = context.json_map ? parse_json_map(text, *context.json_map, context)
                                                 : parse_json_feed(text, context);
    if (parsed.has_error()) return parsed.error();
    return with_warnings(std::move(*parsed));
  }
  Result<std::optional<ParsedFeed>> parsed = parse_xml_feed(text, context);
  if (parsed.has_error()) {
    const bool is_named = parsed.error().text.starts_with("not a feed");
    return !is_named && is_html(text.substr(0, 512)) ? not_a_feed(text) : parsed.error();
  }
  if (!parsed->has_value()) return not_a_feed(text);
  return with_warnings(std::move(**parsed));
}

}  // namespace wirewatch::feeds
