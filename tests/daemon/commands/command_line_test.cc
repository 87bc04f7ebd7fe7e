#include <gmock/gmock.h>

#include <cstdlib>

#include "daemon/commands/client.h"
#include "daemon/commands/command.h"
#include "daemon/commands/places.h"

namespace wirewatch::daemon {
namespace {

using testing::ElementsAre;

const std::vector<OptionSpec> options = {
    {"config", "FILE", ""}, {"state", "FOLDER", ""}, {"json", "", ""}};

Result<CommandLine> parse(std::vector<std::string> arguments) {
  return CommandLine::parse(arguments, options);
}

TEST(CommandLine, TakesOptionsInEitherFormAndWords) {
  const auto line =
      parse({"one", "--config", "a.yaml", "--json", "-", "--state=/s=t", "--", "--x"});
  ASSERT_TRUE(line) << line.error().text;
  EXPECT_EQ(line->value("config"), "a.yaml");
  EXPECT_EQ(line->value("state"), "/s=t");
  EXPECT_TRUE(line->has("json"));
  EXPECT_THAT(line->words(), ElementsAre("one", "-", "--x"));
  EXPECT_EQ(line->value_or("nothing", "else"), "else");
}

TEST(CommandLine, SaysWhatIsWrongWithAnOption) {
  struct Case {
    std::vector<std::string> arguments;
    const char* error;
  };
  const Case cases[] = {
      {{"--confg", "a"}, "there is no option --confg; did you mean --config?"},
      {{"--zzzzzzz"}, "there is no option --zzzzzzz"},
      {{"--config"}, "--config needs FILE"},
      {{"--json=yes"}, "--json takes no value"},
      {{"--stat=x"}, "there is no option --stat; did you mean --state?"},
  };
  for (const Case& c : cases) {
    const auto line = parse(c.arguments);
    ASSERT_FALSE(line) << c.error;
    EXPECT_EQ(line.error().text, c.error);
  }
}

TEST(CommandLine, EveryVerbHasItsUsageHelpAndDistinctOptions) {
  for (const Command& command : commands()) {
    EXPECT_TRUE(command.usage.starts_with(command.name)) << command.name;
    EXPECT_FALSE(command.summary.empty()) << command.name;
    EXPECT_FALSE(command.help.empty()) << command.name;
    std::set<std::string_view> names;
    for (const OptionSpec& option : command.options) {
      EXPECT_TRUE(names.insert(option.name).second) << command.name << " --" << option.name;
    }
  }
}

int code_of(const std::vector<std::string>& arguments, std::string& printed) {
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  const int code = dispatch(arguments);
  testing::internal::GetCapturedStdout();
  printed = testing::internal::GetCapturedStderr();
  return code;
}

TEST(CommandLine, MisuseIsExitCodeTwoWithItsReason) {
  struct Case {
    std::vector<std::string> arguments;
    int code;
    const char* printed;
  };
  const Case cases[] = {
      {{}, exit_misuse, ""},
      {{"--help"}, exit_ok, ""},
      {{"run", "--help"}, exit_ok, ""},
      {{"stats"},
       exit_misuse,
       "wirewatch: there is no verb \"stats\"; did you mean \"status\"?; wirewatch --help lists "
       "them\n"},
      {{"status", "--jsn"},
       exit_misuse,
       "wirewatch status: there is no option --jsn; did you mean --json?\n"},
      {{"run", "--config", "x", "--manual-clock", "noon"},
       exit_misuse,
       "wirewatch run: --manual-clock takes an instant such as 2024-12-26T16:00:00Z, not "
       "\"noon\"\n"},
  };
  for (const Case& c : cases) {
    std::string printed;
    EXPECT_EQ(code_of(c.arguments, printed), c.code) << c.printed;
    EXPECT_EQ(printed, c.printed);
  }
}

TEST(Durations, AreANumberAndAUnit) {
  EXPECT_EQ(*read_duration("90s"), std::chrono::seconds(90));
  EXPECT_EQ(*read_duration("15m"), std::chrono::minutes(15));
  EXPECT_EQ(*read_duration("24h"), std::chrono::hours(24));
  EXPECT_EQ(*read_duration("7d"), std::chrono::hours(168));
  for (const char* wrong :
       {"", "7", "d", "7w", "-1s", "1.5h", "7 d", "999999999d", "1234567890s"}) {
    const auto read = read_duration(wrong);
    ASSERT_FALSE(read) << wrong;
    EXPECT_EQ(read.error().text,
              "\"" + std::string(wrong) + "\" is no duration such as 90s, 15m, 24h or 7d");
  }
}

TEST(Client, EncodesWhatItAsks) {
  EXPECT_EQ(with_query("/v1/why", {}), "/v1/why");
  EXPECT_EQ(with_query("/v1/why", {{"item", "a b&c=d/é"}}), "/v1/why?item=a%20b%26c%3Dd%2F%C3%A9");
  EXPECT_EQ(with_query("/v1/x", {{"a", ""}, {"b", "1"}, {"c", "-_.Z"}}), "/v1/x?b=1&c=-_.Z");
}

// Sets variables for one test and puts them back.
class PlacesTest : public testing::Test {
 protected:
  PlacesTest() {
    for (const char* name : {"STATE_DIRECTORY", "XDG_STATE_HOME", "HOME", "RUNTIME_DIRECTORY"}) {
      const char* const value = std::getenv(name);
      before_[name] = value == nullptr ? std::optional<std::string>() : std::string(value);
      ::unsetenv(name);
    }
  }
  ~PlacesTest() override {
    for (const auto& [name, value] : before_) {
      if (value) {
        ::setenv(name.c_str(), value->c_str(), 1);
      } else {
        ::unsetenv(name.c_str());
      }
    }
  }
  static void set(const char* name, const char* value) { ::setenv(name, value, 1); }
  std::map<std::string, std::optional<std::string>> before_;
};

TEST_F(PlacesTest, TheStateFolderIsTheFirstThatIsNamed) {
  EXPECT_EQ(state_folder({}, ""), "/var/lib/wirewatch");
  set("HOME", "/home/u");
  EXPECT_EQ(state_folder({}, ""), "/home/u/.local/state/wirewatch");
  set("XDG_STATE_HOME", "/xdg");
  EXPECT_EQ(state_folder({}, ""), "/xdg/wirewatch");
  set("STATE_DIRECTORY", "/var/lib/one:/var/lib/two");
  EXPECT_EQ(state_folder({}, ""), "/var/lib/one");
  EXPECT_EQ(state_folder({}, "/from/config"), "/from/config");
  EXPECT_EQ(state_folder("/from/../option", "/from/config"), "/option");
}

TEST_F(PlacesTest, TheSocketIsInTheRuntimeFolderElseWithTheState) {
  EXPECT_EQ(control_socket("/s"), "/s/control.sock");
  set("RUNTIME_DIRECTORY", "/run/ww:/run/other");
  EXPECT_EQ(control_socket("/s"), "/run/ww/control.sock");
  EXPECT_THAT(
      control_socket_candidates("/s"),
      ElementsAre("/run/ww/control.sock", "/s/control.sock", "/run/wirewatch/control.sock"));
}

}  // namespace
}  // namespace wirewatch::daemon
