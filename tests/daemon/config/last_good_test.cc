// The last good generation is kept and comes back, whatever became of its files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/config/config_files.h"

namespace wirewatch::daemon {
namespace {

using testing::ElementsAre;

class LastGood : public testing::Test {
 protected:
  LastGood() {
    files_.write("config.yaml",
                 "include: parts\nentities: [e.yaml]\nfeeds: [{opml: list.opml}]\n"
                 "receivers: {desk: {slack: {url_file: secret}}}\n");
    files_.write("parts/rules.yaml",
                 "rules:\n  flood:\n    match: flood\n    examples: {match: [{file: ex.txt}]}\n");
    files_.write("parts/ex.txt", "a flood");
    files_.write("e.yaml", "tigris: {kind: river, names: [Tigris]}\n");
    files_.write("list.opml",
                 "<opml><body><outline xmlUrl='https://example.org/rss'/></body></opml>");
    std::filesystem::create_directory(state());
  }
  std::string state() const { return files_.path("state"); }
  // An edit after which a rule runs in its last good version, and the start that follows.
  LoadOutcome started_after(const std::string& broken_rules,
                            const testing::Matcher<std::vector<std::string>>& held) {
    const LoadOutcome first = files_.load();
    EXPECT_EQ(files_.shown(first), "");
    files_.write("parts/rules.yaml", broken_rules);
    const LoadOutcome second = files_.load(first.snapshot.get());
    if (!second.snapshot) return {};
    EXPECT_THAT(second.snapshot->held_back, held);
    EXPECT_TRUE(keep_last_good(*second.snapshot, state()));
    return load_last_good(state());
  }
  ConfigFiles files_;
};

TEST_F(LastGood, AListOfHeldRulesThatCannotBeReadIsSaid) {
  ASSERT_TRUE(keep_last_good(*files_.load().snapshot, state()));
  EXPECT_EQ(files_.shown(load_last_good(state())), "");
  std::filesystem::create_directory(state() + "/last-good/held.yaml");
  const LoadOutcome kept = load_last_good(state());
  EXPECT_TRUE(kept.snapshot);
  EXPECT_THAT(files_.shown(kept), testing::HasSubstr("which rules are held back? "));
}

TEST_F(LastGood, AKeptConfigLoadsAfterItsFilesAreGone) {
  const LoadOutcome good = files_.load();
  ASSERT_TRUE(good.snapshot) << files_.shown(good);
  ASSERT_TRUE(keep_last_good(*good.snapshot, state()));
  std::filesystem::remove_all(files_.path("parts"));
  files_.write("config.yaml", "nonsense: [\n");
  files_.write("e.yaml", "");
  files_.write("list.opml", "");

  const LoadOutcome kept = load_last_good(state());
  ASSERT_TRUE(kept.snapshot) << files_.shown(kept);
  EXPECT_EQ(kept.snapshot->config_file, files_.path("config.yaml"));
  EXPECT_EQ(kept.snapshot->rules.rules().at(0).examples.at(0).text, "a flood");
  EXPECT_EQ(kept.snapshot->feeds.at(0).url, "https://example.org/rss");
  EXPECT_EQ(kept.snapshot->receivers.at(0).url.where, files_.path("secret"));
  EXPECT_THAT(kept.snapshot->gazetteer.ids(), ElementsAre("tigris"));
  EXPECT_THAT(kept.snapshot->files, testing::UnorderedElementsAreArray(good.snapshot->files));
  EXPECT_THAT(kept.snapshot->folders, ElementsAre(files_.path("parts")));
}

TEST_F(LastGood, HeadersThatEachRequestHasItselfKeepNoConfigFromLoading) {
  const LoadOutcome good = files_.load(
      "feeds:\n  - url: https://example.org/a\n"
      "    headers: {Host: rss.example, Connection: close, Upgrade: a, Transfer-Encoding: b}\n");
  ASSERT_TRUE(good.snapshot) << files_.shown(good);
  ASSERT_TRUE(keep_last_good(*good.snapshot, state()));
  const LoadOutcome kept = load_last_good(state());
  ASSERT_TRUE(kept.snapshot) << files_.shown(kept);
  EXPECT_THAT(kept.snapshot->feeds.at(0).request().headers,
              ElementsAre(testing::Pair("Host", "rss.example")));
}

TEST_F(LastGood, ANewerOneReplacesTheOlder) {
  ASSERT_TRUE(keep_last_good(*files_.load().snapshot, state()));
  files_.write("config.yaml", "log: warn\n");
  ASSERT_TRUE(keep_last_good(*files_.load().snapshot, state()));
  const LoadOutcome kept = load_last_good(state());
  ASSERT_TRUE(kept.snapshot);
  EXPECT_EQ(kept.snapshot->settings.log_level, "warn");
  EXPECT_TRUE(kept.snapshot->feeds.empty());
  EXPECT_FALSE(std::filesystem::exists(state() + "/last-good.new"));
}

TEST_F(LastGood, WhatIsKeptAlreadyIsNotWrittenAgain) {
  ASSERT_TRUE(keep_last_good(*files_.load().snapshot, state()));
  const std::string mark = state() + "/last-good/mark";
  files_.write("state/last-good/mark", "");
  ASSERT_TRUE(keep_last_good(*files_.load().snapshot, state()));
  EXPECT_TRUE(std::filesystem::exists(mark));
  files_.write("parts/ex.txt", "another flood");
  ASSERT_TRUE(keep_last_good(*files_.load().snapshot, state()));
  EXPECT_FALSE(std::filesystem::exists(mark));
}

TEST_F(LastGood, AFileThatYamlCannotReadStillSaysWhereItIsKept) {
  for (const char* text : {"state: ../state  # all of it\nrules: {flood: {match: [}\n",
                           "rules: {flood: {match: [}\n\n\"state:\nstate: '../state'\n"}) {
    files_.write("parts/broken.yaml", text);
    const LoadOutcome outcome = load_config(files_.path("parts/broken.yaml"));
    EXPECT_FALSE(outcome.snapshot);
    EXPECT_EQ(outcome.state_folder, state()) << text;
  }
  files_.write("parts/broken.yaml", "rules: {flood: {match: [}\n  state: other\nstate: [\n");
  EXPECT_EQ(load_config(files_.path("parts/broken.yaml")).state_folder, "");
}

TEST_F(LastGood, LeftoversOfAnInterruptedWriteDoNotMatter) {
  ASSERT_TRUE(keep_last_good(*files_.load().snapshot, state()));
  files_.write("state/last-good.new/manifest.yaml", "half of");
  EXPECT_TRUE(load_last_good(state()).snapshot);
  ASSERT_TRUE(keep_last_good(*files_.load().snapshot, state()));
  EXPECT_TRUE(load_last_good(state()).snapshot);
}

// After a run as root in the folder of the service's user.
TEST_F(LastGood, WhatAnotherUserLeftThereStopsNoneFromBeingKept) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs another user";
  constexpr uid_t nobody = 65534;
  const LoadOutcome good = files_.load();
  ASSERT_TRUE(keep_last_good(*good.snapshot, state()));
  std::filesystem::permissions(files_.folder(), std::filesystem::perms(0755));
  ASSERT_EQ(::chown(state().c_str(), nobody, nobody), 0);
  for (const char* text : {"another flood", "a third flood"}) {  // as root ran twice
    files_.write("state/last-good.new/0", "root's");
    files_.write("parts/ex.txt", text);
    const LoadOutcome next = files_.load();
    const auto kept_by_nobody = [&] {
      const bool is_nobody = ::setresuid(nobody, nobody, nobody) == 0;
      ::_exit(is_nobody && keep_last_good(*next.snapshot, state()) ? 0 : 1);
    };
    EXPECT_EXIT(kept_by_nobody(), testing::ExitedWithCode(0), "");
    EXPECT_EQ(load_last_good(state()).snapshot->rules.rules().at(0).examples.at(0).text, text);
  }
}

TEST_F(LastGood, AHeldBackRuleComesBackInItsLastGoodVersion) {
  const LoadOutcome kept =
      started_after("rules:\n  flood:\n    match: |\n      flood OR\n  storm: {match: storm}\n",
                    ElementsAre("flood"));
  ASSERT_TRUE(kept.snapshot) << files_.shown(kept);
  EXPECT_THAT(kept.snapshot->held_back, ElementsAre("flood"));
  ASSERT_EQ(kept.snapshot->rules.rules().size(), 2U);
  EXPECT_EQ(kept.snapshot->rules.rules()[0].query, "flood");
  EXPECT_EQ(kept.snapshot->rules.rules()[0].examples.at(0).text, "a flood");
  EXPECT_EQ(kept.snapshot->rules.rules()[1].name, "storm");
  EXPECT_TRUE(kept.messages.empty()) << files_.shown(kept);

  // And a start with the files as they are holds it back again.
  const LoadOutcome started = files_.load(kept.snapshot.get());
  ASSERT_TRUE(started.snapshot);
  EXPECT_EQ(started.snapshot->rules.rules()[0].query, "flood");
}

TEST_F(LastGood, AHeldBackRuleThatOnlyServesOthersAlertsNobodyWhenItComesBack) {
  files_.write("parts/rules.yaml",
               "rules:\n  sport: {match: football, alert: none}\n"
               "  flood: {match: flood AND NOT $sport}\n");
  const LoadOutcome kept = started_after(
      "rules:\n  sport: {match: football OR, alert: none}\n"
      "  flood: {match: flood AND NOT $sport}\n",
      testing::Contains("sport"));
  ASSERT_TRUE(kept.snapshot) << files_.shown(kept);
  EXPECT_EQ(kept.snapshot->rules.rules().at(0).name, "sport");
  EXPECT_TRUE(kept.snapshot->rules.rules()[0].only_named);
}

TEST_F(LastGood, AHeldBackRuleKeepsAllThatItsExamplesSay) {
  const std::string examples =
      "    examples:\n      match: [{text: a dam broke, url: 'https://example.org/water/1', "
      "tags: [wire, region], source: INA, lang: en, title: Dam}]\n";
  const std::string good = "rules:\n  flood:\n    match: url:\"org/water\" AND tag:wire\n";
  files_.write("parts/rules.yaml", good + examples);
  const LoadOutcome kept = started_after(
      "rules:\n  flood:\n    match: url:\"org/water\" AND\n" + examples, ElementsAre("flood"));
  ASSERT_TRUE(kept.snapshot) << files_.shown(kept);
  EXPECT_EQ(files_.shown(kept), "");
  ASSERT_EQ(kept.snapshot->rules.rules().size(), 1U);
  const rules::Example& example = kept.snapshot->rules.rules()[0].examples.at(0);
  EXPECT_EQ(example.url, "https://example.org/water/1");
  EXPECT_THAT(example.tags, ElementsAre("wire", "region"));
}

TEST_F(LastGood, WithoutOneTheMessageSaysSo) {
  const LoadOutcome kept = load_last_good(state());
  EXPECT_FALSE(kept.snapshot);
  EXPECT_EQ(files_.shown(kept),
            "state/last-good/manifest.yaml: error: there is no last good config: cannot read "
            "\"state/last-good/manifest.yaml\": No such file or directory\n");
}

TEST_F(LastGood, AFolderThatCannotBeWrittenIsNamed) {
  const auto kept = keep_last_good(*files_.load().snapshot, files_.path("none"));
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().text, "cannot write \"" + files_.path("none") +
                                   "/last-good.new\": No such file or directory");
}

}  // namespace
}  // namespace wirewatch::daemon
