// What a story index remembers after a restart is what it remembered before.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "feeds/stories/parameters.h"
#include "feeds/stories/story_index.h"
#include "tests/feeds/stories/documents.h"

namespace wirewatch::feeds {
namespace {

// Reports of events, their copies, edits of old ones and teasers that many share, in one order.
class Stream {
 public:
  Document next() {
    const int number = count_++;
    const int event = static_cast<int>(random_() % 40) + number / 50;
    const std::string topic = "event" + std::to_string(event) + "n";
    std::string text = words_about(topic, 12 + static_cast<int>(random_() % 30)) + ". ";
    text += words_about("own" + std::to_string(number), 20 + static_cast<int>(random_() % 60));
    if (number % 4 == 0) text += ". Read the whole report on our site.";
    if (number % 5 == 1) text = last_ + ". Added later.";
    last_ = text;
    const int id = number % 7 == 6 ? number - static_cast<int>(random_() % 120) : number;
    const int minute = number % 11 == 3 ? 0 : number;
    const Instant time =
        minute == 0 ? Instant{} : from_unix_micros(1'700'000'000'000'000 + minute * 60'000'000LL);
    return document_of("d" + std::to_string(std::max(id, 0)), topic, text, time);
  }

 private:
  std::mt19937 random_{11};
  std::string last_ = "Nothing yet";
  int count_ = 0;
};

struct Kept {
  std::string id;
  Instant time{};
  std::string packed;
  Placement placement;
};

// An index and what its store would hold.
class Running {
 public:
  explicit Running(StoryLimits limits) : limits_(limits), index_(limits) {}

  std::string place(const Document& document) {
    const Placement placement = index_.place(document, {});
    for (const StoryMerge& merge : placement.merges)
      for (Kept& one : store_)
        if (one.placement.story == merge.story) one.placement.story = merge.into;
    store_.push_back({document.id, document.time, index_.packed(document.id), placement});
    return line(document, placement) + store_.back().packed;
  }

  // From the store's row `first` on. `one_by_one`: nothing is gathered.
  StoryIndex restarted(std::size_t first, bool one_by_one = false) const {
    StoryIndex index(limits_);
    for (std::size_t i = first; i < store_.size(); ++i) {
      const Kept& one = store_[i];
      EXPECT_TRUE(index.remember(one.id, one.time, one.packed, one.placement));
      if (one_by_one) index.enter_words();
    }
    return index;
  }

  static std::string line(const Document& document, const Placement& placement) {
    std::string line = placement_line(document.id, placement);
    for (const StoryMerge& merge : placement.merges) line += merge_line(merge);
    return line;
  }
  const StoryIndex& index() const { return index_; }
  std::size_t rows() const { return store_.size(); }

 private:
  StoryLimits limits_;
  StoryIndex index_;
  std::vector<Kept> store_;
};

void expect_same_decisions(StoryLimits limits, int before, int after) {
  Stream stream;
  Running running(limits);
  for (int i = 0; i < before; ++i) running.place(stream.next());
  ASSERT_LT(running.index().size(), running.rows());
  std::vector<StoryIndex> restarted;
  restarted.push_back(running.restarted(0));
  restarted.push_back(running.restarted(0, true));
  restarted.push_back(running.restarted(running.rows() - running.index().size() - 60));
  for (const StoryIndex& index : restarted) {
    EXPECT_EQ(index.size(), running.index().size());
    EXPECT_EQ(index.bytes(), running.index().bytes());
  }
  for (int i = 0; i < after; ++i) {
    const Document document = stream.next();
    const std::string expected = running.place(document);
    for (StoryIndex& index : restarted) {
      const Placement placement = index.place(document, {});
      EXPECT_EQ(Running::line(document, placement) + index.packed(document.id), expected);
      EXPECT_EQ(index.bytes(), running.index().bytes());
    }
  }
}

TEST(Restart, AtTheLimitOfBytesNoDecisionIsAnotherOne) {
  StoryLimits limits;
  limits.bytes = 600'000;
  for (const int before : {300, 501, 802}) expect_same_decisions(limits, before, 120);
}

TEST(Restart, AtTheLimitOfDocumentsNoDecisionIsAnotherOne) {
  StoryLimits limits;
  limits.documents = 100;
  for (const int before : {250, 451}) expect_same_decisions(limits, before, 120);
}

TEST(Restart, SentencesWithWhichStoriesBeganAreStillKnown) {
  const std::string line = "Read the whole report on our site.";
  Running running{StoryLimits{}};
  for (const char* topic : {"quake", "ferry", "seal"})
    running.place(document_of(topic, "Border " + words_about(topic, 5), line));
  const Document next = document_of("levee", "Levee breaks", line);
  StoryIndex forgetful;
  forgetful.place(next, {});
  StoryIndex restarted = running.restarted(0);
  const std::string expected = running.place(next);
  const Placement placement = restarted.place(next, {});
  EXPECT_EQ(Running::line(next, placement) + restarted.packed("levee"), expected);
  EXPECT_LT(restarted.packed("levee").size(), forgetful.packed("levee").size());
}

TEST(Restart, WordsAndPairsMayBeEnteredInEitherOrderOrByWhatComesNext) {
  Stream stream;
  Running running{StoryLimits{}};
  for (int i = 0; i < 60; ++i) running.place(stream.next());
  std::vector<StoryIndex> restarted;
  for (int i = 0; i < 4; ++i) restarted.push_back(running.restarted(0));
  restarted[0].enter_pairs();
  restarted[1].enter_words();
  restarted[2].enter_words();
  restarted[2].enter_pairs();
  const Document next = stream.next();
  const std::string expected = running.place(next);
  for (StoryIndex& index : restarted) {
    const Placement placement = index.place(next, {});
    EXPECT_EQ(Running::line(next, placement) + index.packed(next.id), expected);
  }
}

}  // namespace
}  // namespace wirewatch::feeds
