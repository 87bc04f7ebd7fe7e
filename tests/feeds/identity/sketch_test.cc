// How alike two texts are.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "feeds/identity/identity.h"

namespace wirewatch::feeds {
namespace {

std::string words(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) text += "word" + std::to_string(i) + " ";
  return text;
}

double similarity(const std::string& a, const std::string& b) {
  return sketch_similarity(sketch_text("", a), sketch_text("", b));
}

TEST(Sketch, IsSortedAndBounded) {
  const TextSketch sketch = sketch_text("A title", words(0, 100'000));
  EXPECT_EQ(sketch.size(), 64u);
  EXPECT_TRUE(std::is_sorted(sketch.begin(), sketch.end()));
  EXPECT_EQ(std::adjacent_find(sketch.begin(), sketch.end()), sketch.end());
  EXPECT_TRUE(sketch_text("", " <p>…</p> ").empty());
}

TEST(Sketch, IgnoresCaseMarkupAndSpacing) {
  EXPECT_EQ(sketch_text("Ünter DEN Linden", "<p>Straße &amp; Platz</p>"),
            sketch_text("ünter den linden", "Straße   Platz"));
  EXPECT_EQ(sketch_text("", "a < b and c > d"), sketch_text("", "a b and c d"));
  EXPECT_EQ(sketch_text("", "مُحَمَّد"), sketch_text("", "مُحَمَّد\xe2\x80\x8f"));
}

TEST(Sketch, EstimatesTheShareOfCommonWords) {
  EXPECT_EQ(similarity("", ""), 1);
  EXPECT_EQ(similarity("", "a"), 0);
  EXPECT_EQ(similarity("a b c", "a b c"), 1);
  EXPECT_EQ(similarity(words(0, 300), words(1000, 1300)), 0);
  EXPECT_NEAR(similarity(words(0, 300), words(150, 450)), 1.0 / 3, 0.17);
  EXPECT_NEAR(similarity(words(0, 1000), words(0, 900)), 0.9, 0.12);
  EXPECT_EQ(similarity(words(0, 300), words(150, 450)), similarity(words(150, 450), words(0, 300)));
}

TEST(Sketch, TellsTextsOfOneLanguageApart) {
  const std::string a =
      "The minister said on Monday that the government would not raise taxes on fuel this year, "
      "although the deficit is larger than it was expected to be in the spring.";
  const std::string b =
      "The coach said on Sunday that the team would not sell its captain this year, although it "
      "is in need of money and the offers are larger than they were in the winter.";
  EXPECT_LT(similarity(a, b), 0.35);
  const std::string edited =
      "The minister said on Monday that the government would not raise taxes on fuel this year, "
      "although the deficit is much larger than it was expected to be in spring.";
  EXPECT_GT(similarity(a, edited), 0.7);
}

TEST(Sketch, ComparesScriptsWithoutSpaces) {
  const std::string a = "情报机构负责人前往大马士革讨论边境安全问题";
  const std::string edited = "情报机构负责人前往大马士革会谈边境安全问题";
  const std::string b = "工程师在十一个月的维修后重新开放铁路大桥";
  EXPECT_GT(similarity(a, edited), 0.6);
  EXPECT_LT(similarity(a, b), 0.1);
  EXPECT_EQ(sketch_text("", "中").size(), 1u);
}

}  // namespace
}  // namespace wirewatch::feeds
