// How long entities take: names_speed FOLDER (../shared/data) prints a line a figure. 10,000
// entities made of a sanctions list's names (given again where it is shorter), then all of them
// looked for in short documents: the first 60 words of real articles' lines, on one core.
#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "daemon/config/entity_import.h"
#include "feeds/text/document.h"
#include "rules/entities/gazetteer.h"

namespace {

using namespace wirewatch;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::vector<feeds::Document> documents(const std::string& path) {
  std::vector<feeds::Document> all;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line) && all.size() < 6000;) {
    const std::size_t text = line.find("\"text\"");
    if (text == std::string::npos || line.size() < text + 500) continue;
    feeds::DocumentInput input;
    input.text = line.substr(text + 9, 400);
    all.push_back(feeds::make_document(std::move(input)));
  }
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string folder = argv[1];
  std::ifstream file(folder + "/names/ofac.jsonl");
  const std::string content((std::istreambuf_iterator<char>(file)), {});
  auto imported = daemon::import_entities(content, daemon::ImportFormat::jsonl, "organisation");
  if (!imported || imported->entities.empty()) return 1;
  std::vector<rules::EntityDef>& defs = imported->entities;
  for (std::size_t i = 0; defs.size() < 10000; ++i) {
    rules::EntityDef copy = defs[i];
    copy.id += "-again";
    defs.push_back(std::move(copy));
  }
  const auto start = Clock::now();
  const auto gazetteer = rules::Gazetteer::compile(defs).first;
  fmt::print("compile 10,000 entities: {:.2f} s  reach < 1 s\n", seconds_since(start));
  const auto all = documents(folder + "/stories/allsides_before_2019.jsonl");
  const auto more = documents(folder + "/stories/ecbplus_topics_1_35.jsonl");
  std::size_t words = 0;
  std::size_t mentions = 0;
  const auto begin = Clock::now();
  std::size_t count = 0;
  for (int round = 0; round < 5; ++round) {
    for (const auto* set : {&all, &more}) {
      for (const feeds::Document& document : *set) {
        words += document.tokens.size();
        mentions += gazetteer.find(document).size();
        ++count;
      }
    }
  }
  const double took = seconds_since(begin);
  fmt::print(
      "find in short documents of {:.0f} words: {:.0f}/s, {:.0f} ns a word, {:.3f} mentions each\n",
      static_cast<double>(words) / static_cast<double>(count), static_cast<double>(count) / took,
      took / static_cast<double>(words) * 1e9,
      static_cast<double>(mentions) / static_cast<double>(count));
  return 0;
}
