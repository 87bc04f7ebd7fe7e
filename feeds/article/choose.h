// The feed's own text or the page's: whether the page is asked for, and which of the two counts.
#pragma once

#include <string>

#include "feeds/article/extract.h"
#include "feeds/document.h"
#include "feeds/poll/poll.h"

namespace wirewatch::feeds {

enum class FetchArticle : std::uint8_t { never, when_short, always };

// Does the page of this item have to be fetched? Only where its link is http or https.
// `when_short`: the feed's own text has fewer than `short_words` words, or ends as teasers do ("…",
// "...", "[…]"). In scripts without spaces, two characters are a word.
bool wants_article(FetchArticle mode, const DocumentInput& item, std::size_t short_words);

// Which text an item is matched by, with the reason in users' words, as `why` shows it.
struct ArticleChoice {
  bool used = false;
  std::string text;      // of the article, when used
  std::string language;  // as the page declares it, when used
  std::string note;      // "article: 512 words of the page", "article not used: the page is …"
};

// `reply` as the network brought it, `item` with the feed's own text. The page counts only if it
// is HTML, answers 200, asks for no login, speaks of what the item's title says (half of its words
// at least), and has more words than the feed's own text. `cap`: of the decoded page, in bytes.
ArticleChoice choose_article(const DocumentInput& item, const Reply& reply, std::size_t cap,
                             Instant now);

// The note of an item whose page was not waited for any longer.
std::string article_not_used(std::string_view reason);

}  // namespace wirewatch::feeds
