#include "tests/eval/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <unordered_map>

#include "feeds/stories/docs_jsonl.h"
#include "feeds/text/document.h"

namespace wirewatch::eval {
namespace {

[[noreturn]] void fail(const std::string& text) {
  fmt::print(stderr, "{}\n", text);
  std::exit(2);
}

std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  const std::string command = path.ends_with(".gz") ? "zcat '" + path + "'" : "cat '" + path + "'";
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) fail("cannot read " + path);
  char* line = nullptr;
  std::size_t space = 0;
  for (ssize_t size = getline(&line, &space, pipe); size >= 0; size = getline(&line, &space, pipe))
    lines.emplace_back(line, static_cast<std::size_t>(size));
  std::free(line);
  if (pclose(pipe) != 0) fail("cannot read " + path);
  return lines;
}

double pairs(double n) {
  return n * (n - 1) / 2;
}

double f1(double precision, double recall) {
  return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
}

}  // namespace

std::vector<feeds::DocumentInput> read_inputs(const std::string& documents) {
  std::vector<feeds::DocumentInput> inputs;
  for (const std::string& line : lines_of(documents)) {
    std::string doubt;  // a date that is none leaves the time unknown
    Result<feeds::DocumentInput> input = feeds::read_document_line(line, {}, &doubt);
    if (!input) fail(documents + ": " + input.error().text);
    inputs.push_back(std::move(*input));
  }
  return inputs;
}

Set read_set(const std::string& name, const std::string& documents, const std::string& gold) {
  Set set;
  set.name = name;
  std::unordered_map<std::string, int> truth;
  std::unordered_map<std::string, int> numbers;
  if (!gold.empty()) {
    for (std::string line : lines_of(gold)) {
      if (line.ends_with('\n')) line.pop_back();
      const std::size_t tab = line.find('\t');
      if (tab == std::string::npos) fail(gold + " has a line without a tab");
      const auto number = static_cast<int>(numbers.size());
      const std::string label = line.substr(tab + 1);
      const auto [place, is_new] = numbers.try_emplace(label, number);
      truth[line.substr(0, tab)] = place->second;
      const std::string topic = label.substr(0, label.find_first_not_of("0123456789"));
      if (is_new) set.topics.push_back(topic.empty() ? -1 - number : std::atoi(topic.c_str()));
    }
  }
  for (feeds::DocumentInput& input : read_inputs(documents)) {
    set.documents.push_back(feeds::make_document(std::move(input)));
    const auto found = truth.find(set.documents.back().id);
    set.truth.push_back(found == truth.end() ? -1 : found->second);
  }
  return set;
}

Set merged_by_time(const std::string& name, const Set& first, const Set& second) {
  struct Place {
    const Set* set;
    std::size_t index;
  };
  std::vector<Place> places;
  std::set<std::string> ids;
  for (const Set* set : {&first, &second})
    for (std::size_t i = 0; i < set->documents.size(); ++i)
      if (ids.insert(set->documents[i].id).second) places.push_back({set, i});
  std::stable_sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    return a.set->documents[a.index].time < b.set->documents[b.index].time;
  });
  Set merged;
  merged.name = name;
  merged.topics = first.topics;
  for (const Place& place : places) {
    merged.documents.push_back(place.set->documents[place.index]);
    merged.truth.push_back(place.set->truth[place.index]);
  }
  return merged;
}

Scores score(const std::vector<int>& truth, const std::vector<std::string>& predicted) {
  std::map<std::pair<int, std::string>, double> cells;
  std::map<int, double> by_truth;
  std::map<std::string, double> by_prediction;
  std::map<std::string, std::size_t> first;
  double n = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    first.try_emplace(predicted[i], i);
    if (truth[i] < 0) continue;
    ++n;
    ++cells[{truth[i], predicted[i]}];
    ++by_truth[truth[i]];
    ++by_prediction[predicted[i]];
  }
  Scores scores;
  double both = 0;
  double precision = 0;
  double recall = 0;
  for (const auto& [key, count] : cells) {
    both += pairs(count);
    precision += count * count / by_prediction[key.second];
    recall += count * count / by_truth[key.first];
  }
  double in_truth = 0;
  for (const auto& [key, count] : by_truth) in_truth += pairs(count);
  double in_prediction = 0;
  for (const auto& [key, count] : by_prediction) in_prediction += pairs(count);
  const double expected = in_truth * in_prediction / pairs(n);
  scores.ari = (both - expected) / ((in_truth + in_prediction) / 2 - expected);
  scores.pair_precision = in_prediction > 0 ? both / in_prediction : 1;
  scores.pair_recall = in_truth > 0 ? both / in_truth : 1;
  scores.pair_f1 = f1(scores.pair_precision, scores.pair_recall);
  scores.bcubed_precision = precision / n;
  scores.bcubed_recall = recall / n;
  scores.bcubed_f1 = f1(scores.bcubed_precision, scores.bcubed_recall);
  std::map<int, int> alerts;
  for (const auto& [story, index] : first)
    if (truth[index] >= 0) ++alerts[truth[index]];
  for (const auto& [story, count] : by_truth) {
    const auto found = alerts.find(story);
    scores.never += found == alerts.end() ? 1 : 0;
    scores.once += found != alerts.end() && found->second == 1 ? 1 : 0;
  }
  scores.never /= static_cast<double>(by_truth.size());
  scores.once /= static_cast<double>(by_truth.size());
  return scores;
}

}  // namespace wirewatch::eval
