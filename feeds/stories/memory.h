// The documents a story index remembers, and how to find those near a new one.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "feeds/stories/chunked_queue.h"
#include "feeds/stories/features.h"
#include "feeds/stories/members.h"
#include "feeds/stories/postings.h"
#include "feeds/stories/story_index.h"
#include "feeds/stories/story_profile.h"
#include "feeds/stories/touched.h"

namespace wirewatch::feeds {

// What others are compared by stands in one line of the cache.
struct alignas(64) Remembered {
  Features features;
  std::uint32_t story = 0;  // number of its story
  Relation relation = Relation::fresh;
  Instant time{};
  double similarity = 0;
  std::string id;  // empty once an edit took its place
  std::string copy_group;
  std::string of;
};

struct Story {
  std::string id;
  Members members;       // documents remembered, by arrival
  StoryProfile profile;  // of the members
};

// Nothing when either time is unknown (Instant{}).
Span time_between(Instant a, Instant b);

// By weight and then by value. A value that sorts inline, which a function would not.
inline constexpr auto is_stronger = [](const DocumentTerm& a, const DocumentTerm& b) {
  const auto order = [](const DocumentTerm& term) {
    return std::uint64_t{0xFFFFu - term.scaled} << 32 | term.term;
  };
  return order(a) < order(b);
};
// The last of the `most` strongest; nothing in particular of no terms.
DocumentTerm weakest_of_strongest(std::span<const DocumentTerm> terms, std::size_t most);

struct Near {
  Number document = 0;
  double score = 0;  // for words a lower bound of the cosine, for pairs how many are shared
};

// Of the documents within the window around a time, those with the strongest shared words, and
// those with the most shared word pairs; best first, earlier ones first among equals.
struct NearDocuments {
  std::vector<Near> by_words;
  std::vector<Near> by_pairs;
};

class StoryMemory {
 public:
  StoryMemory(StoryLimits limits, const Parameters& parameters);

  TermStatistics& statistics() { return statistics_; }
  const Parameters& parameters() const { return parameters_; }
  std::size_t size() const { return by_id_.size(); }
  std::size_t stories() const { return story_numbers_.size(); }
  std::size_t bytes() const { return bytes_; }

  const Remembered* find(const std::string& id) const;
  // Nothing of one that is not remembered.
  std::optional<Number> number_of(const std::string& id) const;
  const Remembered& at(Number number) const { return documents_[number - first_]; }

  // Asks for the memory that near() will need first for these word pairs.
  void expect_pairs(std::span<const std::uint32_t> pairs) const;

  // At most Parameters::copy_candidates of each, as most documents are copies in a stream that
  // repeats itself. Asks for the memory that add() of the document will need as well.
  NearDocuments near(const Features& features, Instant time);
  // Adds to those by words of the last call of near() the next best, up to
  // Parameters::event_candidates.
  void look_further(Instant time, NearDocuments& found);

  // Asks for the memory of documents that will be compared.
  void prefetch(std::span<const Near> near) const;

  // Takes the document in, in place of an earlier version with the same id; then drops the oldest
  // beyond the limits, a bounded number at a time.
  void add(Remembered document, const std::string& story);

  // Takes many in at once, as after a restart: gather() as often as wanted, from an empty memory
  // on; then the three below, of which the first two may be called by two threads at the same time.
  // Anything else comes after that. What is remembered then is what add() would have led to.
  void gather(Remembered document, const std::string& story);
  void enter_words();
  void enter_pairs();
  void finish_gathering();
  bool can_gather() const {
    return documents_.empty() || (is_gathering_ && !has_words_ && !has_pairs_);
  }

  // All documents of `from` become documents of `into`.
  void merge(std::uint32_t from, std::uint32_t into);

  // These documents of `from`, by arrival, begin a story of their own; some others stay.
  void split(std::uint32_t from, std::span<const Number> leaving, const std::string& id);

  const Story& story(std::uint32_t number) const { return stories_[number]; }
  bool has_story(const std::string& id) const { return story_numbers_.count(id) > 0; }

 private:
  void take_best(Instant time, std::size_t most, std::vector<Near>& taken);
  void index(Number number);
  void widen();
  void count_in(const Remembered& document);
  void count_out(const Remembered& document);
  Number take_in(Remembered document, const std::string& story);
  void take_place_of(Number number);
  void drop_beyond_limits();
  void drop_oldest();
  bool is_full() const;

  std::uint32_t story_number(const std::string& id);
  auto times() const {
    return [this](Number number) { return times_[number & (times_.size() - 1)]; };
  }
  void leave(std::uint32_t story, Number number);

  StoryLimits limits_;
  Parameters parameters_;
  TermStatistics statistics_;
  ChunkedQueue<Remembered> documents_;  // by number; documents_[0] is number `first_`
  Number first_ = 0;
  std::unordered_map<std::string, Number> by_id_;
  Postings<WeighedPosting> by_term_;
  Postings<Posting> by_pair_;
  ChunkedQueue<Story> stories_;
  std::vector<std::uint32_t> unused_;  // numbers of stories that are gone
  std::unordered_map<std::string, std::uint32_t> story_numbers_;
  Instant newest_{};
  std::size_t bytes_ = 0;  // of documents, by bytes_of()
  // By number modulo size: the time of each document, and whether one is still meant by it.
  std::vector<Instant> times_;
  Touched touched_;                      // by a search
  std::vector<Touched::Ranked> ranked_;  // what the last search came upon

  bool is_gathering_ = false;
  bool has_words_ = true;  // of all documents, that is: entered
  bool has_pairs_ = true;
  std::vector<Number> replaced_;  // by edits, while gathering: their words have yet to be entered
};

}  // namespace wirewatch::feeds
