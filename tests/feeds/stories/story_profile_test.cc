#include "feeds/stories/story_profile.h"

#include <gmock/gmock.h>

#include <deque>

#include "tests/feeds/stories/documents.h"

namespace wirewatch::feeds {
namespace {

Overlap overlap_of(const Features& features, const StoryProfile& story) {
  return overlap(OwnTerms(features), story);
}

class Profile : public testing::Test {
 protected:
  // Stays until the test is over, as the first document of a story must.
  const Features& keep(Features features) { return kept_.emplace_back(std::move(features)); }
  const Features& of(const std::string& topic, int count = 40) {
    return keep(make_features(
        document_of("x", topic + "1 " + topic + "2", words_about(topic, count)), {}, statistics_));
  }
  TermStatistics statistics_;

 private:
  std::deque<Features> kept_;
};

TEST_F(Profile, OfOneDocumentIsTheDocument) {
  StoryProfile story;
  story.add(of("quake"));
  const Overlap overlap = overlap_of(of("quake"), story);
  EXPECT_NEAR(overlap.centroid, 1, 1e-3);
  EXPECT_NEAR(overlap.mean, 1, 1e-3);
  EXPECT_NEAR(overlap.known, 1, 1e-3);
  EXPECT_NEAR(overlap.core, 1, 1e-3);
  EXPECT_NEAR(overlap.title_known, 1, 1e-3);
  const Overlap other = overlap_of(of("vote"), story);
  EXPECT_EQ(other.centroid, 0);
  EXPECT_EQ(other.known, 0);
}

TEST_F(Profile, DependsOnItsDocumentsAndNotOnTheirOrderOrOnThoseThatLeft) {
  StoryProfile straight;
  straight.add(of("quake"));
  straight.add(of("vote"));
  StoryProfile roundabout;
  roundabout.add(of("vote"));
  roundabout.add(of("ferry"));
  roundabout.add(of("quake"));
  roundabout.remove(of("ferry"));
  EXPECT_EQ(straight.square(), roundabout.square());
  EXPECT_EQ(straight.in_titles(), roundabout.in_titles());
  ASSERT_EQ(straight.terms().size(), roundabout.terms().size());
  for (std::size_t i = 0; i < straight.terms().size(); ++i) {
    EXPECT_EQ(straight.terms()[i].term, roundabout.terms()[i].term);
    EXPECT_EQ(straight.terms()[i].sum, roundabout.terms()[i].sum);
  }
}

// Two fights of one champion, say: every word in common but the name of the other.
TEST_F(Profile, NamesTellTwoEventsOfOneKindApart) {
  const auto fight = [this](const std::string& other) -> const Features& {
    return keep(make_features(document_of("x", "",
                                          "On Friday Runa Aske beat " + other +
                                              " for the title. The crowd cheered " + other + "."),
                              {}, statistics_));
  };
  StoryProfile story;
  story.add(fight("Brennvik"));
  story.add(fight("Brennvik"));
  EXPECT_EQ(overlap_of(fight("Brennvik"), story).new_name, 0);
  EXPECT_EQ(overlap_of(fight("Holm"), story).new_name, 1);
}

TEST_F(Profile, StoriesOfTheSameWordsFitTogetherAndOthersDoNot) {
  StoryProfile a;
  a.add(of("quake"));
  StoryProfile b;
  b.add(of("quake"));
  StoryProfile c;
  c.add(of("vote"));
  EXPECT_GT(merge_fit(a, b), 1);
  EXPECT_EQ(merge_fit(a, c), 0);
  b.add(a);
  EXPECT_EQ(b.documents(), 2);
}

}  // namespace
}  // namespace wirewatch::feeds
