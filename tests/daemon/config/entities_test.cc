#include <gtest/gtest.h>

#include "daemon/config/entity_import.h"
#include "tests/daemon/config/config_files.h"

namespace wirewatch::daemon {
namespace {

TEST(EntityFiles, RolesAndPinnedNamesAreRead) {
  const ConfigFiles files;
  files.write("e.yaml",
              "country:IQ: {kind: country, names: [Iraq]}\n"
              "a:\n  kind: person\n  names: [Karim Jaber]\n  exact: true\n"
              "  roles: [{role: chief, of: \"@country:IQ\", from: 2020, to: 2024-10}]\n");
  const LoadOutcome outcome = files.load("entities: [e.yaml]\n");
  ASSERT_NE(outcome.snapshot, nullptr) << files.shown(outcome);
  const rules::EntityDef& def = *outcome.snapshot->gazetteer.definition("a");
  EXPECT_TRUE(def.exact);
  ASSERT_EQ(def.roles.size(), 1U);
  EXPECT_EQ(def.roles[0].of, "country:IQ");
  EXPECT_EQ(to_iso8601(*def.roles[0].from), "2020-01-01T00:00:00Z");
  EXPECT_EQ(to_iso8601(*def.roles[0].to), "2024-10-01T00:00:00Z");
}

TEST(EntityFiles, WrongRolesAreRefusedWithWhatWouldBeRight) {
  const ConfigFiles files;
  files.write("e.yaml",
              "a:\n  names: [A B]\n  roles: [{role: chief, from: soon}]\n"
              "b:\n  names: [C D]\n  roles: [{from: 2020}]\n"
              "c:\n  names: [E F]\n  roles: chief\n  exact: maybe\n"
              "d:\n  names: [G H]\n  roles: [{role: chief, from: 2024-10, to: 2024-09}]\n");
  const LoadOutcome outcome = files.load("entities: [e.yaml]\n");
  EXPECT_EQ(outcome.snapshot, nullptr);
  const std::string shown = files.shown(outcome);
  for (const char* part :
       {"e.yaml:3:", "\"soon\" is no date", "2024, 2024-10 or 2024-10-01", "a role needs a name",
        "\"roles\" must be a list", "a role ends after it begins"}) {
    EXPECT_NE(shown.find(part), std::string::npos) << part << "\n" << shown;
  }
}

TEST(EntityFiles, ACountryThatARuleNamesNeedsNoFile) {
  const ConfigFiles files;
  const LoadOutcome outcome = files.load(
      "rules:\n  r:\n    match: |\n      @country:FR\n    examples: {match: [Frankreich]}\n"
      "receivers: {screen: {console: {}}}\n");
  ASSERT_NE(outcome.snapshot, nullptr) << files.shown(outcome);
  EXPECT_EQ(files.shown(outcome), "");
  EXPECT_TRUE(outcome.snapshot->gazetteer.knows("country:FR"));
}

std::string imported(const std::string& content, ImportFormat format) {
  const auto result = import_entities(content, format, "organisation");
  return result ? entities_yaml(result->entities) : result.error().text;
}

TEST(EntityImport, ReadsCsvJsonLinesAndWikidata) {
  EXPECT_EQ(
      imported("id,kind,name,aliases\r\nx,person,\"SHATRI, Hamid\",Hamid Shatry;حميد الشطري\r\n"
               ",,\"The \"\"Front\"\"\",\n",
               ImportFormat::csv),
      "\"x\":\n  kind: person\n  names: [\"Hamid SHATRI\", \"Hamid Shatry\", \"حميد الشطري\"]\n"
      "\"the-front\":\n  kind: organisation\n  names: [\"The \\\"Front\\\"\"]\n");
  EXPECT_EQ(
      imported("{\"id\":\"36\",\"type\":\"-0-\",\"name\":\"AERO LINES\",\"aliases\":[\"AERO\"]}\n\n"
               "{\"type\":\"individual\",\"name\":\"A B\"}\n",
               ImportFormat::jsonl),
      "\"36\":\n  kind: organisation\n  names: [\"AERO LINES\", \"AERO\"]\n"
      "\"a-b\":\n  kind: person\n  names: [\"A B\"]\n");
  EXPECT_EQ(
      imported("{\"entities\":{\"Q1\":{\"id\":\"Q1\",\"labels\":{\"ar\":{\"value\":\"العراق\"},"
               "\"en\":{\"value\":\"Iraq\"}},\"aliases\":{\"de\":[{\"value\":\"Irak\"}]},"
               "\"claims\":{\"P31\":[{\"mainsnak\":{\"datavalue\":{\"value\":{\"id\":"
               "\"Q6256\"}}}}]}}}}",
               ImportFormat::wikidata),
      "\"Q1\":\n  kind: country\n  names: [\"Iraq\", \"العراق\", \"Irak\"]\n");
}

TEST(EntityImport, SaysWhatIsWrongAndKeepsItsBounds) {
  EXPECT_EQ(imported("a,b\n1,2\n", ImportFormat::csv),
            "no column \"name\" in the first line, which has \"a\"; columns are id, kind, name, "
            "aliases, short, near, not, part_of");
  EXPECT_EQ(imported("{\"name\":\"x\"}\n[1]\n", ImportFormat::jsonl),
            "line 2: this is no JSON object");
  ImportLimits limits;
  limits.entities = 1;
  const auto result = import_entities("name\nA\nB\n", ImportFormat::csv, "person", limits);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->entities.size(), 1U);
  EXPECT_EQ(result->notes.at(0), "more than 1 entities: the rest is left out");
}

TEST(EntityImport, WhatItPrintsIsAFileThatAConfigReads) {
  const ConfigFiles files;
  files.write("e.yaml", imported("name,aliases\nO'Neil: \"x\" # y,@a|- b|=C\n", ImportFormat::csv));
  const LoadOutcome outcome = files.load("entities: [e.yaml]\n");
  EXPECT_EQ(files.shown(outcome), "");
}

}  // namespace
}  // namespace wirewatch::daemon
