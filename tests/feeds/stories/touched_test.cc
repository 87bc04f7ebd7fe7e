#include "feeds/stories/touched.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace wirewatch::feeds {
namespace {

using Scores = std::map<Number, float>;

struct Touch {
  Number document = 0;
  float score = 0;
};

// So many touches of documents whose numbers lie close together, far apart, or wrap round.
std::vector<Touch> some(std::size_t count, Number first, Number apart) {
  std::mt19937 dice(static_cast<unsigned>(count));
  std::vector<Touch> touches;
  for (std::size_t i = 0; i < count; ++i) {
    const Number document = first + apart * static_cast<Number>(dice() % (count / 3 + 1));
    touches.push_back({document, static_cast<float>(1 + dice() % 1000) / 999.0f});
  }
  return touches;
}

Scores found_by(Touched& touched, const std::vector<Touch>& touches, double least) {
  touched.make_room(touches.size());
  for (const Touch& one : touches) touched.touch(one.document, one.score);
  std::vector<Touched::Ranked> taken = {1, 2, 3};
  touched.take_all(least, taken);
  Scores scores;
  for (const Touched::Ranked one : taken) {
    const bool is_new = scores.emplace(Touched::document_of(one), Touched::score_of(one)).second;
    EXPECT_TRUE(is_new) << Touched::document_of(one);
  }
  return scores;
}

Scores one_by_one(const std::vector<Touch>& touches, double least) {
  Scores sums;
  for (const Touch& one : touches) sums[one.document] += one.score;
  std::erase_if(sums, [least](const auto& one) { return double{one.second} < least; });
  return sums;
}

TEST(Touched, AreExactlyThoseOfEnoughScoreWithTheSumsInTheOrderOfTheTouches) {
  Touched touched;  // for one search after the other
  for (const std::size_t count : {0u, 1u, 2u, 50u, 1'000u, 20'000u}) {
    for (const Number apart : {1u, 4096u, 0x01000193u}) {
      const std::vector<Touch> touches = some(count, 0xFFFFFF00u, apart);
      for (const double least : {0.0, 0.04, 1.0, 2.0, 4.0, 1e9}) {
        EXPECT_EQ(found_by(touched, touches, least), one_by_one(touches, least))
            << count << " touches, " << apart << " apart, at least " << least;
      }
    }
  }
}

TEST(Touched, HigherScoresRankFirstAndEarlierDocumentsAmongEquals) {
  Touched touched;
  touched.make_room(4);
  touched.touch(9, 0.5f);
  touched.touch(7, 0.25f);
  touched.touch(2, 1e-9f);
  touched.touch(3, 0.5f);
  std::vector<Touched::Ranked> taken;
  touched.take_all(0, taken);
  std::sort(taken.begin(), taken.end());
  std::vector<Number> documents;
  for (const Touched::Ranked one : taken) documents.push_back(Touched::document_of(one));
  EXPECT_EQ(documents, (std::vector<Number>{3, 9, 7, 2}));
}

}  // namespace
}  // namespace wirewatch::feeds
