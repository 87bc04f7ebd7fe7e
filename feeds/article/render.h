// The chosen part of a page as plain text.
#pragma once

#include <string>

#include "feeds/article/measure.h"
#include "feeds/article/score.h"

namespace wirewatch::feeds {

// What is left below the roots, laid out by html_to_text.
std::string render_text(const PageParts& parts, const Choice& choice);

}  // namespace wirewatch::feeds
