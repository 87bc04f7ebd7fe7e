// The matcher against a second reading of the language. WIREWATCH_PAIRS sets how many pairs of a
// query and a document are tried; tests/eval/equivalence runs a million.
#include "tests/rules/match/reference.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "rules/match/evaluate.h"
#include "rules/match/implies.h"
#include "rules/match/match_json.h"
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
  static const std::vector<std::string> other = {
      "the",   "guards",  "BORDER",  "attacked", "raids",    "secure",    "raiding",
      "gaurd", "بالحدود", "وللحدود", "زيارات",   "ولزيارته", "الاشتباكات"};
  std::string text;
  for (unsigned i = 0; i < words; ++i) {
    const auto pick = random() % (vocabulary().size() + other.size());
    text += pick < vocabulary().size() ? vocabulary()[pick] : other[pick - vocabulary().size()];
    const auto gap = random() % 14;
    text += gap == 0 ? ". The " : gap == 1 ? ".\n" : gap == 2 ? ", " : gap < 5 ? "-" : " ";
  }
  return text;
}

feeds::Document random_document(std::mt19937& random) {
  const auto some = [&](unsigned most) {
    return random_text(random, static_cast<unsigned>(random() % most));
  };
  feeds::DocumentInput input;
  input.title = some(6);
  input.text = some(random() % 8 == 0 ? 90 : 30);
  input.source = some(4);
  input.feed = some(3);
  input.url = "http://border.example/" + some(3);
  for (auto n = random() % 3; n > 0; --n) input.feed_tags.push_back(some(3));
  for (auto n = random() % 3; n > 0; --n) input.authors.push_back(some(3));
  for (auto n = random() % 3; n > 0; --n) input.categories.push_back(some(3));
  feeds::Document document = feeds::make_document(std::move(input));
  document.language = "en";
  for (std::string* field : {&document.source, &document.feed, &document.url}) {
    std::replace(field->begin(), field->end(), '\n', ' ');
  }
  for (auto* list : {&document.feed_tags, &document.authors, &document.categories}) {
    for (std::string& value : *list) std::replace(value.begin(), value.end(), '\n', ' ');
  }
  return document;
}

int pairs_to_try() {
  const char* const pairs = std::getenv("WIREWATCH_PAIRS");
  return pairs == nullptr ? 6000 : std::atoi(pairs);
}

bool any_occurs(const Need& need, const Occurrences& found) {
  return std::any_of(need.atoms.begin(), need.atoms.end(),
                     [&](AtomId atom) { return found.has(atom); });
}

void expect_possible(const Node& tree, const Gazetteer& gazetteer) {
  if (tree.kind != NodeKind::all) return;
  Implications implications(gazetteer);
  for (const Node& a : tree.parts) {
    for (const Node& b : tree.parts) ASSERT_FALSE(implications.excludes(a, b)) << to_text(tree);
  }
}

TEST(Matcher, AgreesWithTheSlowReadingOnRandomQueriesAndDocuments) {
  std::mt19937 random(1905);
  const Gazetteer gazetteer = forces();
  const int pairs = pairs_to_try();
  std::vector<feeds::Document> documents;
  for (int i = 0; i < std::min(2000, 60 + pairs / 500); ++i) {
    documents.push_back(random_document(random));
  }
  int held = 0;
  std::vector<int> kinds(20);
  for (int tried = 0; tried < pairs;) {
    const Node tree = random_tree(random, 3);
    ++kinds[static_cast<std::size_t>(tree.kind)];
    Plans plans;
    std::vector<Need> needs;
    const PlanId plan = plans.add(tree, gazetteer, &needs);
    if (tried / 4 % 2 == 0) plans.finish();  // as examples are run before, documents after
    for (int n = 0; n < 4 && tried < pairs; ++n, ++tried) {
      const feeds::Document& one = documents[random() % documents.size()];
      const std::int64_t age = static_cast<std::int64_t>(random() % 4000);
      const auto mentions = gazetteer.find(one);
      const Reading reading(one, all_fields, std::chrono::seconds(age));
      const Occurrences found = plans.atoms().find(reading, mentions);
      const Evaluation evaluation(plans, reading, mentions, found);
      const bool expected = Reference(one, mentions, gazetteer, age).holds(tree);
      ASSERT_EQ(evaluation.holds(plan), expected)
          << to_text(tree) << "\n[" << one.title << "]\n"
          << one.text << "\nsource: " << one.source << "\nage: " << age << "\n"
          << explain_text(evaluation.explain(plan, tree), one);
      if (!expected) continue;
      ++held;
      ASSERT_TRUE(evaluation.explain(plan, tree).holds);
      // What holds has what it needs in the document, or the rule would never be looked at.
      for (const Need& need : needs) ASSERT_TRUE(any_occurs(need, found)) << to_text(tree);
      expect_possible(tree, gazetteer);
      for (const MatchSpan& span : evaluation.match(plan).spans) {
        const auto& field = span.field == feeds::Field::title ? one.title : one.text;
        ASSERT_LE(span.end, field.size());
        ASSERT_LT(span.start, span.end);
      }
    }
  }
  // Both outcomes must have been seen often.
  EXPECT_GT(held, pairs / 5);
  EXPECT_LT(held, pairs - pairs / 5);
  for (const NodeKind kind : {NodeKind::measure, NodeKind::rule, NodeKind::same, NodeKind::some}) {
    EXPECT_GT(kinds[static_cast<std::size_t>(kind)], 20);
  }
}

}  // namespace
}  // namespace wirewatch::rules
