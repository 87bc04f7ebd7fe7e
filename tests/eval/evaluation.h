// What evaluations of stories share: document sets with their truth, and the scores of
// cluster_score.py.
#pragma once

#include <string>
#include <vector>

#include "feeds/document.h"

namespace wirewatch::eval {

// Documents in the order in which they come; `truth[i]` is a number for the true story of document
// i, or -1 where none is known.
struct Set {
  std::string name;
  std::vector<feeds::Document> documents;
  std::vector<int> truth;
  // By true story: what it is about. Labels that begin with the same number share a topic, every
  // other story is one of its own.
  std::vector<int> topics;
};

// Reads DOCS.jsonl, plain or through zcat when the name ends in ".gz"; ids and stories from the TSV
// when `gold` is not empty. Ends the program with a message when a file is missing or broken.
Set read_set(const std::string& name, const std::string& documents, const std::string& gold);
// The documents alone, not yet made ready.
std::vector<feeds::DocumentInput> read_inputs(const std::string& documents);
// Both sets by time; of documents in both the first set's.
Set merged_by_time(const std::string& name, const Set& first, const Set& second);

struct Scores {
  double ari = 0;
  double pair_precision = 0;
  double pair_recall = 0;
  double pair_f1 = 0;
  double bcubed_precision = 0;
  double bcubed_recall = 0;
  double bcubed_f1 = 0;
  double once = 0;   // share of true stories with exactly one alert
  double never = 0;  // share without
};

// `predicted[i]` names the story of document i. An alert goes out for the first document of each
// predicted story and counts for that document's own true story.
Scores score(const std::vector<int>& truth, const std::vector<std::string>& predicted);

}  // namespace wirewatch::eval
