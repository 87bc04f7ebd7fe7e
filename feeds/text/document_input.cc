#include "feeds/parse/html_text.h"
#include "feeds/text/document.h"

namespace wirewatch::feeds {

DocumentInput document_input(const Item& item, Instant now) {
  static const Instant earliest =
      std::chrono::sys_days(std::chrono::year(1990) / std::chrono::January / 1);
  constexpr Span ahead = std::chrono::minutes(15);
  DocumentInput input;
  input.url = item.link;
  input.language = item.language;
  input.title = item.title;
  input.text = html_to_text(item.content);
  if (input.text.empty()) input.text = html_to_text(item.summary);
  for (const Author& author : item.authors) {
    const std::string& name = author.name.empty() ? author.email : author.name;
    if (!name.empty()) input.authors.push_back(name);
  }
  input.categories = item.categories;
  const bool sane = item.published && *item.published >= earliest && *item.published <= now + ahead;
  input.time = sane ? *item.published : now;
  return input;
}

}  // namespace wirewatch::feeds
