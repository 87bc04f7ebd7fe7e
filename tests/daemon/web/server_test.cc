#include "daemon/web/server.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <fstream>

#include "daemon/web/targets.h"
#include "tests/daemon/store/store_fixture.h"

namespace wirewatch::daemon {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Sends bytes and keeps all that comes back, on the test's own loop.
class Peer : public std::enable_shared_from_this<Peer> {
 public:
  Peer(asio::io_context& loop, const asio::generic::stream_protocol::endpoint& where)
      : socket_(loop) {
    socket_.connect(where);
  }
  void close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }
  void send(std::string_view bytes) { asio::write(socket_, asio::buffer(bytes)); }
  const std::string& received() const { return received_; }
  bool closed() const { return closed_; }
  std::size_t answers() const {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = received_.find("HTTP/1.1 ", at)) != std::string::npos; ++at) {
      ++count;
    }
    return count;
  }
  // Bytes after the (only) answer's header have come.
  bool whole() const {
    const std::size_t end = received_.find("\r\n\r\n");
    const std::size_t field = received_.find("Content-Length: ");
    if (end == std::string::npos || field == std::string::npos) return false;
    return received_.size() >= end + 4 + std::stoul(received_.substr(field + 16, 20));
  }

  void read() {
    auto took = [self = shared_from_this()](const boost::system::error_code& error,
                                            std::size_t count) {
      self->received_.append(self->buffer_.data(), count);
      self->closed_ = static_cast<bool>(error);
      if (!error) self->read();
    };
    socket_.async_read_some(asio::buffer(buffer_), std::move(took));
  }

 private:
  asio::generic::stream_protocol::socket socket_;
  std::array<char, 65536> buffer_{};
  std::string received_;
  bool closed_ = false;
};

struct Handled {
  std::vector<WebRequest> requests;
  std::unique_ptr<asio::steady_timer> gate;  // what /slow waits for
};

asio::awaitable<WebResponse> handle(Handled& handled, WebRequest request) {
  handled.requests.push_back(request);
  if (request.path == "/throws") throw std::runtime_error("broken");
  if (request.path == "/slow") {
    const auto [opened] = co_await handled.gate->async_wait(asio::as_tuple(asio::use_awaitable));
    static_cast<void>(opened);
  }
  WebResponse response;
  response.body = request.method + " " + request.path;
  if (request.path == "/big") response.body.assign(16U << 20U, 'x');
  co_return response;
}

class WebServerTest : public testing::Test {
 protected:
  WebServerTest() { handled.gate = std::make_unique<asio::steady_timer>(loop, forever()); }
  ~WebServerTest() override {
    stop.emit(asio::cancellation_type::terminal);
    for (const auto& peer : peers) peer->close();
    handled.gate->cancel();
    loop.restart();
    loop.run_for(std::chrono::seconds(5));
  }

  static asio::steady_timer::time_point forever() { return asio::steady_timer::time_point::max(); }

  void make(WebLimits limits = {}) {
    WebHandler handler = [this](WebRequest request) { return handle(handled, std::move(request)); };
    server = std::make_unique<WebServer>(loop.get_executor(), std::move(handler), limits);
  }
  void run() {
    asio::co_spawn(
        loop, server->run(),
        asio::bind_cancellation_slot(stop.slot(), [this](const std::exception_ptr& error) {
          ended = true;
          failed = error != nullptr;
        }));
    loop.poll();
  }
  // A server over TCP and on a Unix socket.
  void start(WebLimits limits = {}) {
    make(limits);
    const auto bound = server->listen_tcp("127.0.0.1:0", "https://www.watch.example/pages");
    ASSERT_TRUE(bound) << bound.error().text;
    port = split_address(*bound)->port;
    socket_path = folder.file("control.sock");
    ASSERT_TRUE(server->listen_unix(socket_path, 0666));
    run();
  }
  Peer& join(const asio::generic::stream_protocol::endpoint& where) {
    peers.push_back(std::make_shared<Peer>(loop, where));
    peers.back()->read();
    return *peers.back();
  }
  Peer& tcp_peer() {
    const asio::ip::tcp::endpoint where(asio::ip::make_address("127.0.0.1"), port);
    return join(where);
  }
  Peer& unix_peer() {
    const asio::local::stream_protocol::endpoint where(socket_path);
    return join(where);
  }
  template <class Condition>
  bool until(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition() && std::chrono::steady_clock::now() < deadline) {
      loop.restart();
      loop.run_one_for(std::chrono::seconds(1));
    }
    return condition();
  }
  // The whole answer to one request on a connection of its own.
  std::string exchange(const std::string& bytes) {
    Peer& peer = tcp_peer();
    peer.send(bytes);
    EXPECT_TRUE(until([&] { return peer.whole() || peer.closed(); }));
    return peer.received();
  }

  asio::io_context loop;
  TemporaryFolder folder;
  std::string socket_path;
  std::uint16_t port = 0;
  Handled handled;
  asio::cancellation_signal stop;
  bool ended = false;
  bool failed = false;
  std::unique_ptr<WebServer> server;
  std::vector<std::shared_ptr<Peer>> peers;
};

TEST_F(WebServerTest, AnAnswerCarriesTheSecurityHeaders) {
  start();
  const std::string answer = exchange("GET /a%20b?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Security-Policy: default-src 'none'; style-src 'self';"));
  EXPECT_THAT(answer, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
  EXPECT_THAT(answer, HasSubstr("Referrer-Policy: no-referrer\r\n"));
  EXPECT_THAT(answer, HasSubstr("Cache-Control: no-store\r\n"));
  EXPECT_THAT(answer, testing::EndsWith("\r\n\r\nGET /a b"));
  EXPECT_EQ(handled.requests[0].query.at("x"), "1");
  EXPECT_FALSE(handled.requests[0].control);
  EXPECT_FALSE(handled.requests[0].peer_uid);
}

TEST_F(WebServerTest, HeadHasTheLengthButNoBody) {
  start();
  Peer& peer = tcp_peer();
  peer.send("HEAD /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  ASSERT_TRUE(until([&] { return peer.closed(); }));
  EXPECT_THAT(peer.received(), HasSubstr("Content-Length: 6\r\n"));
  EXPECT_THAT(peer.received(), testing::EndsWith("\r\n\r\n"));
}

struct HostCase {
  std::string host;
  int status;
};

TEST_F(WebServerTest, ForeignHostsAreRefused) {
  start();
  const std::vector<HostCase> cases = {
      {"localhost", 200},    {"LOCALHOST:8420", 200},    {"127.0.0.1:1", 200},
      {"[::1]:80", 200},     {"www.watch.example", 200}, {"watch.example:443", 200},
      {"evil.example", 421}, {"localhost.evil", 421},    {"", 421},
      {"10.0.0.1", 421},
  };
  for (const HostCase& one : cases) {
    const std::string answer = exchange("GET / HTTP/1.1\r\nHost: " + one.host + "\r\n\r\n");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 " + std::to_string(one.status))) << one.host;
  }
  EXPECT_THAT(exchange("GET / HTTP/1.0\r\n\r\n"), HasSubstr(" 421 "));
}

TEST_F(WebServerTest, ListeningEverywhereTakesAddressesButNoNames) {
  make();
  const auto bound = server->listen_tcp("0.0.0.0:0", "");
  ASSERT_TRUE(bound);
  port = split_address(*bound)->port;
  run();
  EXPECT_THAT(exchange("GET / HTTP/1.1\r\nHost: 192.168.1.5:8420\r\n\r\n"), HasSubstr(" 200 "));
  EXPECT_THAT(exchange("GET / HTTP/1.1\r\nHost: [fd00::5]\r\n\r\n"), HasSubstr(" 200 "));
  EXPECT_THAT(exchange("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"), HasSubstr(" 421 "));
}

TEST_F(WebServerTest, TheControlSocketKnowsItsPeer) {
  start();
  Peer& peer = unix_peer();
  peer.send("POST /v1/reload HTTP/1.1\r\nHost: anything\r\nContent-Length: 2\r\n\r\nab");
  ASSERT_TRUE(until([&] { return peer.whole(); }));
  ASSERT_EQ(handled.requests.size(), 1U);
  EXPECT_TRUE(handled.requests[0].control);
  EXPECT_EQ(handled.requests[0].peer_uid, std::optional<unsigned int>(::getuid()));
  EXPECT_EQ(handled.requests[0].body, "ab");
  struct stat facts {};
  ASSERT_EQ(::stat(socket_path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0666U);
}

TEST_F(WebServerTest, BodiesAndHeadersHaveABound) {
  WebLimits limits;
  limits.body_bytes = 100;
  start(limits);
  EXPECT_THAT(exchange("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 101\r\n\r\nabc"),
              StartsWith("HTTP/1.1 413 "));
  const std::string chunk = "65\r\n" + std::string(0x65, 'x') + "\r\n0\r\n\r\n";
  EXPECT_THAT(
      exchange("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk),
      StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(exchange("GET / HTTP/1.1\r\nX: " + std::string(20000, 'x') + "\r\n\r\n"),
              StartsWith("HTTP/1.1 431 "));
  EXPECT_TRUE(handled.requests.empty());
}

// A feed's hub knows a token, and may send what it likes until its signature is looked at.
TEST_F(WebServerTest, BodiesOfCallbacksHaveABoundTogether) {
  WebLimits limits;
  limits.callback_bytes = 250;
  start(limits);
  WebCallbacks callbacks;
  callbacks.is = [](std::string_view path) { return path.starts_with("/hub/"); };
  callbacks.body_limit = [](std::string_view) { return std::optional<std::size_t>(200); };
  server->set_callbacks(std::move(callbacks));
  const auto push = [&](const std::string& head, const std::string& body) {
    return exchange("POST /hub/a HTTP/1.1\r\nHost: localhost\r\n" + head + "\r\n\r\n" + body);
  };
  const std::string chunked = "Transfer-Encoding: chunked";
  EXPECT_THAT(push(chunked, "5\r\nhello\r\n0\r\n\r\n"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(push("Content-Length: 150", std::string(150, 'x')), StartsWith("HTTP/1.1 200"));
  const std::string refused = push("Content-Length: 150", std::string(150, 'x'));
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(refused, HasSubstr("Retry-After: 60\r\n"));
  EXPECT_THAT(push(chunked, "5\r\nhello\r\n0\r\n\r\n"), StartsWith("HTTP/1.1 503"))
      << "it may be as long as any";
  EXPECT_THAT(exchange("GET /hub/a HTTP/1.1\r\nHost: localhost\r\n\r\n"),
              StartsWith("HTTP/1.1 200"))
      << "what has no body takes no room";
  EXPECT_THAT(push("Content-Length: 95", std::string(95, 'x')), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(handled.requests.back().body.size(), 95U);
  EXPECT_THAT(exchange("POST /other HTTP/1.1\r\nHost: localhost\r\nContent-Length: 150\r\n\r\n" +
                       std::string(150, 'x')),
              StartsWith("HTTP/1.1 200"));
  handled.requests.clear();  // whoever took the bodies is done with them
  EXPECT_THAT(push("Content-Length: 150", std::string(150, 'x')), StartsWith("HTTP/1.1 200"));
}

TEST_F(WebServerTest, WhatIsNoRequestIsToldSo) {
  start();
  for (const std::string bytes :
       {"nonsense\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/3.7\r\n\r\n"}) {
    EXPECT_THAT(exchange(bytes), StartsWith("HTTP/1.1 400 ")) << bytes;
  }
}

TEST_F(WebServerTest, AConnectionServesManyRequests) {
  start();
  Peer& peer = tcp_peer();
  for (std::size_t i = 1; i <= 3; ++i) {
    peer.send("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n");
    ASSERT_TRUE(until([&] { return peer.answers() == i; }));
  }
  peer.send(
      "GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\nGET /2 HTTP/1.1\r\nHost: localhost\r\n\r\n"
      "GET /3 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  ASSERT_TRUE(until([&] { return peer.closed(); }));
  EXPECT_EQ(peer.answers(), 6U);
  EXPECT_LT(peer.received().find("GET /1"), peer.received().find("GET /2"));
  EXPECT_THAT(peer.received(), testing::EndsWith("GET /3"));
}

TEST_F(WebServerTest, OneSlowAnswerHoldsUpNobodyElse) {
  start();
  Peer& slow = tcp_peer();
  slow.send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(until([&] { return handled.requests.size() == 1; }));
  EXPECT_THAT(exchange("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"), HasSubstr("GET /x"));
  EXPECT_EQ(slow.received(), "");
  handled.gate->cancel();
  EXPECT_TRUE(until([&] { return slow.whole(); }));
}

TEST_F(WebServerTest, FullPagesDoNotLockOutTheVerbs) {
  WebLimits limits;
  limits.connections = 1;
  start(limits);
  Peer& first = tcp_peer();
  first.send("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(until([&] { return first.whole(); }));
  Peer& second = tcp_peer();
  ASSERT_TRUE(until([&] { return second.closed(); }));
  EXPECT_EQ(second.received(), "");
  Peer& verb = unix_peer();
  verb.send("GET /v1/status HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(until([&] { return verb.whole(); }));
  EXPECT_FALSE(first.closed());
}

TEST_F(WebServerTest, IdleAndDrippingConnectionsAreCut) {
  WebLimits limits;
  limits.idle_timeout = std::chrono::milliseconds(50);
  start(limits);
  Peer& idle = tcp_peer();
  Peer& dripping = tcp_peer();
  dripping.send("GET /x HTTP/1.1\r\nHos");
  EXPECT_TRUE(until([&] { return idle.closed() && dripping.closed(); }));
  EXPECT_TRUE(handled.requests.empty());
}

TEST_F(WebServerTest, AFailingPageIsA500AndTheServerLives) {
  start();
  const std::string answer = exchange("GET /throws HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(answer, Not(HasSubstr("broken")));
  EXPECT_THAT(exchange("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"), HasSubstr(" 200 "));
}

TEST_F(WebServerTest, StoppingFinishesTheAnswerUnderWayAndCutsWhoIsIdle) {
  start();
  Peer& idle = tcp_peer();
  Peer& slow = tcp_peer();
  slow.send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(until([&] { return handled.requests.size() == 1; }));
  stop.emit(asio::cancellation_type::total);
  ASSERT_TRUE(until([&] { return idle.closed(); }));
  EXPECT_FALSE(ended);
  handled.gate->cancel();
  ASSERT_TRUE(until([&] { return ended && slow.closed(); }));
  EXPECT_FALSE(failed);
  EXPECT_THAT(slow.received(), HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(slow.received(), testing::EndsWith("GET /slow"));
}

TEST_F(WebServerTest, InsistingCutsTheAnswerUnderWay) {
  start();
  Peer& slow = tcp_peer();
  slow.send("GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n");
  Peer& waiting = tcp_peer();
  waiting.send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(until([&] { return handled.requests.size() == 2; }));
  stop.emit(asio::cancellation_type::total);
  loop.poll();
  EXPECT_FALSE(ended);
  stop.emit(asio::cancellation_type::terminal);
  EXPECT_TRUE(until([&] { return ended && waiting.closed(); }));
  EXPECT_FALSE(failed);
}

TEST_F(WebServerTest, ABigAnswerArrivesWhole) {
  start();
  EXPECT_GT(exchange("GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n").size(), 16U << 20U);
}

TEST_F(WebServerTest, BadAddressesAreNamed) {
  make();
  for (const std::string wrong : {"8420", "localhost:8420", "127.0.0.1:99999", ""}) {
    const auto bound = server->listen_tcp(wrong, "");
    ASSERT_FALSE(bound);
    EXPECT_EQ(bound.error().text, "listen: \"" + wrong + "\" is no address such as 127.0.0.1:8420");
  }
  const auto first = server->listen_tcp("127.0.0.1:0", "");
  ASSERT_TRUE(first);
  const auto again = server->listen_tcp(*first, "");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().text, "cannot listen on " + *first +
                                    ": Address already in use; choose another with `listen:` or "
                                    "--listen");
}

TEST_F(WebServerTest, AStaleSocketIsReplacedALiveOneIsNot) {
  start();
  const auto first = std::move(server);
  make();
  const auto live = server->listen_unix(socket_path, 0600);
  EXPECT_EQ(live ? "" : live.error().text, "a daemon already answers at \"" + socket_path + "\"");
  const std::string stale = folder.file("stale.sock");
  { asio::local::stream_protocol::acceptor crashed(loop, {stale}); }
  ASSERT_TRUE(std::filesystem::exists(stale));
  EXPECT_TRUE(server->listen_unix(stale, 0600));
  server.reset();
  EXPECT_FALSE(std::filesystem::exists(stale));
}

TEST_F(WebServerTest, AFileThatIsNoSocketIsLeftAlone) {
  make();
  const std::string path = folder.file("notes");
  std::ofstream(path) << "mine";
  const auto refused = server->listen_unix(path, 0600);
  EXPECT_EQ(refused ? "" : refused.error().text, "\"" + path + "\" is not a socket; move it away");
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(WebServerTest, ATooLongSocketPathIsNamed) {
  make();
  const std::string path = folder.file(std::string(120, 'x'));
  const auto refused = server->listen_unix(path, 0600);
  EXPECT_EQ(refused ? "" : refused.error().text,
            "the control socket's path \"" + path +
                "\" is longer than 107 bytes; choose a shorter state folder");
}

}  // namespace
}  // namespace wirewatch::daemon
