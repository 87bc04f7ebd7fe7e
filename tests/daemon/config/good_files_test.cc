// Good configs: every key arrives where it belongs, and absent ones have their defaults.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "tests/daemon/config/config_files.h"

namespace wirewatch::daemon {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::Pair;

TEST(GoodConfig, AnEmptyFileIsAConfigOfDefaults) {
  const ConfigFiles files;
  for (const char* text : {"", "# nothing yet\n",
                           "feeds:\nrules:\nreceivers:\nentities:\ninclude:\n", "\xEF\xBB\xBF"}) {
    const LoadOutcome outcome = files.load(text);
    ASSERT_TRUE(outcome.snapshot) << files.shown(outcome);
    EXPECT_FALSE(has_error(outcome.messages)) << files.shown(outcome);
    EXPECT_EQ(outcome.snapshot->settings.listen, "127.0.0.1:8420");
    EXPECT_EQ(outcome.snapshot->settings.body_cap, 15U << 20U);
    EXPECT_EQ(outcome.snapshot->settings.stop_within, seconds(10));
    EXPECT_EQ(outcome.snapshot->settings.state_folder, "");
    EXPECT_EQ(outcome.snapshot->generation, 1U);
    EXPECT_TRUE(outcome.snapshot->feeds.empty());
  }
}

TEST(GoodConfig, ARefusedLoadSaysWhatItLookedAt) {
  const ConfigFiles files;
  files.write("broken.yaml", "rules: {a: {mach: b}}\n");
  files.write("feeds.d/a.yaml", "feeds: []\n");
  const LoadOutcome outcome = files.load("include: [broken.yaml, missing.yaml, feeds.d]\n");
  EXPECT_FALSE(outcome.snapshot);
  EXPECT_THAT(outcome.files, testing::UnorderedElementsAre(
                                 files.path("config.yaml"), files.path("broken.yaml"),
                                 files.path("missing.yaml"), files.path("feeds.d/a.yaml")));
  EXPECT_THAT(outcome.folders, ElementsAre(files.path("feeds.d")));
}

TEST(GoodConfig, SpellingsOfOneAddressAreWarnedOfAndPolledAsWritten) {
  const ConfigFiles files;
  files.write("more.yaml", "feeds: [\"https://www.example.org:443/news/#top\"]\n");
  const LoadOutcome outcome = files.load(R"(include: [more.yaml]
feeds:
  - http://example.org/news
  - https://example.org/news?page=2
  - {url: "https://example.org/news", headers: {X-Edition: de}}
  - {url: "https://example.org/other", id: a}
  - {url: "https://example.org/other", id: b}
)");
  ASSERT_TRUE(outcome.snapshot) << files.shown(outcome);
  EXPECT_EQ(outcome.snapshot->feeds.size(), 6U);
  EXPECT_EQ(
      files.shown(outcome),
      "config.yaml:7:5: warning: feed \"https://example.org/other\" is polled twice, under two "
      "ids\n"
      "    - {url: \"https://example.org/other\", id: b}\n"
      "      ^\n"
      "  hint: the first is in line 6; keep one of them\n"
      "more.yaml:1:9: warning: feed \"https://www.example.org:443/news/#top\" looks like "
      "feed \"http://example.org/news\" in another spelling\n"
      "  feeds: [\"https://www.example.org:443/news/#top\"]\n"
      "          ^\n"
      "  hint: the first is in config.yaml:3; keep one of them\n");
}

TEST(GoodConfig, AFileThatSaysNothingIsWarnedOfAndNeverReplacesOneThatWatches) {
  const ConfigFiles files;
  const LoadOutcome first = files.load("feeds: [https://a.example/f]\n");
  ASSERT_TRUE(first.snapshot) << files.shown(first);
  for (const char* text : {"", "# all gone\n", "\xEF\xBB\xBF", "---\n"}) {
    EXPECT_THAT(files.shown(files.load(text)),
                testing::HasSubstr("warning: the file says nothing: no feed is read, no rule is"));
    const LoadOutcome next = files.load(text, first.snapshot.get());
    EXPECT_FALSE(next.snapshot);
    EXPECT_THAT(files.shown(next), testing::HasSubstr("error: the file says nothing, and what it "
                                                      "said before stays live"));
  }
  const LoadOutcome meant = files.load("feeds: []\n", first.snapshot.get());
  ASSERT_TRUE(meant.snapshot) << files.shown(meant);
  EXPECT_EQ(files.shown(meant), "");
}

constexpr const char* kSettings = R"(
state: var/../state
listen: "[::1]:9000"
public_url: https://news.example.org/wire/
time_zone: Asia/Baghdad
log: debug
network: {allow: [10.0.0.0/8, "::1/128"]}
http: {user_agent: watcher/1 (+https://example.org), timeout: 30s, connections: 50,
       connections_per_host: 2, spacing: 250ms,
       proxy: {url: "http://proxy.example:3128", user: reader, password_file: secrets/proxy,
       except: [intranet.example, 10.0.0.0/8]}}
polling: {per_day: 5000}
websub: on
limits: {body: 1MiB}
stories: {window: 3d, documents: 5000, memory: 512MiB}
archive: {max_age: 1w, max_size: 2GB}
stop_within: 1m30s
pool: 4
)";

TEST(GoodConfig, EverySettingIsRead) {
  const ConfigFiles files;
  const LoadOutcome outcome = files.load(kSettings);
  ASSERT_TRUE(outcome.snapshot) << files.shown(outcome);
  const Settings& settings = outcome.snapshot->settings;
  EXPECT_EQ(settings.state_folder, files.path("state"));
  EXPECT_EQ(settings.listen, "[::1]:9000");
  EXPECT_EQ(settings.public_url, "https://news.example.org/wire");
  EXPECT_EQ(settings.time_zone, "Asia/Baghdad");
  EXPECT_EQ(settings.log_level, "debug");
  EXPECT_THAT(settings.network.allow, ElementsAre("10.0.0.0/8", "::1/128"));
  EXPECT_EQ(settings.user_agent, "watcher/1 (+https://example.org)");
  EXPECT_EQ(settings.http_deadline, seconds(30));
  EXPECT_EQ(settings.http.connections, 50U);
  EXPECT_EQ(settings.http.connections_per_host, 2U);
  EXPECT_EQ(settings.http.spacing, std::chrono::milliseconds(250));
  EXPECT_EQ(settings.polling.polls, 5000U);
  EXPECT_EQ(settings.polling.window, hours(24));
  EXPECT_EQ(settings.proxy.url, "http://proxy.example:3128");
  EXPECT_EQ(settings.proxy.login.user, "reader");
  EXPECT_EQ(settings.proxy.login.password.where, files.path("secrets/proxy"));
  EXPECT_THAT(settings.proxy.except, ElementsAre("intranet.example", "10.0.0.0/8"));
  EXPECT_EQ(settings.callback_url, "https://news.example.org/wire/websub");
  EXPECT_EQ(settings.body_cap, 1U << 20U);
  EXPECT_EQ(settings.stories.window, hours(72));
  EXPECT_EQ(settings.stories.documents, 5000U);
  EXPECT_EQ(settings.stories.bytes, 512U << 20U);
  EXPECT_EQ(settings.archive.max_age, hours(24 * 7));
  EXPECT_EQ(settings.archive.max_bytes, 2000000000U);
  EXPECT_EQ(settings.stop_within, seconds(90));
  EXPECT_EQ(settings.pool_threads, 4U);
}

TEST(GoodConfig, SettingsStandInTheMainFileAlone) {
  const ConfigFiles files;
  files.write("more.yaml", kSettings);
  const LoadOutcome outcome = files.load("include: [more.yaml]\n");
  std::set<std::string> told;
  for (const ConfigMessage& message : outcome.messages) told.insert(message.text);
  std::istringstream lines(kSettings);
  std::set<std::string> expected;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == ' ') continue;
    expected.insert('"' + line.substr(0, line.find(':')) + "\" stands only in the main file");
  }
  EXPECT_EQ(told, expected);
}

TEST(GoodConfig, AddressesThatMayBringOtherNewsAreNoSpellingsOfOne) {
  const ConfigFiles files;
  const LoadOutcome outcome = files.load(R"(feeds:
  - https://example.org/rss?from=world
  - https://example.org/rss?from=sport
  - http://example.org:8080/rss
  - https://example.org:8080/rss
)");
  EXPECT_EQ(files.shown(outcome), "");
}

TEST(GoodConfig, ManySpellingsLeaveRoomForWhatIsWrong) {
  const ConfigFiles files;
  std::string text = "rules:\n  a: {match: border AND}\nfeeds:\n";
  for (int i = 0; i < 210; ++i) {
    const std::string rest = "://example.org/" + std::to_string(i) + "\n";
    text += "  - http" + rest + "  - https" + rest;
  }
  const std::string shown = files.shown(files.load(text));
  EXPECT_THAT(shown, testing::HasSubstr("config.yaml:2:"));
  EXPECT_THAT(shown, testing::HasSubstr("190 more feeds look like others in another spelling"));
}

TEST(GoodConfig, TheIntervalOfAFeedMayHaveBoundsOnly) {
  const ConfigFiles files;
  const LoadOutcome outcome = files.load(R"(
feeds:
  - {url: "https://example.org/a", every: {least: 2m, most: 1h}}
  - {url: "https://example.org/b", every: {most: 30m}}
polling: {per_hour: 60}
)");
  ASSERT_TRUE(outcome.snapshot) << files.shown(outcome);
  const auto& feeds = outcome.snapshot->feeds;
  EXPECT_EQ(feeds[0].every, std::nullopt);
  EXPECT_EQ(feeds[0].every_least, minutes(2));
  EXPECT_EQ(feeds[0].every_most, hours(1));
  EXPECT_EQ(feeds[1].every_least, std::nullopt);
  EXPECT_EQ(feeds[1].every_most, minutes(30));
  EXPECT_EQ(outcome.snapshot->settings.polling.polls, 60U);
  EXPECT_EQ(outcome.snapshot->settings.polling.window, hours(1));
}

TEST(GoodConfig, AFeedIsItsUrlOrAMap) {
  const ConfigFiles files;
  const LoadOutcome outcome = files.load(R"(
feeds:
  - https://www.example.org/rss
  - https://example.org/atom
  - url: https://example.com/ar/rss
    name: Example Arabic
    id: example-ar
    every: 5m
    tags: [arabic, wire]
    user_agent: other/2
    headers:
      X-Plain: yes
      Authorization: {file: secrets/token}
      X-Api-Key: "${FEED_KEY}"
  - replay: sample.jsonl
    every: 250ms
)");
  ASSERT_TRUE(outcome.snapshot) << files.shown(outcome);
  const auto& feeds = outcome.snapshot->feeds;
  ASSERT_EQ(feeds.size(), 4U);
  EXPECT_EQ(feeds[0].key, "https://www.example.org/rss");
  EXPECT_EQ(feeds[0].name, "example.org");
  EXPECT_EQ(feeds[0].every, std::nullopt);
  EXPECT_EQ(feeds[1].name, "https://example.org/atom") << "the host is another feed's name";
  EXPECT_EQ(feeds[2].key, "example-ar");
  EXPECT_EQ(feeds[2].url, "https://example.com/ar/rss");
  EXPECT_EQ(feeds[2].name, "Example Arabic");
  EXPECT_EQ(feeds[2].every, minutes(5));
  EXPECT_THAT(feeds[2].tags, ElementsAre("arabic", "wire"));
  EXPECT_EQ(feeds[2].request().user_agent, "other/2");
  EXPECT_THAT(feeds[2].request().headers, ElementsAre(Pair("X-Plain", "yes")));
  ASSERT_EQ(feeds[2].request().secret_headers.size(), 2U);
  EXPECT_EQ(feeds[2].request().secret_headers[0].second.where, files.path("secrets/token"));
  EXPECT_EQ(feeds[2].request().secret_headers[1].second.from, SecretRef::From::environment);
  EXPECT_EQ(feeds[2].request().secret_headers[1].second.where, "FEED_KEY");
  EXPECT_EQ(feeds[3].key, "replay:sample.jsonl");
  EXPECT_EQ(feeds[3].replay, files.path("sample.jsonl"));
  EXPECT_EQ(feeds[3].name, "sample");
  EXPECT_EQ(feeds[3].every, std::chrono::milliseconds(250));
}

TEST(GoodConfig, AFeedHasItsOwnWayIn) {
  const ConfigFiles files;
  const LoadOutcome outcome = files.load(R"(
http: {proxy: "https://proxy.example"}
websub: {callback_url: "https://ww.example/hooks/"}
feeds:
  - {url: "https://a.example/", basic: {user: reader, password_file: secrets/a}}
  - {url: "https://b.example/", proxy: off, websub: never}
  - {url: "https://c.example/", proxy: "socks5://127.0.0.1:1080"}
)");
  ASSERT_TRUE(outcome.snapshot) << files.shown(outcome);
  EXPECT_EQ(outcome.snapshot->settings.proxy.url, "https://proxy.example");
  EXPECT_EQ(outcome.snapshot->settings.callback_url, "https://ww.example/hooks");
  const auto& feeds = outcome.snapshot->feeds;
  EXPECT_EQ(feeds[0].request().basic.user, "reader");
  EXPECT_EQ(feeds[0].request().basic.password.where, files.path("secrets/a"));
  EXPECT_FALSE(feeds[0].request().proxy.has_value());
  EXPECT_TRUE(feeds[0].websub);
  ASSERT_TRUE(feeds[1].request().proxy.has_value());
  EXPECT_EQ(feeds[1].request().proxy->url, "") << "off";
  EXPECT_FALSE(feeds[1].websub);
  ASSERT_TRUE(feeds[2].request().proxy.has_value());
  EXPECT_EQ(feeds[2].request().proxy->url, "socks5://127.0.0.1:1080");
}

TEST(GoodConfig, ARuleIsReadWhole) {
  const ConfigFiles files;
  files.write("texts/report.txt", "A border guard was hurt.");
  const LoadOutcome outcome = files.load(R"(
rules:
  border:
    match: |
      border AND
      guard
    severity: critical
    alert: [desk, archive, desk]
    updates: none
    max_age: none
    was: [old-border]
    examples:
      match:
        - a border guard
        - {title: Border, text: a guard, lang: en, source: Wire}
        - {file: texts/report.txt}
      no_match: [a guard]
  all:
    match: flood
receivers:
  desk: {console: {}}
  archive: {console: }
)");
  ASSERT_TRUE(outcome.snapshot) << files.shown(outcome);
  EXPECT_EQ(files.shown(outcome), "");
  const auto& rules = outcome.snapshot->rules.rules();
  ASSERT_EQ(rules.size(), 2U);
  const rules::RuleDef& rule = rules[0];
  EXPECT_EQ(rule.name, "border");
  EXPECT_EQ(rule.query, "border AND\nguard\n");
  EXPECT_EQ(rule.severity, rules::AlertSeverity::critical);
  EXPECT_THAT(rule.receivers, ElementsAre("desk", "archive"));
  EXPECT_EQ(rule.updates, rules::UpdatePolicy::none);
  EXPECT_EQ(rule.max_age, std::nullopt);
  EXPECT_THAT(rule.was, ElementsAre("old-border"));
  ASSERT_EQ(rule.examples.size(), 4U);
  EXPECT_EQ(rule.examples[0].text, "a border guard");
  EXPECT_EQ(rule.examples[1].title, "Border");
  EXPECT_EQ(rule.examples[1].language, "en");
  EXPECT_EQ(rule.examples[1].source, "Wire");
  EXPECT_EQ(rule.examples[2].text, "A border guard was hurt.");
  EXPECT_FALSE(rule.examples[3].must_match);
  EXPECT_EQ(rules[1].severity, rules::AlertSeverity::normal);
  EXPECT_EQ(rules[1].max_age, hours(72));
  EXPECT_THAT(rules[1].receivers, ElementsAre("desk", "archive")) << "no `alert`: all";
}

TEST(GoodConfig, FilesAndFoldersAreIncludedInNameOrder) {
  const ConfigFiles files;
  files.write("config.yaml",
              "include: [feeds.d, more/rules.yaml]\nreceivers: {c: {console: {}}}\n");
  files.write("feeds.d/b.yaml", "feeds: [https://b.example.org/rss]\n");
  files.write("feeds.d/a.yaml", "feeds: [https://a.example.org/rss]\n");
  files.write("feeds.d/.hidden.yaml", "nonsense\n");
  files.write("feeds.d/notes.txt", "nonsense\n");
  files.write("more/rules.yaml",
              "rules: {flood: {match: flood}}\nentities: [names.yaml]\n"
              "include: [rules.yaml, ../config.yaml]\n");
  files.write("more/names.yaml", "tigris: {kind: river, names: [Tigris, دجلة]}\n");
  const LoadOutcome outcome = files.load();
  ASSERT_TRUE(outcome.snapshot) << files.shown(outcome);
  ASSERT_EQ(outcome.snapshot->feeds.size(), 2U);
  EXPECT_EQ(outcome.snapshot->feeds[0].name, "a.example.org");
  EXPECT_EQ(outcome.snapshot->feeds[1].name, "b.example.org");
  EXPECT_EQ(outcome.snapshot->rules.rules().size(), 1U);
  EXPECT_THAT(outcome.snapshot->gazetteer.ids(), ElementsAre("tigris"));
  EXPECT_THAT(outcome.snapshot->files,
              ElementsAre(files.path("config.yaml"), files.path("feeds.d/a.yaml"),
                          files.path("feeds.d/b.yaml"), files.path("more/rules.yaml"),
                          files.path("more/names.yaml")));
  EXPECT_THAT(outcome.snapshot->folders, ElementsAre(files.path("feeds.d")));
}

TEST(GoodConfig, AnEntityIsReadWhole) {
  const ConfigFiles files;
  files.write("e.yaml", R"(
person-1:
  kind: person
  names: [Jan Example, يان]
  short: Example
  near: [office, "@town"]
  part_of: "@town"
  not: [Example Street]
town: {kind: place, names: [Exampleton], twin: [other]}
other: {kind: place, names: [Otherton]}
places: {kind: group, members: [town, other]}
)");
  const LoadOutcome outcome = files.load("entities: [e.yaml]\n");
  ASSERT_TRUE(outcome.snapshot) << files.shown(outcome);
  const rules::EntityDef* person = outcome.snapshot->gazetteer.definition("person-1");
  ASSERT_NE(person, nullptr);
  EXPECT_EQ(person->kind, "person");
  EXPECT_THAT(person->names, ElementsAre("Jan Example", "يان"));
  EXPECT_THAT(person->shorts, ElementsAre("Example"));
  EXPECT_THAT(person->near, ElementsAre("office", "@town"));
  EXPECT_THAT(person->part_of, ElementsAre("town"));
  EXPECT_THAT(person->contexts_not, ElementsAre("Example Street"));
  EXPECT_THAT(outcome.snapshot->gazetteer.definition("places")->members,
              ElementsAre("town", "other"));
  EXPECT_THAT(outcome.snapshot->gazetteer.definition("town")->twins, ElementsAre("other"));
}

TEST(GoodConfig, AnAliasRepeatsAValue) {
  const ConfigFiles files;
  const LoadOutcome outcome = files.load(R"(
feeds:
  - {url: https://example.org/a, name: a, tags: &tags [wire, arabic]}
  - {url: https://example.org/b, name: b, tags: *tags}
)");
  ASSERT_TRUE(outcome.snapshot) << files.shown(outcome);
  EXPECT_THAT(outcome.snapshot->feeds[1].tags, ElementsAre("wire", "arabic"));
}

TEST(GoodConfig, LinesThatEndAsOnWindowsAreRead) {
  const ConfigFiles files;
  const LoadOutcome outcome = files.load("log: warn\r\nfeeds:\r\n  - https://example.org/rss\r\n");
  ASSERT_TRUE(outcome.snapshot) << files.shown(outcome);
  EXPECT_EQ(outcome.snapshot->feeds[0].url, "https://example.org/rss");
}

}  // namespace
}  // namespace wirewatch::daemon
