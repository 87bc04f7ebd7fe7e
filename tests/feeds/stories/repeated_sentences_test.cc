#include "feeds/stories/repeated_sentences.h"

#include <gmock/gmock.h>

#include "feeds/stories/features.h"
#include "feeds/stories/story_index.h"
#include "tests/feeds/stories/documents.h"

namespace wirewatch::feeds {
namespace {

const std::vector<Term> words = {1, 2, 3, 4, 5, 6, 7, 8, 9};
// Of one word each.
const std::vector<std::uint32_t> ends = {1, 2, 3, 4, 5, 6, 7, 8, 9};

std::uint32_t hash_of(Term word) {
  return sentence_hash(std::span(&word, 1));
}

TEST(RepeatedSentences, CountsTheFirstTwoAndTheLastFourOfATextAndForgetsThem) {
  RepeatedSentences sentences;
  sentences.add(words, ends);
  sentences.add(words, ends);
  for (const Term word : words)
    EXPECT_EQ(sentences.stories_with(hash_of(word)), word <= 2 || word >= 6 ? 2u : 0u) << word;
  sentences.remove(words, ends);
  EXPECT_EQ(sentences.stories_with(hash_of(1)), 1u);
  sentences.remove(words, ends);
  EXPECT_EQ(sentences.stories_with(hash_of(1)), 0u);
}

TEST(RepeatedSentences, CountASentenceOnceATextHoweverOftenItStandsThere) {
  RepeatedSentences sentences;
  sentences.add(std::vector<Term>{7, 7, 7}, std::vector<std::uint32_t>{1, 2, 3});
  EXPECT_EQ(sentences.stories_with(hash_of(7)), 1u);
}

TEST(RepeatedSentences, OfStoriesThatBeganWithThemAreNotWeighedButWhereTheTitleSaysNothing) {
  const std::string line = "Subscribe to the morning newsletter.";
  TermStatistics statistics;
  const auto terms_of = [&](const std::string& title, const std::string& text) {
    return make_features(document_of("x", title, text), {}, statistics).terms().size();
  };
  const std::size_t alone = terms_of("Levee breaks", "");
  const std::size_t before = terms_of("Levee breaks", line);
  EXPECT_GT(before, alone);
  for (const char* title : {"Ferry sinks", "Library closes"}) {
    EXPECT_EQ(terms_of("Levee breaks", line), before) << title;
    const Features first = make_features(document_of("x", title, line), {}, statistics);
    statistics.sentences().add(first.words(), first.sentence_ends());
  }
  EXPECT_EQ(terms_of("Levee breaks", line), alone);
  EXPECT_GT(terms_of("", line), 0u);
}

// Each of them would be an alert.
TEST(RepeatedSentences, DoNotMakeStrangersOneStory) {
  StoryIndex index;
  for (const char* topic :
       {"quake", "ferry", "seal", "tax", "vote", "levee", "harbour", "ballot"}) {
    const Document document =
        document_of(topic, "Border " + words_about(topic, 5), "Read the whole report on our site.");
    EXPECT_EQ(index.place(document, {}).story, topic);
  }
}

}  // namespace
}  // namespace wirewatch::feeds
