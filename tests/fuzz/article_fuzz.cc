// Any bytes as a web page → an article within its bounds, or an error with text.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "feeds/article/extract.h"
#include "feeds/text/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wirewatch::feeds;
  const std::string_view page(reinterpret_cast<const char*>(data), size);
  const auto article = extract_article(page, {"https://example.org/a/b", "text/html"});
  if (!article) {
    if (article.error().text.empty()) std::abort();
    return 0;
  }
  if (article->text.empty() || article->text.front() == '\n') std::abort();
  if (unicode::tidy(article->text, article->text.size()) != article->text) std::abort();
  if (!article->canonical_url.empty() && !article->canonical_url.starts_with("http")) std::abort();
  return 0;
}
