// Mail: addresses, headers and bodies as tables, a whole message, and what answers mean.
#include <gmock/gmock.h>

#include "daemon/receivers/mime.h"
#include "tests/daemon/receivers/sample_view.h"

namespace wirewatch::daemon {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(MailAddress, IsReadAsPeopleWriteIt) {
  const struct {
    const char* text;
    const char* name;
    const char* mailbox;
  } cases[] = {
      {"desk@example.org", "", "desk@example.org"},
      {"  desk@EXAMPLE.org ", "", "desk@example.org"},
      {"Night Desk <night.desk+1@example.org>", "Night Desk", "night.desk+1@example.org"},
      {"\"Desk, night\" <n@example.org>", "Desk, night", "n@example.org"},
      {"<n@example.org>", "", "n@example.org"},
      {"Büro <büro@bücher.example>", "Büro", "büro@xn--bcher-kva.example"},
      {"root@localhost", "", "root@localhost"},
      {"a@www.example.org", "", "a@www.example.org"},
  };
  for (const auto& one : cases) {
    const auto address = parse_mail_address(one.text);
    ASSERT_TRUE(address) << one.text;
    EXPECT_EQ(address->name, one.name) << one.text;
    EXPECT_EQ(address->mailbox, one.mailbox) << one.text;
  }
}

TEST(MailAddress, IsRefusedWithWhatWouldBeRight) {
  for (const char* text :
       {"", "desk", "desk@", "@example.org", "a b@example.org", "a..b@example.org",
        ".a@example.org", "\"quoted part\"@example.org", "a@exa mple.org", "a@example.org/x",
        "a@[127.0.0.1]", "Desk <a@example.org", "a@b.example, c@d.example", "a@example.org>",
        "x <<a@example.org>"}) {
    const auto address = parse_mail_address(text);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().text, "\"" + std::string(text) +
                                        "\" is no mail address: write desk@example.org or Desk "
                                        "<desk@example.org>");
  }
  EXPECT_FALSE(parse_mail_address("a@example.org\r\nBcc: b@example.org"));
  EXPECT_FALSE(parse_mail_address(std::string(65, 'a') + "@example.org"));
}

TEST(MailServer, HasASchemeAndAPort) {
  const struct {
    const char* text;
    const char* url;
  } cases[] = {
      {"smtp://mail.example.org", "smtp://mail.example.org:587"},
      {"smtps://mail.example.org", "smtps://mail.example.org:465"},
      {"smtp://mail.example.org:25", "smtp://mail.example.org:25"},
      {"smtp://127.0.0.1:80", "smtp://127.0.0.1:80"},
      {"smtp://[::1]", "smtp://[::1]:587"},
      {"smtp://[::1]:2525", "smtp://[::1]:2525"},
  };
  for (const auto& one : cases) {
    const auto server = parse_mail_server(one.text);
    ASSERT_TRUE(server) << one.text;
    EXPECT_EQ(server->url, one.url);
  }
  for (const char* text : {"mail.example.org", "http://mail.example.org", "smtp://", "smtp://a b",
                           "smtp://user:pw@mail.example.org", "smtp://mail.example.org/path",
                           "smtp://mail.example.org:", "smtp://mail.example.org:99999"}) {
    EXPECT_FALSE(parse_mail_server(text)) << text;
  }
}

TEST(Mime, HeadersStayOneHeaderOfShortAsciiLines) {
  const struct {
    const char* text;
    const char* header;
  } cases[] = {
      {"Plain words", "Subject: Plain words\r\n"},
      {"", "Subject: \r\n"},
      {"Über", "Subject: =?utf-8?B?w5xiZXI=?=\r\n"},
      {"=?utf-8?Q?a?=", "Subject: =?utf-8?B?PT91dGYtOD9RP2E/PQ==?=\r\n"},
      {"a\r\nBcc: b@example.org", "Subject: a Bcc: b@example.org\r\n"},
      {"a\xff", "Subject: =?utf-8?B?Ye+/vQ==?=\r\n"},
      {"one two three four five six seven eight nine ten eleven twelve thirteen fourteen",
       "Subject: one two three four five six seven eight nine ten eleven twelve\r\n"
       " thirteen fourteen\r\n"},
  };
  for (const auto& one : cases) EXPECT_EQ(text_header("Subject", one.text), one.header);
}

TEST(Mime, LongTitlesArePartedBetweenCharacters) {
  std::string title;
  for (int i = 0; i < 60; ++i) title += "\u0639\u0631\u0627\u0642 ";
  const std::string header = text_header("Subject", title);
  std::size_t lines = 0;
  for (std::size_t at = 0; at < header.size(); ++lines) {
    const std::size_t end = header.find("\r\n", at);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end - at, 76U);
    at = end + 2;
  }
  EXPECT_GT(lines, 8U);
  EXPECT_THAT(header, Not(HasSubstr("77+9")));  // base64 of U+FFFD: none was cut in two
}

TEST(Mime, AddressesCarryTheirNames) {
  EXPECT_EQ(address_header("To", {{"", "a@example.org"}, {"Desk, night", "b@example.org"}}),
            "To: a@example.org, \"Desk, night\" <b@example.org>\r\n");
  EXPECT_EQ(address_header("To", {{"B\u00fcro", "b@example.org"}}),
            "To: =?utf-8?B?QsO8cm8=?= <b@example.org>\r\n");
}

TEST(Mime, DatesAreInEnglishAndUtc) {
  EXPECT_EQ(mail_date(at("2026-03-01T04:02:05Z")), "Sun, 01 Mar 2026 04:02:05 +0000");
}

TEST(Mime, QuotedPrintableIsAsciiInShortLines) {
  const struct {
    const char* text;
    const char* written;
  } cases[] = {
      {"plain\n", "plain\r\n"},           {"a=b \n", "a=3Db=20\r\n"}, {"\u00e9", "=C3=A9\r\n"},
      {"From x\n.\n", "From x\r\n.\r\n"}, {"\t|\n", "=09|\r\n"},
  };
  for (const auto& one : cases) EXPECT_EQ(quoted_printable(one.text), one.written);
  const std::string whole = quoted_printable(std::string(76, 'x') + "\n");
  EXPECT_EQ(whole, std::string(76, 'x') + "\r\n");
  EXPECT_EQ(quoted_printable(std::string(77, 'x')), std::string(75, 'x') + "=\r\nxx\r\n");
}

TEST(Mime, TextOfOtherScriptsGoesAsBase64) {
  EXPECT_EQ(mime_part({"text/plain; charset=utf-8", "\u0639\u0631\u0627\u0642\n"}),
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            "2LnYsdin2YINCg==\r\n");
}

ReceiverConfig mail_config() {
  ReceiverConfig config = sample_receiver("email");
  config.options = {{"server", "smtp://mail.example.org:587"},
                    {"from", "Wirewatch <alerts@example.org>"},
                    {"to", "desk@example.org\nNight <night@example.org>"}};
  return config;
}

HttpRequest mail_of(const ReceiverConfig& config, const AlertView& view) {
  auto request = make_receiver(config)->render(view, sample_facts());
  EXPECT_TRUE(request) << (request ? "" : request.error().text);
  return request ? *request : HttpRequest{};
}

TEST(Email, IsAWholeMessage) {
  const HttpRequest request = mail_of(mail_config(), sample_view());
  ASSERT_TRUE(request.mail);
  EXPECT_EQ(request.url, "smtp://mail.example.org:587");
  EXPECT_EQ(request.mail->from, "alerts@example.org");
  EXPECT_EQ(request.mail->to, (std::vector<std::string>{"desk@example.org", "night@example.org"}));
  EXPECT_TRUE(request.mail->encrypt);
  EXPECT_THAT(request.body,
              testing::StartsWith("Date: Sun, 01 Mar 2026 14:02:06 +0000\r\n"
                                  "From: Wirewatch <alerts@example.org>\r\n"
                                  "To: desk@example.org, Night <night@example.org>\r\n"
                                  "Subject: Border posts reopen after talks\r\n"
                                  "Message-ID: <d1@example.org>\r\n"
                                  "List-Id: <desk.wirewatch.example.org>\r\n"
                                  "Auto-Submitted: auto-generated\r\n"
                                  "X-Auto-Response-Suppress: All\r\n"
                                  "X-Priority: 2 (High)\r\n"
                                  "Importance: high\r\n"
                                  "X-Wirewatch-Rule: border-security\r\n"
                                  "X-Wirewatch-Severity: High\r\n"
                                  "MIME-Version: 1.0\r\n"
                                  "Content-Type: multipart/alternative;\r\n"
                                  " boundary=\"=_d1\"\r\n\r\n"
                                  "--=_d1\r\n"
                                  "Content-Type: text/plain; charset=utf-8\r\n"
                                  "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                                  "High: Border posts reopen after talks\r\n"
                                  "https://news.example/border\r\n\r\n"
                                  "> Patrols against *smuggling* will start on Monday.\r\n\r\n"
                                  "BBC 14:02\r\n\r\n"
                                  "Iraq, Syria =C2=B7 rule border-security\r\n\r\n"
                                  "--=_d1\r\n"
                                  "Content-Type: text/html; charset=utf-8\r\n"));
}

TEST(Email, UpdatesStandInTheFirstMessagesThread) {
  AlertView view = sample_view();
  view.revision = 2;
  view.kind = "updated";
  ReceiverConfig config = mail_config();
  EXPECT_THAT(mail_of(config, view).body,
              AllOf(HasSubstr("Subject: Re: Border posts reopen after talks\r\n"),
                    HasSubstr("In-Reply-To: <"), HasSubstr("References: <")));
  config.on_update = OnUpdate::post;
  EXPECT_THAT(mail_of(config, view).body,
              AllOf(HasSubstr("Subject: Border posts reopen after talks\r\n"),
                    Not(HasSubstr("In-Reply-To:"))));
}

TEST(Email, ALaterRevisionThatIsToldAsNewIsNoReply) {
  AlertView view = sample_view();
  view.revision = 3;
  view.kind = "new";
  EXPECT_THAT(mail_of(mail_config(), view).body,
              AllOf(HasSubstr("Subject: Border posts reopen after talks\r\n"),
                    Not(HasSubstr("In-Reply-To:")), HasSubstr("References: <")));
}

TEST(Email, ItsPriorityIsTheSeverity) {
  for (const auto& [severity, number] :
       {std::pair("low", "5 (Lowest)"), std::pair("normal", "3 (Normal)"),
        std::pair("high", "2 (High)"), std::pair("critical", "1 (Highest)")}) {
    AlertView view = sample_view();
    view.severity = severity;
    EXPECT_THAT(mail_of(mail_config(), view).body,
                HasSubstr("X-Priority: " + std::string(number) + "\r\n"));
  }
}

TEST(Email, ALoginIsReadAtEachUse) {
  ReceiverConfig config = mail_config();
  config.user = literal("alerts");
  config.token = literal("pass word");
  const HttpRequest request = mail_of(config, sample_view());
  EXPECT_EQ(request.mail->user, "alerts");
  EXPECT_EQ(request.mail->password, "pass word");
  config.token = {SecretRef::From::file, "/nowhere/password"};
  const auto failed = make_receiver(config)->render(sample_view(), sample_facts());
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().text, HasSubstr("secret file \"/nowhere/password\" cannot be read"));
}

TEST(Email, TheAnswerDecides) {
  const struct {
    int status;
    const char* stage;
    AnswerKind kind;
  } cases[] = {
      {250, "message", AnswerKind::delivered}, {0, "", AnswerKind::later},
      {421, "hello", AnswerKind::later},       {450, "recipient", AnswerKind::later},
      {451, "message", AnswerKind::later},     {554, "hello", AnswerKind::later},
      {535, "login", AnswerKind::later},       {530, "sender", AnswerKind::later},
      {550, "sender", AnswerKind::refused},    {550, "recipient", AnswerKind::refused},
      {552, "message", AnswerKind::refused},   {554, "message", AnswerKind::refused},
      {354, "message", AnswerKind::retry},
  };
  const auto receiver = make_receiver(mail_config());
  for (const auto& one : cases) {
    feeds::Reply reply;
    reply.status = one.status;
    reply.headers = {{"stage", one.stage}};
    EXPECT_EQ(receiver->judge(reply).kind, one.kind) << one.status << " " << one.stage;
  }
}

TEST(Email, WithoutAnAnswerToTheWholeMessageItMayHaveArrived) {
  feeds::Reply reply;
  EXPECT_FALSE(make_receiver(mail_config())->judge(reply).maybe_taken);
  reply.sent = true;
  EXPECT_TRUE(make_receiver(mail_config())->judge(reply).maybe_taken);
}

TEST(Email, AMailboxThatWasRefusedIsNamed) {
  feeds::Reply reply;
  reply.status = 250;
  reply.headers = {{"stage", "message"}, {"refused", "x@example.org (550 no such user)"}};
  EXPECT_EQ(make_receiver(mail_config())->judge(reply).text,
            "250 but not for x@example.org (550 no such user)");
}

TEST(Email, HtmlSaysWhichWayItsTextRuns) {
  AlertView view = sample_view();
  view.language = "ar\"><script>";
  view.headline = "\u0627\u0644\u0639\u0631\u0627\u0642 Iraq";
  view.passage = "<b>x</b>";
  view.marks = {};
  const std::string html = mail_of(mail_config(), view).body;
  EXPECT_THAT(html, HasSubstr("<h2 dir=3D\"rtl\""));
  EXPECT_THAT(html, Not(HasSubstr("script")));
  EXPECT_THAT(html, HasSubstr("&lt;b&gt;x&lt;/b&gt;"));
}

TEST(Email, RightToLeftTextKeepsToItselfInThePlainPartToo) {
  AlertView view = sample_view();
  view.headline = "\u0627\u0644\u062d\u062f\u0648\u062f (5)!";
  view.passage = "\u0627\u0644\u062d\u062f\u0648\u062f 2.";
  view.marks = {};
  const std::string mail = mail_of(mail_config(), view).body;
  const auto part = [](const std::string& text) {
    const std::string whole = mime_part({"text/plain; charset=utf-8", text});
    return whole.substr(whole.find("\r\n\r\n") + 4);
  };
  EXPECT_THAT(mail, HasSubstr(part("High: \u2068\u0627\u0644\u062d\u062f\u0648\u062f (5)!\u2069\n"
                                   "https://news.example/border\n\n"
                                   "> \u2068\u0627\u0644\u062d\u062f\u0648\u062f 2.\u2069\n\n"
                                   "BBC 14:02\n\n"
                                   "Iraq, Syria \u00b7 rule border-security\n")));
}

}  // namespace
}  // namespace wirewatch::daemon
