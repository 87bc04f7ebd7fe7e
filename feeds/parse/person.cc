#include "feeds/parse/person.h"

#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_local_part(char c) {
  return is_alphanumeric(c) || std::string_view("._%+-'").find(c) != std::string_view::npos;
}

std::string_view strip_brackets(std::string_view text) {
  text = trim(text);
  while (text.size() >= 2) {
    const bool round = text.front() == '(' && text.back() == ')';
    const bool angle = text.front() == '<' && text.back() == '>';
    const bool quoted = text.front() == '"' && text.back() == '"';
    if (!round && !angle && !quoted) break;
    text = trim(text.substr(1, text.size() - 2));
  }
  return text;
}

}  // namespace

Author parse_person(std::string_view text) {
  text = utf8_prefix(trim(text), 1000);
  Author author;
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t begin = at;
    while (begin > 0 && is_local_part(text[begin - 1])) --begin;
    std::size_t end = at + 1;
    while (end < text.size() &&
           (is_alphanumeric(text[end]) || text[end] == '.' || text[end] == '-')) {
      ++end;
    }
    while (end > at + 1 && !is_alphanumeric(text[end - 1])) --end;
    const std::string_view host = text.substr(at + 1, end - at - 1);
    if (begin == at || host.find('.') == std::string_view::npos) continue;
    author.email = std::string(text.substr(begin, end - begin));
    std::string_view before = text.substr(0, begin);
    std::string_view after = text.substr(end);
    if (before.ends_with("mailto:")) before.remove_suffix(7);
    const bool enclosed = (before.ends_with('(') && after.starts_with(')')) ||
                          (before.ends_with('<') && after.starts_with('>'));
    if (enclosed) {
      before.remove_suffix(1);
      after.remove_prefix(1);
    }
    const std::string rest = std::string(trim(before)) + " " + std::string(trim(after));
    author.name = collapse_blanks(strip_brackets(rest));
    return author;
  }
  author.name = collapse_blanks(strip_brackets(text));
  return author;
}

}  // namespace wirewatch::feeds
