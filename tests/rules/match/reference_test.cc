#include <gtest/gtest.h>

#include <random>

#include "rules/match/evaluate.h"
#include "rules/match/plan.h"
#include "tests/rules/match/reference.h"
#include "tests/rules/query/random_tree.h"
#include "tests/rules/world.h"

namespace wirewatch::rules {
namespace {

Gazetteer forces() {
  EntityDef both = entity("both", "group", {});
  both.members = {"x", "y"};
  return Gazetteer::compile({entity("x", "force", {"border guard", "Guards"}),
                             entity("y", "place", {"raid border", "secure"}), both})
      .first;
}

std::string random_text(std::mt19937& random, unsigned words) {
  static const std::vector<std::string> other = {"the", "guards", "BORDER", "attacked", "raids"};
  std::string text;
  for (unsigned i = 0; i < words; ++i) {
    const auto pick = random() % (vocabulary().size() + other.size());
    text += pick < vocabulary().size() ? vocabulary()[pick] : other[pick - vocabulary().size()];
    const auto gap = random() % 12;
    text += gap == 0 ? ". The " : gap == 1 ? ".\n" : gap == 2 ? ", " : " ";
  }
  return text;
}

TEST(Matcher, AgreesWithTheSlowReadingOnRandomQueriesAndDocuments) {
  std::mt19937 random(1905);
  const Gazetteer gazetteer = forces();
  std::vector<feeds::Document> documents;
  for (int i = 0; i < 60; ++i) {
    const auto title = random() % 6;
    documents.push_back(document(random_text(random, static_cast<unsigned>(title)),
                                 random_text(random, static_cast<unsigned>(random() % 90)), "en"));
    documents.back().language = "en";
  }
  std::size_t held = 0;
  for (int i = 0; i < 1000; ++i) {
    const Node tree = random_tree(random, 3);
    AtomTable atoms;
    const Plan plan = make_plan(tree, atoms, gazetteer);
    for (int n = 0; n < 4; ++n) {
      const feeds::Document& one = documents[random() % documents.size()];
      const auto mentions = gazetteer.find(one);
      const Occurrences found = atoms.find(one, mentions);
      const Evaluation evaluation(one, mentions, found);
      const bool expected = Reference(one, mentions, gazetteer).holds(tree);
      ASSERT_EQ(evaluation.holds(plan), expected) << to_text(tree) << "\n[" << one.title << "]\n"
                                                  << one.text;
      ASSERT_EQ(evaluation.explain(plan).holds, expected);
      held += expected ? 1 : 0;
      if (!expected || !plan.anchors) continue;
      // What holds has an anchor in the document, or the rule would never be looked at.
      ASSERT_TRUE(std::any_of(plan.anchors->begin(), plan.anchors->end(), [&](AtomId atom) {
        return !found.of(atom).empty();
      })) << to_text(tree);
      ASSERT_FALSE(evaluation.match(plan).spans.empty()) << to_text(tree);
    }
  }
  // Both outcomes must have been seen often.
  EXPECT_GT(held, 800U);
  EXPECT_LT(held, 3200U);
}

}  // namespace
}  // namespace wirewatch::rules
