#include "feeds/article/page_type.h"

#include <fmt/format.h>

#include "feeds/parse/xml_cursor.h"
#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

constexpr std::size_t looked_at = 16U << 10U;  // the standard says 1024; many pages need more

// "windows-1256" of "text/html; charset='windows-1256'".
std::string charset_in(std::string_view type) {
  const std::string small = lower(type);
  const std::size_t at = small.find("charset");
  if (at == std::string::npos) return {};
  std::size_t begin = small.find('=', at);
  if (begin == std::string::npos) return {};
  begin = small.find_first_not_of(" \t\"'", begin + 1);
  if (begin == std::string::npos) return {};
  const std::size_t end = small.find_first_of(" \t\"';,", begin);
  return small.substr(begin, end == std::string::npos ? end : end - begin);
}

// Servers call pages many things; these types are never one.
bool is_other_type(std::string_view type) {
  for (const std::string_view start : {"image/", "audio/", "video/", "font/", "application/pdf",
                                       "application/json", "application/zip", "text/css"}) {
    if (type.starts_with(start)) return true;
  }
  return false;
}

}  // namespace

std::optional<Error> why_no_page(std::string_view text, std::string_view content_type) {
  const std::string type = lower(trim(content_type.substr(0, content_type.find(';'))));
  if (is_other_type(type)) {
    return Error{ErrorKind::invalid,
                 fmt::format("it is no web page but \"{}\"", utf8_prefix(type, 60))};
  }
  MarkupCursor cursor(text);
  for (MarkupToken token = cursor.next(); token.kind != MarkupToken::Kind::finished;
       token = cursor.next()) {
    if (token.kind != MarkupToken::Kind::start) continue;
    const std::string root = lower(token.name);
    if (root == "rss" || root == "feed" || root == "rdf:rdf") {
      return Error{ErrorKind::invalid, "it is a feed, no web page; `wirewatch parse` reads it"};
    }
    return std::nullopt;
  }
  return Error{ErrorKind::invalid, "it is no web page: it has no HTML tags"};
}

std::string declared_type(std::string_view page, std::string_view content_type) {
  if (!charset_in(content_type).empty()) return std::string(content_type);
  MarkupCursor cursor(page.substr(0, looked_at));
  for (MarkupToken token = cursor.next(); token.kind != MarkupToken::Kind::finished;
       token = cursor.next()) {
    if (token.kind != MarkupToken::Kind::start) continue;
    AttributeCursor attributes(token);
    if (!equal_ignoring_case(attributes.element(), "meta")) continue;
    std::string_view name;
    std::string_view value;
    std::string charset;
    while (charset.empty() && attributes.next(name, value)) {
      if (equal_ignoring_case(name, "charset")) charset = lower(trim(value));
      if (equal_ignoring_case(name, "content")) charset = charset_in(value);
    }
    // Its own bytes were ASCII, so it cannot be UTF-16: the standard reads that as UTF-8.
    if (charset.starts_with("utf-16")) charset = "utf-8";
    if (!charset.empty()) return "text/html; charset=" + charset;
  }
  return std::string(content_type);
}

}  // namespace wirewatch::feeds
