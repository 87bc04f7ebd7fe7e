// What a page's own names for its parts (class, id, role) say about them.
#pragma once

#include "feeds/article/tree.h"

namespace wirewatch::feeds {

struct Hints {
  bool aside = false;     // named as something that stands around articles
  bool comments = false;  // of these, readers' own words: often longer than the article
  bool article = false;   // named as something that holds one
  int weight = 0;         // sum of both over class and id: -50 … 50
};

Hints hints_of(const PageNode& element);

// hidden, aria-hidden, a dialog: nobody reads it.
bool is_hidden(const PageNode& element);

}  // namespace wirewatch::feeds
