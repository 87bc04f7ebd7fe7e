// Handles are used again: what one request was must not show in the next.
#include "daemon/loop/spare_handles.h"

#include <gtest/gtest.h>

#include "daemon/loop/http.h"
#include "tests/daemon/loop/fake_server.h"
#include "tests/daemon/loop/loop_test.h"

namespace wirewatch::daemon {
namespace {

TEST(HeaderLines, StandAsCurlTakesThem) {
  HeaderLines lines;
  EXPECT_EQ(lines.list(), nullptr);
  lines.add("Accept", "text/xml, */*;q=0.1");
  lines.add("X-Empty", "");
  lines.leave_out("Expect");
  std::vector<std::string> found;
  for (const curl_slist* line = lines.list(); line != nullptr; line = line->next) {
    found.emplace_back(line->data);
  }
  EXPECT_EQ(found,
            (std::vector<std::string>{"Accept: text/xml, */*;q=0.1", "X-Empty;", "Expect:"}));
}

class SpareHandlesTest : public LoopTest {
 protected:
  static asio::awaitable<void> run(HttpClient& http, HttpRequest request, feeds::Reply& reply) {
    feeds::Reply brought = co_await http.fetch(std::move(request));
    reply = std::move(brought);
  }

  feeds::Reply fetch(HttpClient& http, HttpRequest request) {
    feeds::Reply reply;
    const auto outcome = start(run(http, std::move(request), reply));
    run_until([&] { return outcome->ended; });
    EXPECT_EQ(outcome->error, "");
    return reply;
  }

  HttpRequest request(const std::string& method, const std::string& path) const {
    HttpRequest made;
    made.method = method;
    made.url = server_.url(path);
    made.deadline = std::chrono::seconds(5);
    return made;
  }

  std::unique_ptr<HttpClient> client() {
    return std::make_unique<HttpClient>(loop_, activity_, HttpLimits{}, loopback_);
  }

  // The bytes of `next` as a client sends them that sent `before` first.
  std::string sent_after(const std::vector<HttpRequest>& before, const HttpRequest& next) {
    const auto http = client();
    for (const HttpRequest& one : before) fetch(*http, one);
    fetch(*http, next);
    return server_.requests().back();
  }

  Activity activity_{loop_.get_executor()};
  FakeServer server_{loop_};
  const NetworkRules loopback_{{"127.0.0.0/8"}};
};

TEST_F(SpareHandlesTest, ARequestCarriesNothingOfTheOneBefore) {
  server_.on("/", answer("200 OK", {"Set-Cookie: seen=1"}, "x"));
  server_.on("/moved", answer("302 Found", {"Location: /"}));
  server_.on("/cut",
             Script{{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"}, Script::Then::close});

  HttpRequest plain = request("GET", "/");
  HttpRequest conditional = request("GET", "/");
  conditional.headers = {{"If-None-Match", "\"1\""}, {"User-Agent", "other"}, {"Cookie", "a=b"}};
  HttpRequest secret = request("GET", "/");
  secret.headers = {{"Authorization", "Bearer secret"}};
  HttpRequest login = request("GET", "/");
  login.url.insert(login.url.find("127."), "user:password@");
  HttpRequest post = request("POST", "/");
  post.headers = {{"Content-Type", "application/json"}, {"webhook-signature", "v1,secret"}};
  post.body = std::string(3000, 'b');
  HttpRequest empty_post = request("POST", "/");
  HttpRequest put = request("PUT", "/");
  put.body = "put";
  HttpRequest redirected = post;
  redirected.url = server_.url("/moved");
  HttpRequest capped = request("GET", "/");
  capped.body_cap = 0;

  const std::vector<HttpRequest> all = {plain,
                                        conditional,
                                        secret,
                                        login,
                                        post,
                                        empty_post,
                                        put,
                                        redirected,
                                        capped,
                                        request("HEAD", "/"),
                                        request("GET", "/cut"),
                                        request("DELETE", "/")};
  for (const HttpRequest& next : all) {
    const std::string alone = sent_after({}, next);
    for (const HttpRequest& before : all) {
      EXPECT_EQ(sent_after({before}, next), alone) << before.method << " " << before.url;
    }
    EXPECT_EQ(sent_after(all, next), alone);
  }
}

TEST_F(SpareHandlesTest, AnAnswerHoldsNothingOfTheOneBefore) {
  server_.on("/long", answer("200 OK", {"ETag: \"1\"", "Retry-After: 5"}, std::string(5000, 'x')));
  server_.on("/short", answer("200 OK", {}, "y"));
  server_.on("/none", answer("304 Not Modified", {}));
  const auto http = client();
  EXPECT_EQ(fetch(*http, request("GET", "/long")).body.size(), 5000U);
  const feeds::Reply brief = fetch(*http, request("GET", "/short"));
  EXPECT_EQ(brief.body, "y");
  EXPECT_EQ(brief.headers, (feeds::Headers{{"Content-Length", "1"}}));
  EXPECT_EQ(fetch(*http, request("GET", "/none")).body, "");
  HttpRequest posted = request("POST", "/short");
  posted.body = "b";
  EXPECT_EQ(fetch(*http, posted).body, "y");
  EXPECT_EQ(fetch(*http, request("HEAD", "/none")).status, 304);
  EXPECT_EQ(fetch(*http, request("GET", "/short")).body, "y");
}

TEST_F(SpareHandlesTest, AHandleThatAskedThroughAProxyAsksTheNextHostItself) {
  server_.on("/", answer("200 OK", {}, "x"));
  FakeServer proxy(loop_);
  HttpRequest through = request("GET", "/");
  through.proxy.emplace();
  through.proxy->url = proxy.url("");
  through.proxy->user = "user";
  through.proxy->password = "password";
  const auto http = client();
  fetch(*http, through);
  ASSERT_EQ(proxy.requests().size(), 1U);
  EXPECT_NE(proxy.requests()[0].find("Proxy-Authorization: "), std::string::npos);
  EXPECT_EQ(fetch(*http, request("GET", "/")).body, "x");
  EXPECT_EQ(proxy.requests().size(), 1U);
  ASSERT_EQ(server_.requests().size(), 1U);
  EXPECT_EQ(server_.requests()[0].find("Proxy-Authorization"), std::string::npos);
}

TEST_F(SpareHandlesTest, NewRulesHoldForAHandleThatAskedUnderOthers) {
  server_.on("/", answer("200 OK", {}, "x"));
  const auto http = client();
  EXPECT_EQ(fetch(*http, request("GET", "/")).body, "x");
  http->set_rules({});
  EXPECT_EQ(fetch(*http, request("GET", "/")).failure, feeds::TransportFailure::refused_address);
  http->set_rules(loopback_);
  EXPECT_EQ(fetch(*http, request("GET", "/")).body, "x");
}

// curl asks again by itself, but only a few times in the life of a handle that is not cleared.
TEST_F(SpareHandlesTest, ConnectionsThatServersCloseWhileTheyAreKeptFailNoRequest) {
  std::vector<Script> scripts = {answer("200 OK", {}, "x")};
  for (int i = 0; i < 30; ++i) {
    scripts.push_back(Script{{}, Script::Then::close});  // what came on the kept connection
    scripts.push_back(answer("200 OK", {}, "x"));
  }
  server_.on("/", scripts);
  const auto http = client();
  for (int i = 0; i < 30; ++i) {
    HttpRequest one = request(i % 2 == 0 ? "GET" : "POST", "/");
    if (i % 2 == 1) one.body = "message";
    const feeds::Reply reply = fetch(*http, one);
    ASSERT_EQ(reply.status, 200) << i << ": " << reply.failure_text;
  }
  EXPECT_EQ(server_.requests().size(), 59U);
}

TEST_F(SpareHandlesTest, EachTransferHasItsOwnDeadline) {
  server_.on("/", answer("200 OK", {}, "x"));
  server_.on("/silent", Script{{}, Script::Then::stall});
  const auto http = client();
  EXPECT_EQ(fetch(*http, request("GET", "/")).body, "x");
  HttpRequest brief = request("GET", "/silent");
  brief.deadline = std::chrono::milliseconds(50);
  EXPECT_EQ(fetch(*http, brief).failure, feeds::TransportFailure::timeout);
  EXPECT_EQ(fetch(*http, request("GET", "/")).body, "x");
}

}  // namespace
}  // namespace wirewatch::daemon
