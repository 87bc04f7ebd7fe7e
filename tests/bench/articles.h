// Documents and phrases that the benches run on: the real ones beside the checkout, else generated
// ones (tests/bench/made_text.py), whichever the script names in the environment.
#pragma once

#include <string>
#include <vector>

#include "feeds/document.h"

namespace wirewatch::bench {

// Lines {"title", "text"} of the file that BENCH_DOCUMENTS names (.gz or not), at most `most`.
// Ends the program when there is none.
std::vector<feeds::DocumentInput> articles(std::size_t most);

// Made ready, each text cut to at most `text_bytes` before.
std::vector<feeds::Document> documents(const std::vector<feeds::DocumentInput>& inputs,
                                       std::size_t text_bytes = std::string::npos);

// Of titles and texts, with the line break between them.
std::size_t bytes_of(const std::vector<feeds::Document>& documents);

// A random `count` of the lines of BENCH_PHRASES, the same ones each time.
std::vector<std::string> phrases(std::size_t count);

}  // namespace wirewatch::bench
