// HTTP as feeds and receivers get it, against servers that misbehave in every way of theirs.
#include "daemon/loop/http.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <functional>

#include "tests/daemon/loop/fake_server.h"
#include "tests/daemon/loop/loop_test.h"

namespace wirewatch::daemon {
namespace {

using feeds::Reply;
using feeds::TransportFailure;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Then = Script::Then;

class HttpTest : public LoopTest {
 protected:
  // What the answer to one request was, when it is there.
  struct Fetch {
    Reply reply{};
    std::shared_ptr<Outcome> outcome{};
  };

  HttpRequest get(const std::string& path) const {
    HttpRequest request;
    request.url = server_.url(path);
    request.deadline = seconds(5);
    return request;
  }

  static asio::awaitable<void> run(HttpClient& http, HttpRequest request,
                                   std::shared_ptr<Fetch> fetch) {
    Reply reply = co_await http.fetch(std::move(request));
    fetch->reply = std::move(reply);
  }

  std::shared_ptr<Fetch> begin(HttpRequest request) {
    auto fetch = std::make_shared<Fetch>();
    fetch->outcome = start(run(*http_, std::move(request), fetch));
    return fetch;
  }

  Reply fetch(HttpRequest request) {
    const auto fetch = begin(std::move(request));
    run_until([&] { return fetch->outcome->ended; });
    EXPECT_EQ(fetch->outcome->error, "");
    return fetch->reply;
  }

  void expect_failure(const Reply& reply, TransportFailure kind, const std::string& text) {
    EXPECT_EQ(reply.status, 0);
    EXPECT_EQ(reply.failure, kind) << static_cast<int>(reply.failure);
    EXPECT_EQ(reply.failure_text, text);
    EXPECT_EQ(reply.body, "");
  }

  void client(HttpLimits limits, NetworkRules rules) {
    http_ = std::make_unique<HttpClient>(loop_, activity_, limits, std::move(rules));
  }

  bool asked_with(std::size_t request, const std::string& line) const {
    return server_.requests().at(request).find("\r\n" + line + "\r\n") != std::string::npos;
  }

  Activity activity_{loop_.get_executor()};
  FakeServer server_{loop_};
  const NetworkRules loopback_{{"127.0.0.0/8", "::1/128"}};
  std::unique_ptr<HttpClient> http_ =
      std::make_unique<HttpClient>(loop_, activity_, HttpLimits{}, loopback_);
};

TEST_F(HttpTest, BringsStatusHeadersAndBodyAsTheyWereSent) {
  server_.on("/feed",
             answer("200 OK", {"ETag: \"a b\"", "X-Folded: one", "  two"}, "\x1f\x8b raw"));
  const Reply reply = fetch(get("/feed"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.failure, TransportFailure::none);
  EXPECT_EQ(reply.body, "\x1f\x8b raw");
  EXPECT_EQ(reply.effective_url, server_.url("/feed"));
  EXPECT_EQ(reply.permanent_url, "");
  const feeds::Headers expected = {
      {"ETag", "\"a b\""}, {"X-Folded", "one two"}, {"Content-Length", "6"}};
  EXPECT_EQ(reply.headers, expected);
  EXPECT_EQ(activity_.count(), 0U);
}

TEST_F(HttpTest, SendsTheHeadersAskedForAndItsOwnWhereNoneAreNamed) {
  server_.on("/", answer("304 Not Modified", {}));
  HttpRequest request = get("/");
  request.headers = {{"If-None-Match", "W/\"1\""}, {"X-Empty", ""}};
  EXPECT_EQ(fetch(request).status, 304);
  EXPECT_TRUE(asked_with(0, "If-None-Match: W/\"1\""));
  EXPECT_TRUE(asked_with(0, "X-Empty:"));
  EXPECT_TRUE(asked_with(0, "Accept-Encoding: gzip, deflate, br, zstd"));
  EXPECT_TRUE(asked_with(0, "User-Agent: wirewatch"));
  request.headers = {{"accept-encoding", "identity"}, {"user-agent", "test"}};
  fetch(request);
  EXPECT_TRUE(asked_with(1, "accept-encoding: identity"));
  EXPECT_TRUE(asked_with(1, "user-agent: test"));
  EXPECT_FALSE(asked_with(1, "Accept-Encoding: gzip, deflate, br, zstd"));
  EXPECT_FALSE(asked_with(1, "User-Agent: wirewatch"));
}

TEST_F(HttpTest, PostsABodyWithoutCallingItAForm) {
  server_.on("/hook", answer("204 No Content", {}));
  HttpRequest request = get("/hook");
  request.method = "POST";
  request.body = std::string("a\0b", 3) + std::string(2U << 20U, 'x');
  EXPECT_EQ(fetch(request).status, 204);
  const std::string& sent = server_.requests().at(0);
  EXPECT_TRUE(sent.starts_with("POST /hook HTTP/1.1\r\n"));
  EXPECT_TRUE(sent.ends_with(request.body));
  EXPECT_EQ(sent.find("Content-Type"), std::string::npos);
  EXPECT_EQ(sent.find("Expect"), std::string::npos);
  request.headers = {{"Content-Type", "application/json"}};
  fetch(request);
  EXPECT_TRUE(asked_with(1, "Content-Type: application/json"));
}

TEST_F(HttpTest, OtherMethodsGoThrough) {
  server_.on("/", answer("200 OK", {}));
  HttpRequest request = get("/");
  for (const char* method : {"HEAD", "PUT", "DELETE", "PATCH"}) {
    request.method = method;
    request.body = request.method == "PUT" ? "new" : "";
    EXPECT_EQ(fetch(request).status, 200) << method;
    EXPECT_TRUE(server_.requests().back().starts_with(request.method + " / HTTP/1.1\r\n"));
  }
}

TEST_F(HttpTest, AConnectionIsUsedAgain) {
  server_.on("/", answer("200 OK", {}, "x"));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(fetch(get("/")).status, 200);
  EXPECT_EQ(server_.connections(), 1);
}

TEST_F(HttpTest, KeepsToItsNumberOfConnectionsPerHost) {
  client({.connections_per_host = 2}, loopback_);
  server_.on("/", answer("200 OK", {}, "x"));
  std::vector<std::shared_ptr<Fetch>> fetches;
  for (int i = 0; i < 20; ++i) fetches.push_back(begin(get("/")));
  loop_.poll_one();
  EXPECT_GE(activity_.count(), 1U);
  for (const auto& one : fetches) run_until([&] { return one->outcome->ended; });
  for (const auto& one : fetches) EXPECT_EQ(one->reply.status, 200);
  EXPECT_EQ(server_.connections(), 2);
}

// Rows 1 and 2 of the faults: a body beyond its cap, labelled gzip or without an end.
TEST_F(HttpTest, ABodyWithoutEndIsStoppedAtTheCap) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n";
  server_.on("/", Script{.chunks = {head, std::string(64U << 10U, 'x')}, .then = Then::repeat});
  HttpRequest request = get("/");
  request.body_cap = 1U << 20U;
  expect_failure(fetch(request), TransportFailure::too_big, "127.0.0.1 sent more than 1 MiB");
}

TEST_F(HttpTest, ABodyOfExactlyTheCapIsTaken) {
  server_.on("/", answer("200 OK", {}, std::string(1000, 'x')));
  HttpRequest request = get("/");
  request.body_cap = 1000;
  EXPECT_EQ(fetch(request).body.size(), 1000U);
  request.body_cap = 999;
  expect_failure(fetch(request), TransportFailure::too_big, "127.0.0.1 sent more than 999 bytes");
}

// Row 6.
TEST_F(HttpTest, ABodyShorterThanItsLengthIsCut) {
  const char* heads[] = {"Content-Length: 100\r\n\r\nshort",
                         "Transfer-Encoding: chunked\r\n\r\n64\r\nshort",
                         "Transfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n"};
  for (const char* head : heads) {
    const std::string all = std::string("HTTP/1.1 200 OK\r\nETag: \"1\"\r\n") + head;
    server_.on("/", Script{.chunks = {all}, .then = Then::close});
    expect_failure(fetch(get("/")), TransportFailure::cut,
                   "127.0.0.1 closed the connection before its answer was complete");
  }
}

TEST_F(HttpTest, AConnectionClosedWithoutAnAnswerIsCut) {
  server_.on("/", Script{.then = Then::close});
  expect_failure(fetch(get("/")), TransportFailure::cut,
                 "127.0.0.1 closed the connection without an answer");
}

// Whether a message may be there although nobody said so (Reply::sent).
TEST_F(HttpTest, ARequestThatWentOutWholeIsSentWhateverBecomesOfItsAnswer) {
  HttpRequest request = get("/");
  request.method = "POST";
  request.body = "a message";
  request.deadline = milliseconds(200);
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
  const std::vector<Script> answers = {{.chunks = {}, .then = Then::close},
                                       {.chunks = {}, .then = Then::stall},
                                       {.chunks = {"HTTP/1.1 20"}, .then = Then::close},
                                       {.chunks = {head + "cut"}, .then = Then::close}};
  for (std::size_t number = 0; number < answers.size(); ++number) {
    server_.on("/", answers[number]);
    const Reply reply = fetch(request);
    EXPECT_EQ(reply.status, 0) << number;
    EXPECT_TRUE(reply.sent) << number << ": " << reply.failure_text;
  }
}

TEST_F(HttpTest, ARequestThatNobodyTookIsNotSent) {
  HttpRequest request = get("/");
  request.method = "POST";
  request.body = "a message";
  asio::ip::tcp::acceptor closed(loop_, {asio::ip::make_address("127.0.0.1"), 0});
  request.url = "http://127.0.0.1:" + std::to_string(closed.local_endpoint().port()) + "/";
  closed.close();
  Reply reply = fetch(request);
  EXPECT_EQ(reply.failure, TransportFailure::connect);
  EXPECT_FALSE(reply.sent);
  request.url = server_.url("/");
  client({}, {});
  reply = fetch(request);
  EXPECT_EQ(reply.failure, TransportFailure::refused_address);
  EXPECT_FALSE(reply.sent);
}

TEST_F(HttpTest, ABodyThatIsCutOffOnItsWayIsNotSent) {
  asio::ip::tcp::acceptor acceptor(loop_, {asio::ip::make_address("127.0.0.1"), 0});
  asio::ip::tcp::socket peer(loop_);
  std::string taken(4096, '\0');
  acceptor.async_accept(peer, [&](const boost::system::error_code& error) {
    if (error) return;
    peer.async_read_some(asio::buffer(taken),
                         [&](const boost::system::error_code&, std::size_t) { peer.close(); });
  });
  HttpRequest request = get("/");
  request.method = "POST";
  request.url = "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()) + "/";
  request.body = std::string(64U << 20U, 'x');  // more than any socket's buffers hold
  const Reply reply = fetch(request);
  EXPECT_EQ(reply.status, 0);
  EXPECT_FALSE(reply.sent) << reply.failure_text;
}

TEST_F(HttpTest, TrailersAreNoHeaders) {
  const std::string text =
      "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nTransfer-Encoding: chunked\r\n\r\n"
      "2\r\nab\r\n0\r\nETag: \"evil\"\r\n\r\n";
  server_.on("/", Script{.chunks = {text}});
  const Reply reply = fetch(get("/"));
  EXPECT_EQ(reply.body, "ab");
  EXPECT_EQ(feeds::Headers(reply.headers.begin(), reply.headers.begin() + 1),
            (feeds::Headers{{"ETag", "\"1\""}}));
  EXPECT_EQ(reply.headers.size(), 2U);
}

// Row 8.
TEST_F(HttpTest, SilenceEndsAtTheDeadline) {
  server_.on("/", Script{.then = Then::stall});
  server_.on("/half", Script{.chunks = {"HTTP/1.1 200 OK\r\n\r\nhalf"}, .then = Then::stall});
  for (const char* path : {"/", "/half"}) {
    HttpRequest request = get(path);
    request.deadline = milliseconds(100);
    expect_failure(fetch(request), TransportFailure::timeout,
                   "127.0.0.1 did not finish its answer within 0.1 s");
  }
}

TEST_F(HttpTest, ContinuingWithoutEndIsEnded) {
  server_.on("/", Script{.chunks = {"HTTP/1.1 100 Continue\r\n\r\n"}, .then = Then::repeat});
  const Reply reply = fetch(get("/"));
  expect_failure(reply, TransportFailure::too_big, "127.0.0.1 sent more than 256 KiB of headers");
}

TEST_F(HttpTest, AServerThatTricklesIsGivenUp) {
  client({.low_speed_bytes = 10, .low_speed_time = seconds(1)}, loopback_);
  server_.on("/", Script{.chunks = {"HTTP/1.1 200 OK\r\n\r\nab"}, .then = Then::stall});
  expect_failure(fetch(get("/")), TransportFailure::timeout,
                 "127.0.0.1 sent less than 10 bytes a second for 1 s");
}

// Two bytes a second are below the bound that holds outside of tests as well.
TEST_F(HttpTest, TwoBytesASecondAreGivenUp) {
  EXPECT_GT(HttpLimits{}.low_speed_bytes, 2U);
  asio::ip::tcp::acceptor acceptor(loop_, {asio::ip::make_address("127.0.0.1"), 0});
  asio::ip::tcp::socket peer(loop_);
  asio::steady_timer beat(loop_);
  std::function<void(const boost::system::error_code&)> drip;
  drip = [&](const boost::system::error_code& error) {
    boost::system::error_code broken;
    if (!error) asio::write(peer, asio::buffer("ab", 2), broken);
    if (error || broken) return;
    beat.expires_after(seconds(1));
    beat.async_wait(drip);
  };
  acceptor.async_accept(peer, [&](const boost::system::error_code& error) {
    const std::string head = "HTTP/1.1 200 OK\r\n\r\n";
    if (!error) asio::write(peer, asio::buffer(head));
    drip(error);
  });
  client({.low_speed_time = seconds(2)}, loopback_);
  HttpRequest request = get("/");
  request.url = "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()) + "/";
  request.deadline = seconds(30);
  expect_failure(fetch(request), TransportFailure::timeout,
                 "127.0.0.1 sent less than 30 bytes a second for 2 s");
  beat.cancel();
}

TEST_F(HttpTest, WaitingForAFreeConnectionIsNotTheServersFault) {
  client({.connections_per_host = 1}, loopback_);
  server_.on("/", Script{.then = Then::stall});
  const auto first = begin(get("/"));
  HttpRequest request = get("/");
  request.deadline = milliseconds(50);
  expect_failure(fetch(request), TransportFailure::local,
                 "waited 0.05 s for a free connection to 127.0.0.1");
  EXPECT_FALSE(first->outcome->ended);
}

// Row 9.
TEST_F(HttpTest, FollowsFiveRedirectsAndNoMore) {
  for (int hop = 0; hop < 6; ++hop) {
    server_.on("/" + std::to_string(hop),
               answer("302 Found", {"Location: /" + std::to_string(hop + 1)}));
  }
  server_.on("/6", answer("200 OK", {}, "there"));
  const Reply reply = fetch(get("/1"));
  EXPECT_EQ(reply.body, "there");
  EXPECT_EQ(reply.effective_url, server_.url("/6"));
  expect_failure(fetch(get("/0")), TransportFailure::redirect_loop,
                 "refused: 127.0.0.1 redirects more than 5 times");
}

// Row 10.
TEST_F(HttpTest, OnlyAPermanentChainYieldsAPermanentUrl) {
  server_.on("/old", answer("301 Moved Permanently", {"Location: /older"}));
  server_.on("/older", answer("308 Permanent Redirect", {"Location: " + server_.url("/new")}));
  server_.on("/mixed", answer("302 Found", {"Location: /older"}));
  server_.on("/new", answer("200 OK", {}));
  EXPECT_EQ(fetch(get("/old")).permanent_url, server_.url("/new"));
  const Reply mixed = fetch(get("/mixed"));
  EXPECT_EQ(mixed.permanent_url, "");
  EXPECT_EQ(mixed.effective_url, server_.url("/new"));
}

TEST_F(HttpTest, ARedirectIsAnAnswerToWhoDoesNotFollow) {
  server_.on("/", answer("301 Moved Permanently", {"Location: /new"}));
  HttpRequest request = get("/");
  request.follow_redirects = false;
  EXPECT_EQ(fetch(request).status, 301);
}

TEST_F(HttpTest, APostTurnsIntoAGetExceptAt307And308) {
  server_.on("/303", answer("303 See Other", {"Location: /new"}));
  server_.on("/307", answer("307 Temporary Redirect", {"Location: /new"}));
  server_.on("/new", answer("200 OK", {}));
  HttpRequest request = get("/303");
  request.method = "POST";
  request.body = "payload";
  request.headers = {{"Content-Type", "text/plain"}};
  fetch(request);
  EXPECT_TRUE(server_.requests().back().starts_with("GET /new "));
  EXPECT_EQ(server_.requests().back().find("Content-"), std::string::npos);
  request.url = server_.url("/307");
  fetch(request);
  EXPECT_TRUE(server_.requests().back().starts_with("POST /new "));
  EXPECT_TRUE(server_.requests().back().ends_with("payload"));
}

// Row 11.
TEST_F(HttpTest, ARedirectToAnotherProtocolIsRefused) {
  for (const char* place : {"ftp://h.example", "gopher://h.example", "file://", "data://x"}) {
    server_.on("/", answer("302 Found", {"Location: " + std::string(place) + "/secret"}));
    expect_failure(fetch(get("/")), TransportFailure::refused_redirect,
                   "refused: 127.0.0.1 redirects to a place that cannot be followed: \"" +
                       std::string(place) + "\" is not fetched, only http and https are");
  }
}

// Rows 12 and 15.
TEST_F(HttpTest, AHopToAnAddressThatIsNotAllowedIsRefused) {
  FakeServer inner(loop_, "127.0.0.2");
  inner.on("/", answer("200 OK", {}, "secret"));
  server_.on("/", answer("302 Found", {"Location: " + inner.url("/")}));
  client({}, {{"127.0.0.1/32"}});
  expect_failure(fetch(get("/")), TransportFailure::refused_address,
                 "refused: 127.0.0.2 is a loopback address (network.allow opens it)");
  EXPECT_EQ(inner.connections(), 0);
  client({}, {{"127.0.0.1/32", "127.0.0.2/32"}});
  EXPECT_EQ(fetch(get("/")).body, "secret");
}

TEST_F(HttpTest, ANameThatLeadsToLoopbackIsRefused) {
  client({}, {});
  HttpRequest request = get("/");
  request.url = "http://localhost:" + std::to_string(server_.port()) + "/";
  const Reply reply = fetch(request);
  EXPECT_EQ(reply.failure, TransportFailure::refused_address);
  EXPECT_TRUE(reply.failure_text.starts_with("refused: localhost resolves to "))
      << reply.failure_text;
  EXPECT_EQ(server_.connections(), 0);
}

// Row 13.
TEST_F(HttpTest, NewRulesHoldForConnectionsThatAreOpenAlready) {
  server_.on("/", answer("200 OK", {}));
  EXPECT_EQ(fetch(get("/")).status, 200);
  http_->set_rules({});
  expect_failure(fetch(get("/")), TransportFailure::refused_address,
                 "refused: 127.0.0.1 is a loopback address (network.allow opens it)");
  run_until([&] { return server_.open() == 0; });
}

TEST_F(HttpTest, TheSameRulesAgainLeaveConnectionsAlone) {
  server_.on("/", answer("200 OK", {}));
  fetch(get("/"));
  http_->set_rules(loopback_);
  http_->set_trust(nullptr);
  fetch(get("/"));
  EXPECT_EQ(server_.connections(), 1) << "every saved file of the config sets them";
}

TEST_F(HttpTest, ABackslashEndsNoHost) {
  server_.on("/", answer("200 OK", {}));
  fetch(get("/"));  // its origin is known from now on
  HttpRequest request = get("/");
  request.url = server_.url("\\@127.0.0.1:1/");
  const Reply reply = fetch(request);
  EXPECT_THAT(reply.failure_text, testing::HasSubstr("127.0.0.1:1"));
}

TEST_F(HttpTest, ARequestUnderWayOutlivesNewRules) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n";
  server_.on("/", Script{.chunks = {head, "ab", "cd"}});
  const auto under_way = begin(get("/"));
  run_until([&] { return !server_.requests().empty(); });
  http_->set_rules({});
  run_until([&] { return under_way->outcome->ended; });
  EXPECT_EQ(under_way->reply.body, "abcd");
}

// Row 14.
TEST_F(HttpTest, SpellingsOfLoopbackAreLoopback) {
  client({}, {});
  for (const char* host : {"0x7f000001", "2130706433", "0177.0.0.1", "127.1", "127.0.0.1",
                           "[::ffff:127.0.0.1]", "[::1]", "0"}) {
    HttpRequest request = get("/");
    request.url = std::string("http://") + host + ":" + std::to_string(server_.port()) + "/";
    EXPECT_EQ(fetch(request).failure, TransportFailure::refused_address) << host;
  }
  EXPECT_EQ(server_.connections(), 0);
}

// Row 16.
TEST_F(HttpTest, HeadersOfTheConfigDoNotTravelToAnotherHost) {
  FakeServer other(loop_, "127.0.0.2");
  other.on("/", answer("200 OK", {}));
  server_.on("/", answer("302 Found", {"Location: " + other.url("/")}));
  server_.on("/same", answer("302 Found", {"Location: /"}));
  HttpRequest request = get("/same");
  request.headers = {{"Authorization", "Bearer s3cret"},
                     {"X-Api-Key", "s3cret"},
                     {"Cookie", "s3cret"},
                     {"Accept", "text/xml"},
                     {"If-None-Match", "\"1\""},
                     {"User-Agent", "test"}};
  EXPECT_EQ(fetch(request).status, 200);
  EXPECT_TRUE(asked_with(1, "Authorization: Bearer s3cret"));
  const std::string& sent = other.requests().at(0);
  EXPECT_EQ(sent.find("s3cret"), std::string::npos);
  for (const char* line : {"Accept: text/xml", "If-None-Match: \"1\"", "User-Agent: test"}) {
    EXPECT_NE(sent.find(std::string("\r\n") + line + "\r\n"), std::string::npos) << line;
  }
}

// Row 17.
TEST_F(HttpTest, AHeaderThatCannotBeSentIsNamedAndItsValueIsNot) {
  HttpRequest request = get("/");
  for (const char* value : {"a\r\nX: y", "a\nb", "caf\xc3\xa9", "\x7f"}) {
    request.headers = {{"If-None-Match", value}};
    expect_failure(fetch(request), TransportFailure::other,
                   "the value of the header \"If-None-Match\" holds a byte that cannot be sent, "
                   "only printable ASCII and tabs can");
  }
  request.headers = {{"X:\n", "y"}};
  expect_failure(fetch(request), TransportFailure::other,
                 "\"X:?\" is no header name: letters, digits and hyphens are");
  EXPECT_EQ(server_.connections(), 0);
}

// Row 18.
TEST_F(HttpTest, HeadersWithoutEndAreACleanError) {
  const std::string line = "X-Filler: " + std::string(1000, 'x') + "\r\n";
  server_.on("/many", Script{.chunks = {"HTTP/1.1 200 OK\r\n", line}, .then = Then::repeat});
  expect_failure(fetch(get("/many")), TransportFailure::too_big,
                 "127.0.0.1 sent more than 256 KiB of headers");
  server_.on("/long", answer("200 OK", {"X-Long: " + std::string(500'000, 'x')}));
  expect_failure(fetch(get("/long")), TransportFailure::too_big,
                 "127.0.0.1 sent a header line that is too long");
}

TEST_F(HttpTest, AnAnswerThatIsNotHttpIsNone) {
  server_.on("/", Script{.chunks = {"220 mail.example ESMTP\r\n"}, .then = Then::close});
  expect_failure(fetch(get("/")), TransportFailure::other, "127.0.0.1 did not answer in HTTP");
}

TEST_F(HttpTest, AUrlThatCannotBeFetchedSaysWhy) {
  HttpRequest request = get("/");
  request.url = "ftp://user:secret@h.example/x?key=secret";
  expect_failure(fetch(request), TransportFailure::other,
                 "\"ftp://h.example\" is not fetched, only http and https are");
  request.url = "http://h.example:99999/?key=secret";
  expect_failure(
      fetch(request), TransportFailure::other,
      "the URL cannot be read: Port number was not a decimal number between 0 and 65535");
}

TEST_F(HttpTest, AClosedPortIsNamed) {
  std::string url;
  {
    FakeServer gone(loop_, "127.0.0.3");
    url = gone.url("/");
  }
  run_ready();
  HttpRequest request = get("/");
  request.url = url;
  const std::string address = url.substr(7, url.size() - 8);
  expect_failure(fetch(request), TransportFailure::connect,
                 "could not connect to " + address + ": connection refused");
}

// Row 25.
TEST_F(HttpTest, AShortageOfDescriptorsIsNotTheServersFault) {
#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
  GTEST_SKIP() << "the sanitizer itself opens pipes to look at objects";
#endif
#endif
  server_.on("/", answer("200 OK", {}, "x"));
  EXPECT_EQ(fetch(get("/")).status, 200);  // what curl opens once is open now
  http_->set_rules({});                    // others than before: the connection is closed
  http_->set_rules(loopback_);
  rlimit usual{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &usual), 0);
  const int next_free = ::dup(STDERR_FILENO);
  ::close(next_free);
  for (int left = 0; left < 2; ++left) {
    rlimit scarce = usual;
    scarce.rlim_cur = static_cast<rlim_t>(next_free + left);
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &scarce), 0);
    const Reply reply = fetch(get("/"));
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &usual), 0);
    EXPECT_EQ(reply.failure, TransportFailure::local) << left << " left: " << reply.failure_text;
  }
  EXPECT_EQ(fetch(get("/")).status, 200);
}

TEST_F(HttpTest, ACancelledFetchEndsAtOnceAndClosesItsConnection) {
  server_.on("/", Script{.then = Then::stall});
  const auto fetch = begin(get("/"));
  run_until([&] { return !server_.requests().empty(); });
  fetch->outcome->cancel.emit(asio::cancellation_type::terminal);
  run_until([&] { return fetch->outcome->ended; });
  EXPECT_TRUE(fetch->outcome->cancelled);
  EXPECT_EQ(activity_.count(), 0U);
  run_until([&] { return server_.open() == 0; });
}

TEST_F(HttpTest, FetchesCancelledInAnyStateLeaveTheOthersAlone) {
  server_.on("/", answer("200 OK", {}, "x"));
  std::vector<std::shared_ptr<Fetch>> fetches;
  for (int i = 0; i < 60; ++i) {
    fetches.push_back(begin(get("/")));
    loop_.restart();
    for (int step = 0; step < i % 7; ++step) loop_.poll_one();
    if (i % 3 == 0) fetches.back()->outcome->cancel.emit(asio::cancellation_type::terminal);
  }
  for (const auto& one : fetches) run_until([&] { return one->outcome->ended; });
  for (const auto& one : fetches) {
    EXPECT_TRUE(one->reply.status == 200 || one->outcome->cancelled);
  }
  EXPECT_EQ(activity_.count(), 0U);
}

TEST_F(HttpTest, DestroyingTheClientEndsWhatIsUnderWay) {
  server_.on("/", Script{.then = Then::stall});
  const auto stalled = begin(get("/"));
  run_until([&] { return !server_.requests().empty(); });
  http_->set_rules({});
  http_->set_rules(loopback_);
  const auto fresh = begin(get("/"));
  run_until([&] { return activity_.count() == 2; });
  http_.reset();
  EXPECT_FALSE(stalled->outcome->ended);
  run_ready();
  EXPECT_TRUE(stalled->outcome->cancelled);
  EXPECT_TRUE(fresh->outcome->cancelled);
  EXPECT_EQ(activity_.count(), 0U);
}

TEST_F(HttpTest, ALoopDestroyedWithFetchesInsideIsNoAccident) {
  server_.on("/", Script{.then = Then::stall});
  begin(get("/"));
  run_until([&] { return !server_.requests().empty(); });
  // The fixture destroys the client, then the activity, then the loop with the coroutine in it.
}

}  // namespace
}  // namespace wirewatch::daemon
