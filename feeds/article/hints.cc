#include "feeds/article/hints.h"

#include <algorithm>
#include <array>

#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

// A word of a class or id that begins with one of these names a part around the article.
constexpr std::string_view aside_beginnings[] = {
    "advert",     "banner",     "breadcrumb", "comment",  "cookie",   "disqus",    "footer",
    "gdpr",       "masthead",   "menu",       "navbar",   "navigat",  "newslet",   "outbrain",
    "paginat",    "popular",    "popup",      "promo",    "recirc",   "recommend", "related",
    "sharing",    "share",      "shoutbox",   "sidebar",  "skyscr",   "social",    "sponsor",
    "subscri",    "taboola",    "teaser",     "trending", "ticker",   "toolbar",   "widget",
    "consent",    "paywall",    "mostread",   "mostpop",  "readmore", "disclaim",  "copyright",
    "marketdata", "stockquote", "authorbio"};
// … or is one of these.
constexpr std::string_view aside_words[] = {
    "ad",     "ads",     "dfp",   "extra",  "foot",    "header", "legends", "login",
    "modal",  "nav",     "more",  "pager",  "replies", "rss",    "signup",  "sns",
    "tags",   "tool",    "tools", "topbar", "upsell",  "meta",   "rail",    "aside",
    "listen", "respond", "prev",  "next",   "bio"};
constexpr std::string_view article_beginnings[] = {"article", "body",  "content",
                                                   "entry",   "story", "paragraph"};
constexpr std::string_view article_words[] = {"blog", "column", "hentry", "main", "page",
                                              "post", "prose",  "shadow", "text", "copy"};

enum class Meaning { none, aside, article };

template <std::size_t n>
bool begins(std::string_view word, const std::string_view (&list)[n]) {
  return std::any_of(std::begin(list), std::end(list),
                     [word](std::string_view one) { return word.starts_with(one); });
}

template <std::size_t n>
bool is_in(std::string_view word, const std::string_view (&list)[n]) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

Meaning meaning_of(std::string_view word) {
  if (is_in(word, aside_words) || begins(word, aside_beginnings)) return Meaning::aside;
  if (is_in(word, article_words) || begins(word, article_beginnings)) return Meaning::article;
  return Meaning::none;
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_letter(char c) {
  return is_upper(c) || (c >= 'a' && c <= 'z');
}

struct Found {
  bool aside = false;
  bool article = false;
  bool comments = false;
};

// "ArticleBody related-links_2": its words begin at other characters and at humps.
Found read_names(std::string_view names) {
  constexpr std::size_t longest = 400;
  names = names.substr(0, longest);
  Found found;
  for (std::size_t at = 0; at < names.size();) {
    if (!is_letter(names[at])) {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    while (end < names.size() && is_letter(names[end]) &&
           !(is_upper(names[end]) && !is_upper(names[end - 1]))) {
      ++end;
    }
    const std::string word = lower(names.substr(at, end - at));
    const Meaning meaning = meaning_of(word);
    found.comments |= word.starts_with("comment") || word == "replies" || word == "disqus";
    found.aside |= meaning == Meaning::aside;
    found.article |= meaning == Meaning::article;
    at = end;
  }
  return found;
}

constexpr int full_weight = 25;

}  // namespace

Hints hints_of(const PageNode& element) {
  Hints hints;
  for (const std::string_view key : {"class", "id"}) {
    const Found found = read_names(element.attribute(key));
    hints.comments |= found.comments;
    hints.aside |= found.aside;
    hints.article |= found.article;
    if (found.aside) hints.weight -= full_weight;
    if (found.article) hints.weight += full_weight;
  }
  return hints;
}

bool is_hidden(const PageNode& element) {
  if (element.has("hidden") || element.has("aria-modal")) return true;
  const std::string_view role = element.attribute("role");
  if (role == "dialog" || role == "alertdialog") return true;
  // Formulas are pictures with their text beside them for readers who see none.
  return element.attribute("aria-hidden") == "true" &&
         element.attribute("class").find("fallback-image") == std::string_view::npos;
}

}  // namespace wirewatch::feeds
