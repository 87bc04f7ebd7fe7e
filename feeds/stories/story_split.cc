#include "feeds/stories/story_split.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace wirewatch::feeds {
namespace {

using Part = std::vector<std::uint8_t>;  // of each document, in which of the two it is

// Of the documents with each other.
class Likeness {
 public:
  explicit Likeness(std::size_t size) : size_(size), all_(size * size) {}
  std::size_t size() const { return size_; }
  double operator()(std::size_t i, std::size_t j) const { return all_[i * size_ + j]; }
  double& at(std::size_t i, std::size_t j) { return all_[std::max(i, j) * size_ + std::min(i, j)]; }
  // What was written with at() is for both ways round.
  void mirror() {
    for (std::size_t i = 0; i < size_; ++i)
      for (std::size_t j = 0; j < i; ++j) all_[j * size_ + i] = all_[i * size_ + j];
  }

 private:
  std::size_t size_;
  std::vector<double> all_;
};

struct Sample {
  std::vector<Number> documents;  // by arrival
  Likeness plain;                 // their cosines
  // The same of words by how rare they are within the story: what all its documents have tells no
  // part from another.
  Likeness within;
};

std::vector<Number> newest_texts(const StoryMemory& memory, std::uint32_t story) {
  const std::span<const Number> all = memory.story(story).members.all();
  std::vector<Number> newest;
  std::unordered_set<std::string_view> groups;
  for (auto at = all.rbegin(); at != all.rend(); ++at) {
    if (newest.size() == memory.parameters().split_sample) break;
    if (groups.insert(memory.at(*at).copy_group).second) newest.push_back(*at);
  }
  std::reverse(newest.begin(), newest.end());
  return newest;
}

struct Standing {
  Term term = 0;
  std::uint32_t document = 0;
  double weight = 0;
};

Sample sample_of(const StoryMemory& memory, std::vector<Number> documents) {
  const std::size_t n = documents.size();
  std::vector<Standing> words;
  for (std::uint32_t i = 0; i < n; ++i)
    for (const DocumentTerm& term : memory.at(documents[i]).features.terms())
      words.push_back({term.term, i, double{term.weight()}});
  std::sort(words.begin(), words.end(), [](const Standing& a, const Standing& b) {
    return a.term != b.term ? a.term < b.term : a.document < b.document;
  });
  Sample sample{std::move(documents), Likeness(n), Likeness(n)};
  for (auto from = words.begin(); from != words.end();) {
    auto to = from;
    while (to != words.end() && to->term == from->term) ++to;
    const double having = static_cast<double>(to - from);
    const double rare = std::log((static_cast<double>(n) + 1) / having);
    for (auto a = from; having > 1 && a != to; ++a) {
      for (auto b = from; b <= a; ++b) {
        const double both = a->weight * b->weight;
        sample.plain.at(a->document, b->document) += both;
        sample.within.at(a->document, b->document) += both * rare * rare;
      }
    }
    from = to;
  }
  std::vector<double> lengths(n);
  for (std::size_t i = 0; i < n; ++i) lengths[i] = std::sqrt(sample.within.at(i, i));
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      const double both = lengths[i] * lengths[j];
      double& likeness = sample.within.at(i, j);
      likeness = both > 0 ? likeness / both : (i == j ? 1 : 0);
    }
  sample.plain.mirror();
  sample.within.mirror();
  return sample;
}

struct Cut {
  Part part;
  double fit = -1;  // how well the documents fit their parts; below 0 when one part is empty
};

// Each document goes where its cosine with the sum of the part is higher, until none moves.
Cut settled(const Likeness& likeness, Part part) {
  constexpr int most_rounds = 12;
  const std::size_t n = part.size();
  Cut cut;
  for (int round = 0; round < most_rounds; ++round) {
    std::vector<std::array<double, 2>> with(n, {0, 0});
    std::array<double, 2> squares = {0, 0};
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) with[i][part[j]] += likeness(i, j);
      squares[part[i]] += with[i][part[i]];
    }
    if (squares[0] <= 0 || squares[1] <= 0) return {};
    const std::array<double, 2> lengths = {std::sqrt(squares[0]), std::sqrt(squares[1])};
    cut = {part, lengths[0] + lengths[1]};
    for (std::size_t i = 0; i < n; ++i)
      part[i] = with[i][1] / lengths[1] > with[i][0] / lengths[0] ? 1 : 0;
    if (part == cut.part) break;
  }
  return cut;
}

// The best of a few, each begun with a document and the one that is least like it.
Cut best_cut(const Likeness& likeness) {
  constexpr std::size_t most_begun = 4;
  const std::size_t n = likeness.size();
  const std::size_t begun = std::min(n, most_begun);
  Cut best;
  for (std::size_t k = 0; k < begun; ++k) {
    const std::size_t one = k * n / begun;
    std::size_t other = one == 0 ? 1 : 0;
    for (std::size_t j = 0; j < n; ++j)
      if (j != one && likeness(one, j) < likeness(one, other)) other = j;
    Part part(n);
    for (std::size_t j = 0; j < n; ++j)
      part[j] = j == other || (j != one && likeness(other, j) > likeness(one, j)) ? 1 : 0;
    Cut cut = settled(likeness, std::move(part));
    if (cut.fit > best.fit) best = std::move(cut);
  }
  return best;
}

struct Means {
  double across = 0;  // of the parts' documents with each other
  double within = 0;  // among the documents of the less coherent part
};

Means means_of(const Likeness& likeness, const Part& part) {
  std::array<double, 3> sums = {0, 0, 0};
  std::array<double, 3> pairs = {0, 0, 0};
  for (std::size_t i = 0; i < part.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const std::size_t which = part[i] == part[j] ? part[i] : 2;
      sums[which] += likeness(i, j);
      pairs[which] += 1;
    }
  }
  const auto mean = [&](std::size_t which) {
    return pairs[which] > 0 ? sums[which] / pairs[which] : 1;
  };
  return {mean(2), std::max(0.01, std::min(mean(0), mean(1)))};
}

// Two languages share hardly a word, whatever the event: a cut most of whose pairs are of two, more
// than within its parts, would part the languages.
bool parts_languages(const StoryMemory& memory, const Sample& sample, const Part& part) {
  std::array<std::size_t, 2> pairs = {0, 0};    // within the parts, across
  std::array<std::size_t, 2> foreign = {0, 0};  // of these, of two languages
  for (std::size_t i = 0; i < part.size(); ++i) {
    const LanguageTag& one = memory.at(sample.documents[i]).features.language();
    for (std::size_t j = 0; j < i; ++j) {
      const std::size_t across = part[i] == part[j] ? 0 : 1;
      const LanguageTag& other = memory.at(sample.documents[j]).features.language();
      ++pairs[across];
      if (!one.empty() && !other.empty() && one != other) ++foreign[across];
    }
  }
  return 2 * foreign[1] > pairs[1] && foreign[1] * pairs[0] > 2 * foreign[0] * pairs[1];
}

double shortness_of(const StoryMemory& memory, const Sample& sample) {
  double sum = 0;
  for (const Number number : sample.documents) {
    const auto terms = static_cast<double>(memory.at(number).features.terms().size());
    sum += 1 - std::min(1.0, terms / memory.parameters().full_terms);
  }
  return sum / static_cast<double>(sample.documents.size());
}

double score_of(const StoryMemory& memory, const Sample& sample, const Part& part) {
  const Parameters& parameters = memory.parameters();
  const Means plain = means_of(sample.plain, part);
  const Means within = means_of(sample.within, part);
  const auto second = static_cast<std::size_t>(std::count(part.begin(), part.end(), 1));
  const double smaller = static_cast<double>(std::min(second, part.size() - second));
  const std::array<double, split_evidence_count> values = {
      plain.across, plain.across / plain.within, within.across, within.across / within.within,
      std::log(smaller)};
  const double shortness = shortness_of(memory, sample);
  double score = parameters.split_score + shortness * parameters.split_score_brief;
  for (std::size_t i = 0; i < values.size(); ++i)
    score += values[i] * (parameters.split_adds[i] + shortness * parameters.split_brief[i]);
  return score;
}

// A story of so many documents is looked at: each size is a share larger than the one before.
bool is_time(std::size_t size, const Parameters& parameters) {
  std::size_t time = parameters.split_documents_least;
  while (time < size) time = time * parameters.split_every / 100 + 1;
  return time == size && size <= parameters.split_documents_most;
}

// In which part each document of the story is: those that are no part of the sample go where their
// copies are, or where the mean cosine is higher.
class WhichPart {
 public:
  WhichPart(const StoryMemory& memory, const Sample& sample, const Part& part)
      : memory_(memory), sample_(sample), part_(part) {
    for (std::size_t i = 0; i < part.size(); ++i)
      groups_.emplace(memory.at(sample.documents[i]).copy_group, part[i]);
  }

  std::uint8_t operator()(Number number) {
    const Remembered& document = memory_.at(number);
    const auto [at, is_new] = groups_.try_emplace(document.copy_group, std::uint8_t{0});
    if (is_new) at->second = nearer(document);
    return at->second;
  }

 private:
  std::uint8_t nearer(const Remembered& document) const {
    const OwnTerms own(document.features);
    std::array<double, 2> sums = {0, 0};
    std::array<double, 2> counts = {0, 0};
    for (std::size_t i = 0; i < part_.size(); ++i) {
      sums[part_[i]] += own.cosine_with(memory_.at(sample_.documents[i]).features);
      counts[part_[i]] += 1;
    }
    return sums[1] / counts[1] > sums[0] / counts[0] ? 1 : 0;
  }

  const StoryMemory& memory_;
  const Sample& sample_;
  const Part& part_;
  std::unordered_map<std::string_view, std::uint8_t> groups_;
};

}  // namespace

std::optional<StoryParts> two_stories(const StoryMemory& memory, std::uint32_t story, Number of) {
  const std::span<const Number> all = memory.story(story).members.all();
  if (!is_time(all.size(), memory.parameters())) return std::nullopt;
  std::vector<Number> newest = newest_texts(memory, story);
  if (newest.size() < memory.parameters().split_documents_least) return std::nullopt;
  const Sample sample = sample_of(memory, std::move(newest));
  const Cut cut = best_cut(sample.within);
  // One report alone is no event that goes on.
  const auto second = std::count(cut.part.begin(), cut.part.end(), 1);
  if (cut.fit < 0 || second < 2 || second + 2 > std::ssize(cut.part)) return std::nullopt;
  if (parts_languages(memory, sample, cut.part)) return std::nullopt;
  WhichPart where(memory, sample, cut.part);
  const std::uint8_t leaving = cut.part.back();
  if (where(of) != leaving || where(all.front()) == leaving) return std::nullopt;
  StoryParts parts;
  parts.score = score_of(memory, sample, cut.part);
  if (parts.score <= 0) return parts;
  for (const Number number : all)
    if (where(number) == leaving) parts.leaving.push_back(number);
  return parts;
}

}  // namespace wirewatch::feeds
