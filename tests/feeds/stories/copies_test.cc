#include "feeds/stories/copies.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

#include "tests/feeds/stories/documents.h"

namespace wirewatch::feeds {
namespace {

class Copies : public testing::Test {
 protected:
  Features of(const std::string& text, const std::string& title = "") {
    return make_features(document_of("x", title, text), {}, statistics_);
  }
  std::optional<CopyEvidence> copied(const Features& a, const Features& b) {
    return CopyCheck(a, statistics_).copied(b);
  }
  std::optional<CopyEvidence> rewritten(const Features& a, const Features& b) {
    return CopyCheck(a, statistics_).rewritten(b, 1);
  }
  TermStatistics statistics_;
};

TEST_F(Copies, EqualTextsResembleEachOtherFully) {
  const Features a = of(words_about("quake", 60));
  const auto evidence = copied(a, a);
  ASSERT_TRUE(evidence);
  EXPECT_DOUBLE_EQ(evidence->similarity, 1);
  EXPECT_NEAR(cosine(a, a), 1, 1e-4);  // weights are kept in 16 bits
}

TEST_F(Copies, PairsInCommonAreCountedAsSortedListsWouldCountThem) {
  const std::vector<Term> texts[] = {
      {}, {1}, {1, 2}, {1, 2, 1, 2, 1}, {3, 1, 2, 3, 1, 4}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 2, 3}};
  for (const std::vector<Term>& own : texts) {
    PairOverlap overlap(own);
    const std::vector<std::uint32_t> pairs = word_pairs(own);
    EXPECT_EQ(overlap.own(), pairs.size());
    for (const std::vector<Term>& other : texts) {
      const std::vector<std::uint32_t> others = word_pairs(other);
      std::vector<std::uint32_t> shared;
      std::set_intersection(pairs.begin(), pairs.end(), others.begin(), others.end(),
                            std::back_inserter(shared));
      const PairOverlap::Counts counts = overlap.with(other);
      EXPECT_EQ(counts.shared, shared.size());
      EXPECT_EQ(counts.others, others.size());
    }
  }
}

// A text in which every `apart`th word is another one has about so many fewer.
TEST_F(Copies, PairsInCommonAreCountedToTheEndUnlessTheyAreSureToBeTooFew) {
  for (const Term apart : {1u, 2u, 3u, 20u, 1'000u}) {
    std::vector<Term> own;
    std::vector<Term> other;
    for (Term i = 1; i <= 200; ++i) {
      own.push_back(i * 7919);
      other.push_back(i % apart == 0 ? i * 104'729 : own.back());
    }
    PairOverlap overlap(own);
    const std::size_t shared = PairOverlap(own).with(other).shared;
    EXPECT_EQ(overlap.shared_with(other), shared);
    EXPECT_EQ(overlap.shared_with(other, shared), shared);
    EXPECT_LE(overlap.shared_with(other, shared + 1), shared);
    EXPECT_EQ(overlap.shared_with(other, 0), shared);
  }
}

TEST_F(Copies, WhatIsCoveredOfATextIsToldByTheOtherTextsPairsAlike) {
  const std::vector<Term> texts[] = {{},
                                     {1},
                                     {1, 2},
                                     {1, 2, 1, 2, 1},
                                     {3, 1, 2, 3, 1, 4, 5, 6, 7, 8, 9, 8, 7},
                                     {9, 8, 7, 6, 5, 4, 3, 2, 1, 2, 3}};
  for (const std::vector<Term>& own : texts) {
    PairOverlap overlap(own);
    for (const std::vector<Term>& other : texts) {
      const double covered = PairOverlap(other).covered(own);
      overlap.with(other);
      EXPECT_EQ(overlap.own_covered(), covered);
      overlap.shared_with(other);
      EXPECT_EQ(overlap.own_covered(), covered);
    }
  }
}

TEST_F(Copies, ACutTextIsContainedInTheWhole) {
  const std::string whole = words_about("quake", 120);
  const Features cut = of(whole.substr(0, whole.size() / 3));
  const auto evidence = copied(of(whole), cut);
  ASSERT_TRUE(evidence);
  EXPECT_GT(evidence->similarity, 0.95);
}

TEST_F(Copies, ATitleOfItsOwnDoesNotMatterForALongText) {
  const std::string text = words_about("quake", 60);
  EXPECT_DOUBLE_EQ(copied(of(text, "One title"), of(text, "Quite another"))->similarity, 1);
}

TEST_F(Copies, OtherTextsAreNoCopies) {
  EXPECT_FALSE(copied(of(words_about("quake", 60)), of(words_about("vote", 60))));
  EXPECT_FALSE(copied(of(""), of("")));
  EXPECT_FALSE(copied(of("Fire"), of("Fire")));
}

// Every `step`th word is another.
std::string damaged(const std::string& text, std::size_t step) {
  std::string out;
  std::size_t word = 0;
  for (std::size_t start = 0; start < text.size(); ++word) {
    const std::size_t end = std::min(text.find(' ', start), text.size());
    out += word % step == 0 ? "damage" + std::to_string(word) : text.substr(start, end - start);
    out += ' ';
    start = end + 1;
  }
  return out;
}

TEST_F(Copies, ATextDamagedAllOverIsACopy) {
  const std::string text = words_about("quake", 60);
  EXPECT_TRUE(copied(of(text), of(damaged(text, 4))));
  EXPECT_TRUE(copied(of(damaged(text, 4)), of(text)));
}

TEST_F(Copies, TwoShortReportsOfOneEventInTheirOwnWordsAreNoCopies) {
  const Features ours = of(
      "Iraqi and Syrian officials met in Damascus on Thursday to discuss how the two countries can "
      "secure their long frontier against smugglers and remaining armed groups in the desert. The "
      "delegation was led by the head of the Iraqi intelligence service, a government spokesman "
      "said, and stayed for several hours before it returned to Baghdad in the evening.");
  const Features theirs =
      of("The head of Iraqi intelligence arrived in Damascus on Thursday for talks with Syrian "
         "officials about smugglers and armed groups along the desert frontier, sources in Baghdad "
         "told reporters. It is the first such visit of an Iraqi delegation since the change of "
         "government.");
  EXPECT_FALSE(copied(ours, theirs));
  EXPECT_FALSE(copied(theirs, ours));
}

TEST_F(Copies, HalfATextInsideAnotherIsNoCopy) {
  const std::string passage = words_about("quake", 24);
  std::string text = passage;
  for (const char* topic : {"vote", "tax", "ferry", "harbour", "seal"})
    text += words_about(topic, 24);
  const Features host = of(text);
  const Features other = of(passage + words_about("levee", 24));
  EXPECT_FALSE(copied(host, other));
  EXPECT_FALSE(copied(other, host));
  EXPECT_TRUE(copied(host, of(passage)));
}

constexpr const char* original =
    "Rangers counted forty grey seals on the sandbank north of Velm on Sunday. The herd has grown "
    "by a third since the trawlers left the bay, biologist Runa Aske explained. Fishermen complain "
    "that the animals tear their herring nets. A hearing about compensation is planned in Velm for "
    "the end of April.";
constexpr const char* rewrite =
    "On Sunday forty grey seals were counted by rangers on a sandbank north of Velm. According to "
    "biologist Runa Aske, the herd grew by a third after trawlers left the bay. The animals tear "
    "herring nets, fishermen complain. At the end of April, Velm plans a hearing about "
    "compensation.";
constexpr const char* independent =
    "Seals are back in force. Runa Aske, who has watched the bay of Velm for twenty years, calls "
    "it "
    "the best spring she can remember. Not everybody is happy: nets are torn, and the herring "
    "catch is down. The council invited both camps to talk in April. Tourists have already come "
    "with cameras and boats.";

TEST_F(Copies, ARewriteIsSeenSentenceBySentence) {
  const auto evidence = rewritten(of(original), of(rewrite));
  ASSERT_TRUE(evidence);
  EXPECT_EQ(evidence->sentences, 4u);
  EXPECT_EQ(evidence->partners, 4u);
  EXPECT_GT(evidence->similarity, 0.9);
}

// Of forty sentences of six words, two of which all have in common, each fifth is another one.
TEST_F(Copies, PartnersOfManySentencesAreCounted) {
  const auto text = [](std::size_t apart) {
    std::string all;
    for (std::size_t i = 1; i <= 40; ++i) {
      const std::string name = (i % apart == 0 ? "other" : "name") + std::to_string(i);
      all += "Quake levee";
      for (const char* part : {"a", "b", "c", "d"}) all += " " + name + part;
      all += ". ";
    }
    return all;
  };
  const auto evidence = rewritten(of(text(100)), of(text(5)));
  ASSERT_TRUE(evidence);
  EXPECT_EQ(evidence->sentences, 40u);
  EXPECT_EQ(evidence->partners, 32u);
  EXPECT_NEAR(evidence->similarity, 0.8, 0.01);
  EXPECT_FALSE(rewritten(of(text(100)), of(text(2))));  // half of them are too few
}

TEST_F(Copies, AnIndependentReportIsNoRewrite) {
  EXPECT_FALSE(rewritten(of(original), of(independent)));
  EXPECT_FALSE(copied(of(original), of(independent)));
}

TEST_F(Copies, SentencesInAnotherOrderAreNoRewrite) {
  const std::string turned =
      "At the end of April, Velm plans a hearing about compensation. The animals tear herring "
      "nets, fishermen complain. According to biologist Runa Aske, the herd grew by a third after "
      "trawlers left the bay. On Sunday forty grey seals were counted by rangers on a sandbank "
      "north of Velm.";
  EXPECT_FALSE(rewritten(of(original), of(turned)));
}

}  // namespace
}  // namespace wirewatch::feeds
