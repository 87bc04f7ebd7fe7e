#include "feeds/stories/packed.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <span>
#include <utility>

#include "tests/feeds/stories/documents.h"

namespace wirewatch::feeds {
namespace {

Features features_of(const Document& document) {
  TermStatistics statistics;
  return make_features(document, {}, statistics);
}

Features example() {
  return features_of(document_of("x", "Ferry runs aground off Velm",
                                 "The ferry Aske ran aground on Sunday. All 214 passengers were "
                                 "taken off by boats from Velm. Nobody was hurt, the owner said."));
}

TEST(PackedFeatures, ComeBackAsTheyWere) {
  const Features features = example();
  const auto back = unpack_features(pack(features));
  ASSERT_TRUE(back);
  EXPECT_TRUE(std::ranges::equal(back->words(), features.words()));
  EXPECT_TRUE(std::ranges::equal(back->sentence_ends(), features.sentence_ends()));
  EXPECT_TRUE(std::ranges::equal(back->pair_sample(), features.pair_sample()));
  EXPECT_EQ(back->language().view(), features.language().view());
  ASSERT_EQ(back->terms().size(), features.terms().size());
  for (std::size_t i = 0; i < features.terms().size(); ++i) {
    EXPECT_EQ(back->terms()[i].term, features.terms()[i].term);
    EXPECT_EQ(back->terms()[i].scaled, features.terms()[i].scaled);
    EXPECT_EQ(back->terms()[i].flags, features.terms()[i].flags);
  }
  EXPECT_TRUE(unpack_features(pack(features_of(document_of("empty", "", "")))));
}

// A story of one document is looked up in these.
TEST(Features, ListsStayWhereTheyAreWhenTheFeaturesAreMoved) {
  Features features = example();
  const std::span<const DocumentTerm> terms = features.terms();
  const Features moved = std::move(features);
  EXPECT_EQ(moved.terms().data(), terms.data());
  EXPECT_EQ(moved.terms().size(), terms.size());
  EXPECT_EQ(moved.words().size(), moved.sentence_ends().back());
}

TEST(PackedFeatures, AnythingElseIsRefused) {
  const std::string packed = pack(example());
  EXPECT_FALSE(unpack_features(""));
  EXPECT_FALSE(unpack_features("\x02" + packed.substr(1)));
  EXPECT_FALSE(unpack_features(packed + "x"));
  for (std::size_t size = 0; size < packed.size(); ++size)
    EXPECT_FALSE(unpack_features(std::string_view(packed).substr(0, size))) << size;
  std::string broken = packed;
  for (std::size_t i = 1; i < broken.size(); ++i) {
    broken[i] = static_cast<char>(0xFF);
    const auto back = unpack_features(broken);  // whatever comes, it ends
    if (back && !back->sentence_ends().empty()) {
      EXPECT_LE(back->sentence_ends().back(), back->words().size());
    }
    broken[i] = packed[i];
  }
}

}  // namespace
}  // namespace wirewatch::feeds
