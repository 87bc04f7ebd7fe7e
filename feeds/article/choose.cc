#include "feeds/article/choose.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "feeds/ascii.h"
#include "feeds/identity/folded_words.h"
#include "feeds/parse/content_coding.h"

namespace wirewatch::feeds {
namespace {

using Words = std::vector<std::uint64_t>;

Words words_of(std::string_view text) {
  Words words;
  append_folded_words(text, words);
  return words;
}

bool ends_as_a_teaser(std::string_view text) {
  while (!text.empty() && (static_cast<unsigned char>(text.back()) <= 0x20 || text.back() == ']' ||
                           text.back() == ')')) {
    text.remove_suffix(1);
  }
  return text.ends_with("…") || text.ends_with("...");
}

// "text/html" of "Text/HTML; charset=utf-8".
std::string media_type(const Reply& reply) {
  std::string type = lower(header(reply.headers, "content-type"));
  type = type.substr(0, type.find(';'));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  return type;
}

// As it may stand in a sentence: a server wrote it.
std::string printable(std::string type) {
  constexpr std::size_t most = 80;
  if (type.size() > most) type.resize(most);
  std::erase_if(type, [](char c) { return c <= 0x20 || c > 0x7e; });
  return type;
}

// What is labelled as text or not at all may still be a page: the extraction looks at it.
bool can_be_a_page(const std::string& type) {
  return type.empty() || type.starts_with("text/") || type == "application/octet-stream" ||
         type.find("html") != std::string::npos;
}

bool asks_for_login(std::string_view page) {
  const std::string head = lower(page.substr(0, 256U << 10U));
  for (const char* mark : {"type=\"password\"", "type='password'", "type=password"}) {
    if (head.find(mark) != std::string::npos) return true;
  }
  return false;
}

// Half of the title's words stand in the article: a login page, a consent wall, a front page or a
// "not found" that answers 200 has few of them.
bool speaks_of(const Words& title, const Article& article) {
  if (title.empty()) return true;
  Words words = words_of(article.text);
  append_folded_words(article.title, words);
  const std::unordered_set<std::uint64_t> there(words.begin(), words.end());
  const std::unordered_set<std::uint64_t> wanted(title.begin(), title.end());
  const auto found = std::count_if(wanted.begin(), wanted.end(),
                                   [&](std::uint64_t word) { return there.contains(word); });
  return 2 * static_cast<std::size_t>(found) >= wanted.size();
}

ArticleChoice refused(std::string_view reason) {
  ArticleChoice choice;
  choice.note = article_not_used(reason);
  return choice;
}

ArticleChoice from_page(const DocumentInput& item, const Reply& reply, std::string_view page) {
  PageContext context;
  context.url = reply.effective_url.empty() ? item.url : reply.effective_url;
  context.content_type = header(reply.headers, "content-type");
  auto article = extract_article(page, context);
  if (!article) return refused(article.error().text);
  const std::size_t own = words_of(item.text).size();
  const std::size_t theirs = words_of(article->text).size();
  const bool telling = speaks_of(words_of(item.title), *article);
  if (asks_for_login(page) && (!telling || theirs <= own))
    return refused("the page asks for a login");
  if (!telling) return refused("the page speaks of something else than the item's title");
  if (theirs <= own) {
    return refused(fmt::format("the page has {} words, the feed's own text {}", theirs, own));
  }
  ArticleChoice choice;
  choice.used = true;
  choice.text = std::move(article->text);
  choice.language = std::move(article->language);
  choice.note = fmt::format("article: {} words of the page, where the feed has {}", theirs, own);
  return choice;
}

}  // namespace

bool wants_article(FetchArticle mode, const DocumentInput& item, std::size_t short_words) {
  if (mode == FetchArticle::never) return false;
  const std::string scheme = lower(std::string_view(item.url).substr(0, 8));
  if (!scheme.starts_with("http://") && scheme != "https://") return false;
  if (mode == FetchArticle::always) return true;
  return words_of(item.text).size() < short_words || ends_as_a_teaser(item.text);
}

ArticleChoice choose_article(const DocumentInput& item, const Reply& reply, std::size_t cap,
                             Instant now) {
  const Verdict verdict = interpret(reply, now);
  if (verdict.kind != ReplyKind::document) {
    return refused(verdict.reason.empty() ? "there was no page" : verdict.reason);
  }
  const std::string type = media_type(reply);
  if (!can_be_a_page(type))
    return refused(fmt::format("the page is {}, not HTML", printable(type)));
  auto body = decode_content(reply.body, header(reply.headers, "content-encoding"), cap);
  if (!body) return refused(body.error().text);
  if (body->bytes.starts_with("%PDF-")) return refused("the page is application/pdf, not HTML");
  return from_page(item, reply, body->bytes);
}

std::string article_not_used(std::string_view reason) {
  return fmt::format("article not used: {}", reason);
}

}  // namespace wirewatch::feeds
