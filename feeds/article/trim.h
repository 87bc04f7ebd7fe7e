// Inside the chosen part of a page: takes out the pieces that are no text of the article.
#pragma once

#include "feeds/article/measure.h"
#include "feeds/article/score.h"

namespace wirewatch::feeds {

// Lists of links, forms, boxes with pictures and buttons, share bars, empty tables. Tables of
// data, figures and code stay. `by_names`: names of parts weigh in.
void trim(PageParts& parts, const Choice& choice, bool by_names);

}  // namespace wirewatch::feeds
