// Secrets stand outside the config, and nothing that a load says repeats one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/config/config_files.h"

namespace wirewatch::daemon {
namespace {

constexpr const char* kSecret = "hushT0pS3cret";

class Secrets : public testing::Test {
 protected:
  // The messages; fails when they, or the snapshot's refusal, are not as secrets demand.
  std::string refused(const std::string& config) {
    const LoadOutcome outcome = files_.load(config);
    EXPECT_FALSE(outcome.snapshot) << config;
    const std::string shown = files_.shown(outcome);
    EXPECT_EQ(shown.find(kSecret), std::string::npos) << shown;
    for (const ConfigMessage& message : outcome.messages) {
      EXPECT_EQ(message.text.find(kSecret), std::string::npos);
      EXPECT_EQ(message.hint.find(kSecret), std::string::npos);
    }
    return shown;
  }
  ConfigFiles files_;
};

TEST_F(Secrets, ASlackUrlInTheConfigIsRefused) {
  EXPECT_EQ(
      refused(R"(receivers:
  desk:
    slack:
      url: https://hooks.slack.com/services/T0/B0/hushT0pS3cret
)"),
      R"(config.yaml:4:12: error: a Slack webhook's URL is a secret and may not stand in the config
        url: https://hooks.slack.com*****************************
             ^
  hint: write `url_file: PATH` of a file that holds it, or `url: ${NAME}`
)");
}

TEST_F(Secrets, SecretsInTheConfigAreRefused) {
  const std::string secret = kSecret;
  for (const std::string& config : {
           "receivers: {d: {discord: {url: https://discord.com/api/webhooks/1/" + secret + "}}}",
           "receivers: {w: {webhook: {url: https://x.example.org/in, secret: " + secret + "}}}",
           "receivers: {w: {webhook: {url: https://u:" + secret + "@x.example.org/in}}}",
           "receivers:\n  w:\n    webhook:\n      secret: |\n        " + secret + "\n",
           "receivers:\n  w:\n    webhook:\n      url: https://x.example.org/\n      headers:\n"
           "        Authorization: Bearer " +
               secret + "\n",
           "feeds:\n  - url: https://x.example.org/\n    headers:\n      Cookie: id=" + secret +
               "\n",
           "feeds:\n  - https://u:" + secret + "@x.example.org/\n",
           "public_url: https://u:" + secret + "@x.example.org/\n",
       }) {
    EXPECT_NE(refused(config), "");
  }
}

TEST_F(Secrets, AnotherErrorOnTheLineOfASecretDoesNotShowIt) {
  const std::string secret = kSecret;
  for (const std::string& config : {
           // A typing error beside the secret, and YAML that cannot be read.
           "receivers: {d: {slack: {url: https://hooks.slack.com/services/" + secret +
               ", chanel: x}}}",
           "receivers: {d: {slack: {url: https://hooks.slack.com/services/" + secret + "}}\n",
           "receivers:\n  w:\n    webhook:\n      secret: " + secret + ": x\n",
           "receivers:\n  w:\n    webhook:\n      token: '" + secret + "\n",
           "receivers:\n  w:\n    webhook:\n      bot_token: >-\n        " + secret +
               "\n       x: y\n",
           "feeds:\n  - url: https://x.example.org/\n    headers: {X-Auth-Token: " + secret +
               ", \"a b\": c}\n",
           "receivers: {w: {webhook: {secret_env: \"" + secret + " x\", url: https://x.org/}}}\n",
       }) {
    EXPECT_NE(refused(config), "");
  }
}

TEST_F(Secrets, FilesAndVariablesAreNamedAndNotOpened) {
  const LoadOutcome outcome = files_.load(R"(receivers:
  desk: {slack: {url_file: secrets/slack}}
  room: {discord: {url_env: DISCORD_URL}}
  one: {webhook: {url: "${HOOK_URL}", secret: "${HOOK_SECRET}"}}
  two:
    webhook:
      url: https://alerts.example.org/in
      secret_files: [/etc/none/new, secrets/old]
      headers: {X-Team: desk}
      allow: [127.0.0.1/32]
)");
  ASSERT_TRUE(outcome.snapshot) << files_.shown(outcome);
  const auto& receivers = outcome.snapshot->receivers;
  ASSERT_EQ(receivers.size(), 4U);
  EXPECT_EQ(receivers[0].kind, "slack");
  EXPECT_EQ(receivers[0].url.from, SecretRef::From::file);
  EXPECT_EQ(receivers[0].url.where, files_.path("secrets/slack"));
  EXPECT_EQ(receivers[1].url.from, SecretRef::From::environment);
  EXPECT_EQ(receivers[1].url.where, "DISCORD_URL");
  EXPECT_EQ(receivers[2].url.where, "HOOK_URL");
  ASSERT_EQ(receivers[2].secrets.size(), 1U);
  EXPECT_EQ(receivers[2].secrets[0].where, "HOOK_SECRET");
  EXPECT_EQ(receivers[3].url.from, SecretRef::From::literal);
  ASSERT_EQ(receivers[3].secrets.size(), 2U);
  EXPECT_EQ(receivers[3].secrets[0].where, "/etc/none/new");
  EXPECT_EQ(receivers[3].secrets[1].where, files_.path("secrets/old"));
  EXPECT_THAT(receivers[3].headers, testing::ElementsAre(testing::Pair("X-Team", "desk")));
  EXPECT_THAT(receivers[3].allow, testing::ElementsAre("127.0.0.1/32"));
}

TEST_F(Secrets, AVariableWithinATextIsNotReadAndThatIsSaid) {
  EXPECT_EQ(
      refused(
          "feeds: [{url: https://a.example.org/, headers: {Authorization: \"Bearer ${T}\"}}]\n"),
      R"(config.yaml:1:64: error: header "Authorization" has a variable within a text
  feeds: [{url: https://a.example.org/, headers: {Authorization: ****************
                                                                 ^
  hint: a variable holds the whole value, a "Bearer" as well: write `Authorization: ${NAME}`
)");
  EXPECT_THAT(
      refused("feeds: [{url: https://a.example.org/, headers: {Authorization: Bearer $T}}]\n"),
      testing::HasSubstr("write `Authorization: ${NAME}`"));
  EXPECT_THAT(
      refused("feeds: [{url: https://a.example.org/, headers: {Authorization: Bearer x}}]\n"),
      testing::HasSubstr("write `Authorization: {file: /etc/wirewatch/secrets/…}` or"));
  const LoadOutcome outcome =
      files_.load(R"(feeds: [{url: "https://a.example.org/?key=${T}", headers: {X-Here: "a ${T}"}}]
receivers: {w: {webhook: {url: "https://b.example.org/${T}", headers: {X-Team: "${T}"}}}}
)");
  ASSERT_TRUE(outcome.snapshot) << files_.shown(outcome);
  std::string said;
  for (const ConfigMessage& message : outcome.messages) said += message.text + "\n";
  const std::string rest = " names a variable where none is read: it is sent as it is written\n";
  EXPECT_EQ(said, "a feed's URL" + rest + "header \"X-Here\"" + rest + "the URL of a webhook" +
                      rest + "header \"X-Team\"" + rest);
}

TEST_F(Secrets, ACredentialsFolderIsExpandedWhereItIsKnown) {
  const std::string config =
      "receivers: {desk: {slack: {url_file: \"${CREDENTIALS_DIRECTORY}/slack\"}}}\n";
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_EQ(files_.load(config).snapshot->receivers[0].url.where, "${CREDENTIALS_DIRECTORY}/slack");
  ::setenv("CREDENTIALS_DIRECTORY", "/run/credentials/wirewatch", 1);
  EXPECT_EQ(files_.load(config).snapshot->receivers[0].url.where,
            "/run/credentials/wirewatch/slack");
  ::unsetenv("CREDENTIALS_DIRECTORY");
}

TEST_F(Secrets, APathWithAnUnknownVariableIsAnError) {
  ::unsetenv("WIREWATCH_NO_SUCH");
  EXPECT_EQ(refused("state: ${WIREWATCH_NO_SUCH}/x\n"),
            R"(config.yaml:1:8: error: the environment has no "WIREWATCH_NO_SUCH"
  state: ${WIREWATCH_NO_SUCH}/x
         ^
  hint: set the variable, or write the path out
)");
}

TEST_F(Secrets, ASecretIsGivenOnce) {
  EXPECT_EQ(refused("receivers: {d: {slack: {url_file: a, url_env: B}}}\n"),
            R"(config.yaml:1:35: error: a Slack webhook's URL is given more than once
  receivers: {d: {slack: {url_file: a, url_env: ****
                                    ^
  hint: keep one of "url_file", "url_env", "url"
)");
}

}  // namespace
}  // namespace wirewatch::daemon
