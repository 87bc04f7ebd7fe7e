// The keys of a mail receiver: what is read, and exactly what people are told when it is wrong.
#include <gtest/gtest.h>

#include "tests/daemon/config/config_files.h"

namespace wirewatch::daemon {
namespace {

std::string with(const std::string& keys) {
  return "receivers:\n  m:\n    email:\n" + keys;
}

const std::string kServer = "      server: smtp://mail.example.org\n";
const std::string kPeople = "      from: a@example.org\n      to: b@example.org\n";

TEST(EmailKeys, AreReadIntoOneForm) {
  const ConfigFiles files;
  const LoadOutcome outcome = files.load(
      with("      server: smtps://Mail.example.org\n      user: alerts\n"
           "      password_file: /etc/secret\n      from: Wirewatch <alerts@Example.org>\n"
           "      to: [b@example.org, 'Büro <c@bücher.example>']\n      reply_to: d@example.org\n"
           "      on_update: post\n"));
  ASSERT_NE(outcome.snapshot, nullptr) << files.shown(outcome);
  const ReceiverConfig& config = outcome.snapshot->receivers.at(0);
  EXPECT_EQ(config.option("server"), "smtps://mail.example.org:465");
  EXPECT_EQ(config.option("from"), "Wirewatch <alerts@example.org>");
  EXPECT_EQ(config.option("to"), "b@example.org\nBüro <c@xn--bcher-kva.example>");
  EXPECT_EQ(config.option("reply_to"), "d@example.org");
  EXPECT_EQ(config.user, (SecretRef{SecretRef::From::literal, "alerts"}));
  EXPECT_EQ(config.token, (SecretRef{SecretRef::From::file, "/etc/secret"}));
  EXPECT_EQ(config.on_update, OnUpdate::post);
}

TEST(EmailKeys, WhatIsMissingIsNamed) {
  const ConfigFiles files;
  EXPECT_EQ(files.shown(files.load(with("      on_update: reply\n"))),
            R"(config.yaml:3:5: error: receiver "m" has no "server"
      email:
      ^
  hint: write smtp://mail.example.org or smtps://mail.example.org
config.yaml:3:5: error: receiver "m" has no "from"
      email:
      ^
  hint: write an address: desk@example.org or Desk <desk@example.org>
config.yaml:3:5: error: receiver "m" has no "to"
      email:
      ^
  hint: write an address or a list of them
)");
}

TEST(EmailKeys, AServerIsAUrlOfItsOwnKind) {
  const ConfigFiles files;
  EXPECT_EQ(files.shown(files.load(with("      server: mail.example.org\n" + kPeople))),
            R"(config.yaml:4:15: error: "mail.example.org" is no mail server
        server: mail.example.org
                ^
  hint: write smtp://mail.example.org (port 587) or smtps://mail.example.org (port 465), )"
            "with another port behind it if need be, and without a user or a path\n");
}

TEST(EmailKeys, AnAddressThatIsNoneIsNamedWithItsPlace) {
  const ConfigFiles files;
  EXPECT_EQ(files.shown(files.load(with(kServer + "      from: a@example.org\n"
                                                  "      to: [b@example.org, desk]\n"))),
            R"(config.yaml:6:27: error: "desk" is no mail address: )"
            R"(write desk@example.org or Desk <desk@example.org>
        to: [b@example.org, desk]
                            ^
)");
}

TEST(EmailKeys, APasswordStandsInAFileBelongsToAUserAndIsNeverSentInTheClear) {
  const ConfigFiles files;
  EXPECT_EQ(files.shown(files.load(with(kServer + kPeople + "      user: u\n"))),
            R"(config.yaml:3:5: error: receiver "m" has no password
      email:
      ^
  hint: write "password_file" or "password_env"
)");
  EXPECT_EQ(files.shown(files.load(with(kServer + kPeople + "      password_file: p\n"))),
            R"(config.yaml:7:22: error: a password without a user
        password_file: p
                       ^
  hint: write "user" or "user_file"
)");
  EXPECT_EQ(files.shown(files.load(with(
                kServer + kPeople + "      user: u\n      password_file: p\n      tls: none\n"))),
            R"(config.yaml:9:12: error: a password would go unencrypted
        tls: none
             ^
  hint: leave "tls" out, or log in nowhere
)");
}

TEST(EmailKeys, SmtpsNeedsNoWordAboutEncryption) {
  const ConfigFiles files;
  EXPECT_EQ(files.shown(files.load(
                with("      server: smtps://mail.example.org\n" + kPeople + "      tls: none\n"))),
            R"(config.yaml:7:12: error: smtps:// is encrypted from the first byte
        tls: none
             ^
  hint: leave "tls" out
)");
}

}  // namespace
}  // namespace wirewatch::daemon
