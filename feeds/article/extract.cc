#include "feeds/article/extract.h"

#include "feeds/parse/charset.h"
#include "feeds/parse/html_text.h"

namespace wirewatch::feeds {

Result<Article> extract_article(std::string_view page, const PageContext& context) {
  Article article;
  article.text = html_to_text(to_utf8(page, context.content_type).text);
  if (article.text.empty()) {
    return Error{ErrorKind::invalid, "the page holds no text"};
  }
  return article;
}

}  // namespace wirewatch::feeds
