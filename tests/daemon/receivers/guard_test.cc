// A receiver inside the house, reached through the real client.
#include <gmock/gmock.h>

#include "daemon/loop/http.h"
#include "tests/daemon/loop/fake_server.h"
#include "tests/daemon/loop/loop_test.h"
#include "tests/daemon/receivers/sample_view.h"

namespace wirewatch::daemon {
namespace {

class ReceiverGuard : public LoopTest {
 protected:
  static asio::awaitable<void> ask(HttpClient& http, HttpRequest request, feeds::Reply& reply) {
    feeds::Reply answer = co_await http.fetch(std::move(request));
    reply = std::move(answer);
  }

  Answer send(const ReceiverConfig& config) {
    const auto receiver = make_receiver(config);
    auto request = receiver->render(sample_view(), sample_facts());
    EXPECT_TRUE(request);
    feeds::Reply reply;
    const auto outcome = start(ask(http_, std::move(*request), reply));
    run_until([&] { return outcome->ended; });
    EXPECT_EQ(outcome->error, "");
    return receiver->judge(reply);
  }

  Activity activity_{loop_.get_executor()};
  FakeServer server_{loop_};
  HttpClient http_{loop_, activity_, HttpLimits{}, NetworkRules{}};
};

TEST_F(ReceiverGuard, ItsOwnAllowOpensAPrivateAddressForItAlone) {
  server_.on("/in", answer("200 OK", {}, "ok"));
  ReceiverConfig inside = sample_receiver("webhook");
  inside.url = literal(server_.url("/in"));
  ReceiverConfig other = inside;
  inside.allow = {"127.0.0.0/8"};
  EXPECT_EQ(send(other).kind, AnswerKind::later);
  EXPECT_EQ(send(inside).kind, AnswerKind::delivered);
  // The connection is open now, and still nobody else's.
  EXPECT_EQ(send(other).text, "refused: 127.0.0.1 is a loopback address (network.allow opens it)");
  EXPECT_EQ(server_.requests().size(), 1U);
}

TEST_F(ReceiverGuard, TheRequestArrivesAsRendered) {
  server_.on("/in", answer("302 Found", {"Location: " + server_.url("/elsewhere")}));
  ReceiverConfig inside = sample_receiver("webhook");
  inside.url = literal(server_.url("/in"));
  inside.allow = {"127.0.0.0/8"};
  inside.secrets = {literal("old")};
  EXPECT_EQ(send(inside).kind, AnswerKind::retry);
  ASSERT_EQ(server_.requests().size(), 1U);  // not followed
  const std::string& request = server_.requests()[0];
  EXPECT_THAT(request, testing::StartsWith("POST /in HTTP/1.1\r\n"));
  EXPECT_THAT(request, testing::HasSubstr("\r\nwebhook-id: d1\r\n"));
  EXPECT_THAT(request, testing::HasSubstr("\r\nwebhook-timestamp: 1772373726\r\n"));
  EXPECT_THAT(request, testing::HasSubstr("\r\nwebhook-signature: v1,"));
  EXPECT_THAT(request, testing::HasSubstr("\r\nContent-Type: application/json\r\n"));
  EXPECT_THAT(request, testing::EndsWith("}"));
}

}  // namespace
}  // namespace wirewatch::daemon
