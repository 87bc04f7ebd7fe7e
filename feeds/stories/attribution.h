// Whom a text names as its origin: "according to the Iraqi News Agency", "نقلا عن وكالة رويترز".
#pragma once

#include <string>
#include <vector>

#include "feeds/document.h"

namespace wirewatch::feeds {

// Names of agencies, papers and broadcasters that the text says it has its news from, as written,
// in their order, each once; at most `most`. A name counts with a cue beside it ("according to",
// "told", "reported", "citing", …; "(Reuters)" by itself) and when it is one: it holds a word like
// "Agency", "Press", "Times" or "وكالة", or is an agency's well-known name. English and Arabic.
std::vector<std::string> named_origins(const Document& document, std::size_t most = 5);

}  // namespace wirewatch::feeds
