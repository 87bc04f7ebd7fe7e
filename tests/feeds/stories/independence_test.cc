#include "feeds/stories/independence.h"

#include <gmock/gmock.h>

#include "feeds/country.h"
#include "feeds/stories/attribution.h"
#include "tests/feeds/stories/documents.h"

namespace wirewatch::feeds {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

TEST(NamedOrigins, AreThoseThatATextSaysItHasItsNewsFrom) {
  const struct {
    const char* text;
    std::vector<std::string> origins;
  } cases[] = {
      {"The dam held, according to the Velm News Agency.", {"Velm News Agency"}},
      {"The dam held, the mayor told Reuters on Monday.", {"Reuters"}},
      {"OSTHAVN (AFP) - The dam held.", {"AFP"}},
      {"The dam held, Xinhua news agency reported.", {"Xinhua news agency"}},
      {"The dam held, Écho Media reported.", {"Écho Media"}},
      {"Citing the official Velm Press Agency, the mayor spoke.", {"Velm Press Agency"}},
      {"The dam held, according to Runa Aske.", {}},
      {"The Osthavn Times building burned down.", {}},
      {"صمد السد، نقلا عن وكالة الأنباء العراقية.", {"وكالة الأنباء العراقية"}},
      {"صمد السد، بحسب وكالة رويترز.", {"وكالة رويترز"}},
      {"زار الوزير وكالة رويترز.", {}},
      {"", {}},
  };
  for (const auto& one : cases)
    EXPECT_EQ(named_origins(document_of("x", "", one.text)), one.origins) << one.text;
}

Document report(std::string id, std::string source, std::string url, std::string text, int hour) {
  Document document =
      document_of(std::move(id), "", std::move(text),
                  from_unix_micros(1'700'000'000'000'000) + std::chrono::hours(hour));
  document.source = std::move(source);
  document.url = std::move(url);
  return document;
}

TEST(Independence, CountsTextsSourcesAndCountriesApart) {
  const std::vector<Document> documents = {
      report("a", "Velm Post", "https://post.no/1", "The dam at Velm held, officials said.", 2),
      report("b", "Other", "https://other.example.com/2", "The dam at Velm held, officials said.",
             1),
      report("c", "Third", "https://third.co.uk/3",
             "The dam held but Osthavn lost 40 boats, according to the Velm News Agency.", 3)};
  const StoryReport reports[] = {{&documents[0], "a"}, {&documents[1], "a"}, {&documents[2], "c"}};
  const Independence facts = independence(reports);
  EXPECT_EQ(facts.texts, 2u);
  EXPECT_THAT(facts.sources, ElementsAre("Velm Post", "Other", "Third"));
  EXPECT_THAT(facts.countries, ElementsAre("NO", "GB"));
  EXPECT_THAT(facts.origins, ElementsAre("Velm News Agency"));
  EXPECT_EQ(facts.first, 1u);
  ASSERT_EQ(facts.reports.size(), 3u);
  EXPECT_THAT(facts.reports[0].added, IsEmpty());
  EXPECT_THAT(facts.reports[1].added, IsEmpty());
  EXPECT_THAT(facts.reports[2].added, Contains("Osthavn"));
  EXPECT_THAT(facts.reports[2].added, Contains("40"));
  EXPECT_THAT(facts.reports[2].added, Not(Contains("dam")));
}

TEST(Independence, NamesComeFirstWhateverTheirFirstLetter) {
  const Document first = report("a", "A", "", "The dam at Velm held.", 1);
  const Document second = report(
      "b", "B", "", "The dam at Velm held: sandbags, pumps and barriers came from Örebro.", 2);
  const StoryReport reports[] = {{&first, "a"}, {&second, "b"}};
  const std::vector<std::string> added = independence(reports).reports[1].added;
  ASSERT_FALSE(added.empty());
  EXPECT_EQ(added[0], "Örebro");
}

TEST(Independence, TheCountryOfAFeedsTagBeatsThatOfItsDomain) {
  Document document = report("a", "A", "https://a.example.com/", "", 0);
  EXPECT_EQ(country_of(document), "");
  document.feed_tags = {"wire", "country:IQ"};
  EXPECT_EQ(country_of(document), "IQ");
  EXPECT_EQ(country_of(report("b", "B", "https://user:pass@news.example.iq/", "", 0)), "IQ");
}

TEST(Independence, NothingHasNothing) {
  EXPECT_EQ(independence({}).texts, 0u);
}

}  // namespace
}  // namespace wirewatch::feeds
