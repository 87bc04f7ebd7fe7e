#include "feeds/stories/story_index.h"

#include <gmock/gmock.h>

#include "feeds/stories/features.h"
#include "feeds/stories/own_terms.h"
#include "feeds/stories/parameters.h"
#include "tests/feeds/stories/documents.h"

namespace wirewatch::feeds {
namespace {

using testing::AnyOf;
using testing::Contains;
using testing::IsEmpty;

// A day's items of a small town's papers: corpus.jsonl, in order of time.
class StoryIndexOnTheCorpus : public testing::Test {
 protected:
  void SetUp() override {
    documents_ = read_documents(source_path("tests/feeds/stories/corpus.jsonl"));
    StoryIndex index;
    for (const Document& document : documents_) placed_[document.id] = index.place(document, {});
  }
  const Placement& placed(const std::string& id) { return placed_.at(id); }

  std::vector<Document> documents_;
  std::map<std::string, Placement> placed_;
};

TEST_F(StoryIndexOnTheCorpus, TheFirstReportStartsAStory) {
  EXPECT_EQ(placed("wire").story, "wire");
  EXPECT_EQ(placed("wire").copy_group, "wire");
  EXPECT_EQ(placed("wire").relation, Relation::fresh);
  EXPECT_EQ(placed("wire").of, "");
}

TEST_F(StoryIndexOnTheCorpus, CutReheadedAndRewrittenCopiesAreCopies) {
  for (const char* id : {"cut", "reheaded", "rewrite"}) {
    EXPECT_EQ(placed(id).relation, Relation::copy) << id;
    EXPECT_EQ(placed(id).copy_group, "wire") << id;
    EXPECT_EQ(placed(id).story, "wire") << id;
  }
  EXPECT_GT(placed("cut").similarity, 0.9);
}

TEST_F(StoryIndexOnTheCorpus, AnIndependentReportJoinsWithATextOfItsOwn) {
  EXPECT_EQ(placed("independent").relation, Relation::same_story);
  EXPECT_EQ(placed("independent").story, "wire");
  EXPECT_EQ(placed("independent").copy_group, "independent");
  EXPECT_THAT(placed("independent").why, Contains(AnyOf("Dorne", "Upper")));
  EXPECT_LE(placed("independent").why.size(), 8u);
}

TEST_F(StoryIndexOnTheCorpus, TheSamePeopleAndPlacesTheNextDayAreAnotherStory) {
  EXPECT_EQ(placed("minister").story, "minister");
  EXPECT_EQ(placed("libraries").story, "libraries");
}

TEST_F(StoryIndexOnTheCorpus, ShortItemsAreCopiesOnlyOfTheirOwnText) {
  EXPECT_EQ(placed("gold-copy").relation, Relation::copy);
  EXPECT_EQ(placed("gold-copy").copy_group, "gold");
  EXPECT_EQ(placed("gold-copy").story, placed("gold").story);
  EXPECT_EQ(placed("runway").copy_group, "runway");
}

TEST_F(StoryIndexOnTheCorpus, ArabicReportsAndTheirCopiesAreSeenLikeOthers) {
  EXPECT_EQ(placed("fire-ar").relation, Relation::fresh);
  EXPECT_EQ(placed("fire-ar-copy").relation, Relation::copy);
  EXPECT_EQ(placed("fire-ar-copy").copy_group, "fire-ar");
  EXPECT_EQ(placed("fire-ar-other").relation, Relation::same_story);
  EXPECT_EQ(placed("fire-ar-other").story, "fire-ar");
}

TEST_F(StoryIndexOnTheCorpus, RememberingPlacementsGivesTheSameAnswersAsPlacing) {
  StoryIndex restored;
  const std::size_t half = documents_.size() / 2;
  for (std::size_t i = 0; i < half; ++i)
    restored.remember(documents_[i], {}, placed(documents_[i].id));
  EXPECT_EQ(restored.size(), half);
  for (std::size_t i = half; i < documents_.size(); ++i) {
    const Placement again = restored.place(documents_[i], {});
    const Placement& before = placed(documents_[i].id);
    EXPECT_EQ(again.story, before.story);
    EXPECT_EQ(again.copy_group, before.copy_group);
    EXPECT_EQ(again.of, before.of);
    EXPECT_EQ(again.similarity, before.similarity);
    EXPECT_EQ(again.why, before.why);
  }
}

TEST_F(StoryIndexOnTheCorpus, ARestartFromTheStoreIsAsIfNoneHadBeen) {
  for (std::size_t cut = 1; cut < documents_.size(); ++cut) {
    StoryIndex before;
    StoryIndex after;
    for (std::size_t i = 0; i < cut; ++i) {
      const Document& document = documents_[i];
      const Placement placement = before.place(document, {});
      ASSERT_TRUE(
          after.remember(document.id, document.time, before.packed(document.id), placement));
    }
    for (std::size_t i = cut; i < documents_.size(); ++i) {
      const Placement expected = before.place(documents_[i], {});
      const Placement placement = after.place(documents_[i], {});
      EXPECT_EQ(placement.story, expected.story) << documents_[i].id;
      EXPECT_EQ(placement.copy_group, expected.copy_group);
      EXPECT_EQ(placement.relation, expected.relation);
      EXPECT_EQ(placement.of, expected.of);
      EXPECT_EQ(placement.similarity, expected.similarity);
      EXPECT_EQ(placement.why, expected.why);
    }
  }
}

TEST_F(StoryIndexOnTheCorpus, WhatCannotBeUnpackedIsNotRemembered) {
  StoryIndex index;
  EXPECT_FALSE(index.remember("x", {}, "", {}));
  EXPECT_EQ(index.size(), 0u);
  EXPECT_EQ(index.packed("x"), "");
}

TEST(StoryIndex, APassageThatOneCopyTookInDoesNotMakeItsOwnTextACopy) {
  StoryIndex index;
  std::string text;
  for (const char* topic : {"quake", "tax", "ferry", "harbour", "seal"})
    text += words_about(topic, 24);
  const std::string passage = words_about("levee", 24);
  EXPECT_EQ(index.place(document_of("text", "", text), {}).copy_group, "text");
  EXPECT_EQ(index.place(document_of("copy", "", text + passage), {}).copy_group, "text");
  const Placement other =
      index.place(document_of("other", "", passage + words_about("vote", 8)), {});
  EXPECT_EQ(other.copy_group, "other");
}

TEST(EvidenceCurve, IsStraightBetweenItsKnotsLevelBeyondAndMoreForShortDocuments) {
  const EvidenceCurve curve{{0, 1, 3, 3, 3}, {2, 4, 8, 8, 8}, {0, 10, 20, 20, 20}};
  const std::vector<std::array<double, 3>> cases = {
      {-1, 0, 2}, {0, 0, 2},  {0.5, 0, 3}, {1, 0, 4},   {2, 0, 6},    {3, 0, 8},
      {9, 0, 8},  {-1, 1, 2}, {0.5, 1, 8}, {1, 0.5, 9}, {9, 0.5, 18},
  };
  for (const auto& [value, shortness, adds] : cases)
    EXPECT_DOUBLE_EQ(curve(value, shortness), adds) << value << " " << shortness;
}

TEST(OwnTerms, TellHowManyWordsACosineRestsOn) {
  TermStatistics statistics;
  const auto features = [&statistics](const std::string& text) {
    return make_features(document_of("x", "", text), {}, statistics);
  };
  const Features own = features("quake levee ferry");
  const OwnTerms terms(own);
  const Agreement same = terms.agreement_with(own);
  EXPECT_DOUBLE_EQ(same.cosine, terms.cosine_with(own));
  EXPECT_EQ(same.shared, 3);
  EXPECT_GT(same.agreeing, 1);
  EXPECT_LE(same.agreeing, 3 + 1e-9);
  const Agreement one = terms.agreement_with(features("quake minister library"));
  EXPECT_EQ(one.shared, 1);
  EXPECT_DOUBLE_EQ(one.agreeing, 1);
  EXPECT_EQ(terms.agreement_with(features("minister library")).agreeing, 0);
}

TEST(OwnTerms, AddUpWhatWalkingThroughBothTextsDoesHoweverLongTheyAre) {
  Parameters parameters;
  parameters.most_terms = 1000;
  TermStatistics statistics(parameters);
  const auto features = [&statistics](const std::string& text) {
    return make_features(document_of("x", "", text), {}, statistics);
  };
  const std::string quake = words_about("quake", 300);
  const std::string vote = words_about("vote", 170);
  const Features texts[] = {features(quake), features(vote), features(quake + " " + vote),
                            features("quake1x"), features("")};
  for (const Features& own : texts)
    for (const Features& other : texts)
      EXPECT_EQ(OwnTerms(own).cosine_with(other), cosine(own, other));
}

// Curves that say yes to everything.
TEST(StoryIndex, WhatIsLessLikeThanTheFloorJoinsNothingWhateverTheCurvesSay) {
  const std::string text = words_about("quake", 30);
  for (const double least : {0.0, 0.5}) {
    Parameters parameters;
    parameters.curves = {};
    parameters.start_score = 5;
    parameters.event_score_least = 0;
    parameters.joint_cosine_least = least;
    StoryIndex index(StoryLimits{}, parameters);
    index.place(document_of("a", "", text), {});
    EXPECT_EQ(index.place(document_of("b", "quake0x", words_about("vote", 30)), {}).story,
              least == 0 ? "a" : "b");
  }
}

// Two reports that share nothing, then one that tells both halves.
TEST(StoryIndex, ADocumentThatBelongsToTwoStoriesMakesThemOne) {
  const std::string left = words_about("quake", 25);
  const std::string right = words_about("levee", 25);
  Parameters parameters;
  parameters.copy_containment = parameters.copy_jaccard = 2;  // stories alone
  parameters.rewrite_cosine = 2;
  parameters.merge_fit = 0;
  parameters.merge_score = -10;
  parameters.curves = {};
  parameters.start_score = -0.2;
  parameters.curves[static_cast<std::size_t>(Evidence::nearest)] = {
      {0, 0.25, 0.5, 0.75, 1}, {0, 0.25, 0.5, 0.75, 1}, {}};
  StoryIndex index(StoryLimits{}, parameters);
  EXPECT_EQ(index.place(document_of("a", "", left), {}).story, "a");
  EXPECT_EQ(index.place(document_of("b", "", right), {}).story, "b");
  const Placement both = index.place(document_of("c", "", right + " " + left), {});
  ASSERT_EQ(both.merges.size(), 1u);
  EXPECT_EQ(both.merges[0].story, "b");
  EXPECT_EQ(both.merges[0].into, "a");
  EXPECT_EQ(both.story, "a");
  EXPECT_EQ(index.place(document_of("d", "", right), {}).story, "a");
}

TEST_F(StoryIndexOnTheCorpus, AnEditedItemKeepsStoryAndCopyGroup) {
  StoryIndex index;
  for (const Document& document : documents_) index.place(document, {});
  Document edited = documents_[1];
  ASSERT_EQ(edited.id, "cut");
  edited =
      document_of("cut", "A new headline", edited.text + "\nA correction was added.", edited.time);
  const Placement placement = index.place(edited, {});
  EXPECT_EQ(placement.story, "wire");
  EXPECT_EQ(placement.copy_group, "wire");
  EXPECT_EQ(placement.relation, Relation::copy);
  EXPECT_EQ(placement.of, "wire");
  EXPECT_EQ(index.size(), documents_.size());
}

TEST_F(StoryIndexOnTheCorpus, AnItemWhoseTextBecameAnotherKeepsOnlyItsStory) {
  StoryIndex index;
  for (const Document& document : documents_) index.place(document, {});
  const Document other =
      document_of("cut", "Other", words_about("unrelated", 80), documents_[1].time);
  const Placement placement = index.place(other, {});
  EXPECT_EQ(placement.story, "wire");
  EXPECT_EQ(placement.copy_group, "cut");
  EXPECT_EQ(placement.relation, Relation::same_story);
}

Instant day(int number) {
  return from_unix_micros(1'700'000'000'000'000 + number * 86'400'000'000);
}

TEST(StoryIndex, WhatIsFartherApartThanTheWindowIsNeverTheSameStory) {
  const std::string text = words_about("flood", 80);
  StoryIndex index;
  index.place(document_of("a", "Flood", text, day(0)), {});
  EXPECT_EQ(index.place(document_of("b", "Flood", text, day(8)), {}).story, "b");
  EXPECT_EQ(index.place(document_of("c", "Flood", text, day(10)), {}).copy_group, "b");
}

TEST(StoryIndex, AnUnknownTimeIsNearToEveryOther) {
  const std::string text = words_about("flood", 80);
  StoryIndex index;
  index.place(document_of("a", "Flood", text, day(0)), {});
  EXPECT_EQ(index.place(document_of("b", "Flood", text), {}).story, "a");
}

TEST(StoryIndex, EntitiesJoinReportsAcrossLanguages) {
  Document english = document_of("en", "", "Salem visited the harbour of Tolm yesterday.", day(0));
  Document arabic = document_of("ar", "", "زار سالم ميناء تولم أمس", day(0));
  std::vector<Mention> in_english(3);
  in_english[0].entity = "salem";
  in_english[1].entity = "tolm";
  in_english[2].entity = "harbour-of-tolm";
  StoryIndex without;
  without.place(english, {});
  EXPECT_EQ(without.place(arabic, {}).story, "ar");
  StoryIndex with;
  with.place(english, in_english);
  const Placement placement = with.place(arabic, in_english);
  EXPECT_EQ(placement.story, "en");
  EXPECT_THAT(placement.why, Contains("@salem"));
}

TEST(StoryIndex, EmptyAndWordlessDocumentsAreStoriesOfTheirOwn) {
  StoryIndex index;
  EXPECT_EQ(index.place(document_of("a", "", ""), {}).story, "a");
  EXPECT_EQ(index.place(document_of("b", "", "... !"), {}).story, "b");
  EXPECT_EQ(index.place(document_of("c", "the of and", ""), {}).story, "c");
  EXPECT_THAT(index.place(document_of("d", "", ""), {}).why, IsEmpty());
}

}  // namespace
}  // namespace wirewatch::feeds
