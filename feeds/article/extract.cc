#include "feeds/article/extract.h"

#include "feeds/article/json_ld.h"
#include "feeds/article/metadata.h"
#include "feeds/article/page_type.h"
#include "feeds/article/prune.h"
#include "feeds/article/render.h"
#include "feeds/article/scan.h"
#include "feeds/article/score.h"
#include "feeds/article/trim.h"
#include "feeds/parse/charset.h"
#include "feeds/parse/html_text.h"
#include "feeds/text/clean.h"
#include "feeds/text/utf8.h"

namespace wirewatch::feeds {
namespace {

constexpr std::size_t most_text = 2U << 20U;  // bytes of an article
constexpr std::size_t enough_text = 500;      // bytes; less, and the choice was too strict

constexpr std::size_t much_more = 2;

struct Try {
  bool prune_by_names;
  bool weigh_names;
  bool trim;
};
constexpr Try tries[] = {
    {true, true, true}, {false, true, true}, {false, false, true}, {false, false, false}};

struct Body {
  std::string text;
  std::string byline;
};

Body body_by(const PageTree& tree, const std::string& title, const Try& how) {
  PageParts parts(tree);
  Body body;
  body.byline = prune(parts, {title, how.prune_by_names}).byline;
  Choice choice = choose(parts, measure(parts), how.weigh_names);
  if (choice.roots.empty()) {
    const NodeId whole = tree.find("body");
    choice.roots.push_back(whole == no_node ? 0 : whole);
  }
  if (how.trim) trim(parts, choice, how.weigh_names);
  body.text = render_text(parts, choice);
  return body;
}

// The strictest reading that finds enough. A short article is one, too: a looser reading must find
// several times as much to be believed.
Body find_body(const PageTree& tree, const std::string& title) {
  Body best;
  for (const Try& how : tries) {
    Body body = body_by(tree, title, how);
    if (body.text.size() > much_more * best.text.size()) best = std::move(body);
    if (best.text.size() >= enough_text) break;
  }
  return best;
}

// Pages that load their text later, or lock it, may still state it for search engines.
void prefer_stated_body(std::string& text, const LinkedData& linked) {
  std::string stated = html_to_text(linked.body);
  if (stated.size() > enough_text && text.size() * 2 < stated.size()) text = std::move(stated);
}

// A paragraph that stands twice is the page's mistake, unless much of the text does so: then, as in
// songs and samples, it is its form.
std::string cleaned(const std::string& text, const std::string& title) {
  const std::string tidy_text = unicode::tidy(text, most_text);
  const std::string tidy_title = unicode::tidy(title, most_text);
  std::string whole = clean_text(tidy_text, tidy_title, Repeats::keep);
  std::string once = clean_text(tidy_text, tidy_title, Repeats::drop);
  return once.size() * 5 < whole.size() * 4 ? whole : once;
}

}  // namespace

Result<Article> extract_article(std::string_view page, const PageContext& context) {
  const std::string utf8 = to_utf8(page, declared_type(page, context.content_type)).text;
  if (auto other = why_no_page(utf8, context.content_type)) return std::move(*other);
  const ScannedPage scanned = scan_page(utf8);
  const PageTree tree = parse_page(scanned.markup);
  const auto linked = read_json_ld(scanned.json_ld);
  Article article = read_metadata(tree, linked, context);
  Body body = find_body(tree, article.title);
  if (article.byline.empty()) article.byline = std::move(body.byline);
  article.text = std::move(body.text);
  if (linked) prefer_stated_body(article.text, *linked);
  article.text = cleaned(article.text, article.title);
  if (article.text.empty()) return Error{ErrorKind::invalid, "the page holds no text"};
  return article;
}

}  // namespace wirewatch::feeds
