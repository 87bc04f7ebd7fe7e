#include "tests/bench/articles.h"

#include <simdjson.h>
#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>

#include "feeds/text/document.h"

namespace wirewatch::bench {
namespace {

const char* place_of(const char* variable) {
  const char* place = std::getenv(variable);
  if (place != nullptr) return place;
  std::cerr << variable << " names no file\n";
  std::exit(2);
}

}  // namespace

std::vector<feeds::DocumentInput> articles(std::size_t most) {
  std::vector<feeds::DocumentInput> inputs;
  gzFile file = gzopen(place_of("BENCH_DOCUMENTS"), "rb");
  if (file == nullptr) return inputs;
  simdjson::dom::parser parser;
  std::vector<char> line(1 << 22);
  while (inputs.size() < most &&
         gzgets(file, line.data(), static_cast<int>(line.size())) != nullptr) {
    const std::string text(line.data());
    const auto object = parser.parse(text);
    feeds::DocumentInput& input = inputs.emplace_back();
    input.title = std::string(std::string_view(object["title"]));
    input.text = std::string(std::string_view(object["text"]));
  }
  gzclose(file);
  return inputs;
}

std::vector<feeds::Document> documents(const std::vector<feeds::DocumentInput>& inputs,
                                       std::size_t text_bytes) {
  std::vector<feeds::Document> made;
  for (const feeds::DocumentInput& input : inputs) {
    feeds::DocumentInput cut = input;
    cut.text.resize(std::min(cut.text.size(), text_bytes));
    made.push_back(feeds::make_document(std::move(cut)));
  }
  return made;
}

std::size_t bytes_of(const std::vector<feeds::Document>& documents) {
  std::size_t bytes = 0;
  for (const feeds::Document& document : documents) {
    bytes += document.title.size() + document.text.size() + 1;
  }
  return bytes;
}

std::vector<std::string> phrases(std::size_t count) {
  std::vector<std::string> all;
  std::ifstream file(place_of("BENCH_PHRASES"));
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) all.push_back(line);
  }
  std::mt19937 random(7);
  std::shuffle(all.begin(), all.end(), random);
  all.resize(std::min(count, all.size()));
  return all;
}

}  // namespace wirewatch::bench
