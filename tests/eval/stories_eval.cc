// stories_eval [--shared DIR] [--sets NAME,…] [--evidence FILE] [NAME=VALUE …] [-- NAME=VALUE …]…
// Reads each set once, and prints its scores under each setting of feeds/stories/parameters.h.
// With --evidence it writes, for fitting the weights, what every document has in common with the
// stories near it while documents are put where they truly belong: set, document, 1 when the
// story is its own, 1 when its own story has begun, then the values of Evidence; tab-separated.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <unordered_map>

#include "feeds/stories/parameters.h"
#include "feeds/stories/story_index.h"
#include "tests/eval/evaluation.h"
#include "tests/eval/parameter_names.h"

namespace wirewatch::eval {
namespace {

using feeds::Parameters;

struct Placed {
  std::vector<std::string> stories;
  std::vector<std::string> copies;
  std::map<std::string, std::string> merged;

  std::vector<std::string> final_stories() const {
    std::vector<std::string> last = stories;
    for (std::string& story : last)
      for (auto found = merged.find(story); found != merged.end(); found = merged.find(story))
        story = found->second;
    return last;
  }
};

Placed placed(const Set& set, const Parameters& parameters) {
  feeds::StoryIndex index(feeds::StoryLimits{}, parameters);
  Placed all;
  for (const feeds::Document& document : set.documents) {
    feeds::Placement placement = index.place(document, {});
    for (const feeds::StoryMerge& merge : placement.merges) all.merged[merge.story] = merge.into;
    all.stories.push_back(std::move(placement.story));
    all.copies.push_back(std::move(placement.copy_group));
  }
  return all;
}

void print_scores(const Set& set, const Parameters& parameters) {
  const auto started = std::chrono::steady_clock::now();
  const Placed all = placed(set, parameters);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  const bool by_copies = set.name == "syndication";
  const Scores s = score(set.truth, by_copies ? all.copies : all.stories);
  const Scores at_last = score(set.truth, by_copies ? all.copies : all.final_stories());
  fmt::print(
      "{:<11} ARI {:.4f} pair P {:.4f} R {:.4f} F1 {:.4f} BCubed P {:.4f} R {:.4f} F1 {:.4f} "
      "once {:.4f} never {:.4f}  final {:.4f} {:.4f}  {:.0f}/s\n",
      set.name, s.ari, s.pair_precision, s.pair_recall, s.pair_f1, s.bcubed_precision,
      s.bcubed_recall, s.bcubed_f1, s.once, s.never, at_last.pair_f1, at_last.bcubed_f1,
      static_cast<double>(set.documents.size()) / took.count());
}

int most_common(const std::map<int, int>& counts) {
  int best = -1;
  int most = 0;
  for (const auto& [truth, count] : counts) {
    if (count <= most) continue;
    most = count;
    best = truth;
  }
  return best;
}

void write_evidence(const Set& set, const Parameters& parameters, std::FILE* file,
                    bool own_placement) {
  std::map<std::string, std::map<int, int>> members;
  feeds::StoryIndex index(feeds::StoryLimits{}, parameters);
  std::unordered_map<int, std::string> begun;  // true story → id in the index
  for (std::size_t i = 0; i < set.documents.size(); ++i) {
    const feeds::Document& document = set.documents[i];
    const int truth = set.truth[i];
    if (truth < 0) {
      index.place(document, {});
      continue;
    }
    const auto own = begun.find(truth);
    for (const feeds::StoryNear& near : index.stories_near(document, {})) {
      bool right = own != begun.end() && own->second == near.story;
      if (own_placement) right = most_common(members[near.story]) == truth;
      fmt::print(file, "{}\t{}\t{}\t{}", set.name, document.id, right ? 1 : 0,
                 own == begun.end() ? 0 : 1);
      for (const double value : near.evidence) fmt::print(file, "\t{:.5g}", value);
      fmt::print(file, "\n");
    }
    feeds::Placement placement;
    placement.copy_group = document.id;
    if (own_placement) {
      placement = index.place(document, {});
      ++members[placement.story][truth];
      continue;
    }
    placement.story = begun.try_emplace(truth, document.id).first->second;
    index.remember(document, {}, placement);
  }
}

// What a search makes as large as it can: the mean over the sets of the scores asked for.
double worth(const std::vector<Set>& sets, const Parameters& parameters) {
  double sum = 0;
  for (const Set& set : sets) {
    const Scores s = score(set.truth, placed(set, parameters).stories);
    sum += s.pair_f1 + s.bcubed_f1 + 0.5 * s.once - 0.5 * s.never;
  }
  return sum / static_cast<double>(sets.size());
}

std::string describe(const Parameters& parameters, const std::vector<std::string>& varied) {
  std::string text;
  for (const std::string& name : varied)
    text += fmt::format(" {}={:.4g}", name, *number_of(const_cast<Parameters&>(parameters), name));
  return text;
}

// Changes one to three of `varied` at random, and keeps what is better; the same seed finds the
// same. Steps shrink for what was varied in vain and grow for what helped.
void search(const std::vector<Set>& sets, Parameters best, const std::vector<std::string>& varied,
            int tries, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  std::vector<double> steps;
  for (const std::string& name : varied)
    steps.push_back(0.3 * std::abs(*number_of(best, name)) + (name.starts_with("w.") ? 0.5 : 0.0));
  double best_worth = worth(sets, best);
  fmt::print("{:.4f}{}\n", best_worth, describe(best, varied));
  for (int i = 0; i < tries; ++i) {
    Parameters other = best;
    std::vector<std::size_t> changed;
    for (unsigned k = random() % 3 + 1; k > 0; --k) {
      const std::size_t which = random() % varied.size();
      *number_of(other, varied[which]) += steps[which] * normal(random);
      changed.push_back(which);
    }
    const double reached = worth(sets, other);
    const bool better = reached > best_worth;
    for (const std::size_t which : changed) steps[which] *= better ? 1.6 : 0.93;
    if (!better) continue;
    best_worth = reached;
    best = other;
    fmt::print("{:.4f}{}\n", best_worth, describe(best, varied));
    std::fflush(stdout);
  }
}

// A few months of a long stream, so that a search is done in time.
Set autumn(Set set) {
  const Instant first = *from_iso8601("2016-09-01");
  const Instant last = *from_iso8601("2016-12-01");
  Set part;
  part.name = set.name + "-part";
  for (std::size_t i = 0; i < set.documents.size(); ++i) {
    if (set.documents[i].time < first || set.documents[i].time >= last) continue;
    part.documents.push_back(std::move(set.documents[i]));
    part.truth.push_back(set.truth[i]);
  }
  return part;
}

// The same documents in another order.
Set turned(Set set) {
  std::mt19937 random(7);
  for (std::size_t i = set.documents.size(); i > 1; --i) {
    const std::size_t j = random() % i;
    std::swap(set.documents[i - 1], set.documents[j]);
    std::swap(set.truth[i - 1], set.truth[j]);
  }
  return set;
}

Set load(const std::string& name, const std::string& data) {
  if (name == "ecb")
    return read_set(name, data + "/stories/ecbplus_topics_1_35.jsonl",
                    data + "/stories/ecbplus_topics_1_35.gold.tsv");
  if (name == "ecb-turned") return turned(load("ecb", data));
  if (name == "allsides")
    return read_set(name, data + "/stories/allsides_before_2019.jsonl",
                    data + "/stories/allsides_before_2019.gold.tsv");
  if (name == "headlines")
    return read_set(name, data + "/stories/headlines_2014.jsonl",
                    data + "/stories/headlines_2014.gold.tsv");
  if (name == "syndication")
    return read_set(name, data + "/near_duplicate/syndication_dev.jsonl.gz",
                    data + "/near_duplicate/syndication_dev.gold.tsv");
  if (name == "stream-part") return autumn(load("stream", data));
  if (name == "stream")
    return merged_by_time(name, load("allsides", data),
                          read_set(name, data + "/documents/articles_before_2019.jsonl.gz", ""));
  fmt::print(stderr, "\"{}\" is no set\n", name);
  std::exit(2);
}

std::vector<std::string> split(const std::string& names) {
  std::vector<std::string> all;
  for (std::size_t start = 0; start <= names.size();) {
    const std::size_t end = std::min(names.find(',', start), names.size());
    all.push_back(names.substr(start, end - start));
    start = end + 1;
  }
  return all;
}

int run(int argc, char** argv) {
  std::string shared = "../shared";
  std::string names = "ecb,allsides,headlines";
  std::string evidence;
  bool own_placement = false;
  int tries = 0;
  unsigned seed = 1;
  std::vector<std::string> varied;
  std::vector<Parameters> settings(1);
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool has_value = i + 1 < argc;
    if (word == "--shared" && has_value) {
      shared = argv[++i];
    } else if (word == "--sets" && has_value) {
      names = argv[++i];
    } else if (word == "--evidence" && has_value) {
      evidence = argv[++i];
    } else if (word == "--search" && has_value) {
      tries = std::atoi(argv[++i]);
    } else if (word == "--seed" && has_value) {
      seed = static_cast<unsigned>(std::atoi(argv[++i]));
    } else if (word == "--vary" && has_value) {
      varied = split(argv[++i]);
    } else if (word == "--own") {
      own_placement = true;
    } else if (word == "--") {
      settings.emplace_back();
    } else {
      assign(settings.back(), word);
    }
  }
  std::FILE* file = evidence.empty() ? nullptr : std::fopen(evidence.c_str(), "w");
  std::vector<Set> sets;
  for (const std::string& name : split(names)) {
    sets.push_back(load(name, shared + "/data"));
    if (tries > 0) continue;
    for (const Parameters& parameters : settings) {
      if (file != nullptr) {
        write_evidence(sets.back(), parameters, file, own_placement);
      } else {
        print_scores(sets.back(), parameters);
      }
    }
    sets.clear();
  }
  if (tries > 0) search(sets, settings.front(), varied, tries, seed);
  if (file != nullptr) std::fclose(file);
  return 0;
}

}  // namespace
}  // namespace wirewatch::eval

int main(int argc, char** argv) {
  return wirewatch::eval::run(argc, argv);
}
