// Where sites keep their feeds, by the software that they run on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wirewatch::feeds {

// Absolute addresses to try for the page at `url`, the likeliest first, each once. `generator` is
// the page's <meta name="generator">, may be empty.
std::vector<std::string> guess_feeds(std::string_view url, std::string_view generator);

}  // namespace wirewatch::feeds
