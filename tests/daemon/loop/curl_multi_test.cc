// What HttpClient's seam cannot show: names with addresses of the test's choice.
#include "daemon/loop/curl_multi.h"

#include <boost/asio/ip/tcp.hpp>
#include <vector>

#include "daemon/loop/transfer.h"
#include "tests/daemon/loop/fake_server.h"
#include "tests/daemon/loop/loop_test.h"

namespace wirewatch::daemon {
namespace {

using asio::ip::tcp;
using std::chrono::milliseconds;

class CurlMultiTest : public LoopTest {
 protected:
  static asio::awaitable<void> run(std::shared_ptr<CurlMulti> multi, Transfer& transfer, Span limit,
                                   feeds::Reply& reply) {
    const CURLcode code = co_await multi->perform(transfer.handle(), limit);
    reply = transfer.reply(code);
  }

  // Fetches "http://news.test:PORT/" with that name standing for `addresses`, in their order.
  feeds::Reply fetch(std::uint16_t port, const std::string& addresses, const NetworkRules& rules,
                     Span limit = milliseconds(900)) {
    const std::string place = "news.test:" + std::to_string(port);
    HttpRequest request;
    request.url = "http://" + place + "/";
    request.deadline = limit;
    const auto guard = std::make_shared<const AddressGuard>(rules);
    TransferSetup setup;
    setup.guard = guard;
    Transfer transfer(request, *origin_of(request.url), request.deadline, setup);
    curl_slist* const names = curl_slist_append(nullptr, (place + ":" + addresses).c_str());
    curl_easy_setopt(transfer.handle(), CURLOPT_RESOLVE, names);
    feeds::Reply reply;
    const auto outcome = start(run(multi_, transfer, limit, reply));
    run_until([&] { return outcome->ended; });
    curl_slist_free_all(names);
    return reply;
  }

  std::shared_ptr<CurlMulti> multi_ = std::make_shared<CurlMulti>(loop_, 8, 4);
  FakeServer server_{loop_};
};

// Row 23 of the faults: of a name's two addresses the first swallows connections.
TEST_F(CurlMultiTest, ADeadIpv6AddressCostsLessThanASecond) {
  const tcp::endpoint place(asio::ip::address_v6::loopback(), server_.port());
  tcp::acceptor dead(loop_);
  boost::system::error_code error;
  dead.open(place.protocol(), error);
  if (!error) dead.bind(place, error);
  if (error) GTEST_SKIP() << "no IPv6 on this machine's loopback: " << error.message();
  dead.listen(0);
  std::vector<tcp::socket> queue;  // full with connections that nobody accepts
  for (int i = 0; i < 4; ++i) {
    queue.emplace_back(loop_, place.protocol());
    queue.back().async_connect(place, [](const boost::system::error_code&) {});
  }
  server_.on("/", answer("200 OK", {}, "x"));
  const NetworkRules loopback{{"127.0.0.0/8", "::1/128"}};
  EXPECT_EQ(fetch(server_.port(), "[::1]", loopback, milliseconds(50)).failure_text,
            "could not connect to news.test:" + std::to_string(server_.port()) + " within 0.05 s");
  multi_ = std::make_shared<CurlMulti>(loop_, 8, 4);  // forgets the name
  EXPECT_EQ(fetch(server_.port(), "[::1],127.0.0.1", loopback).body, "x");
}

// Row 13: a public name that has come to lead inside.
TEST_F(CurlMultiTest, ANameThatLeadsToAPrivateAddressIsRefusedByItsAddress) {
  const feeds::Reply reply = fetch(80, "10.0.0.5", {});
  EXPECT_EQ(reply.failure, feeds::TransportFailure::refused_address);
  EXPECT_EQ(reply.failure_text,
            "refused: news.test resolves to 10.0.0.5, a private address (network.allow opens it)");
}

// Row 13: on reuse.
TEST_F(CurlMultiTest, AnOpenConnectionIsJudgedAgainBeforeItIsUsed) {
  server_.on("/", answer("200 OK", {}, "x"));
  EXPECT_EQ(fetch(server_.port(), "127.0.0.1", {{"127.0.0.1/32"}}).body, "x");
  EXPECT_EQ(fetch(server_.port(), "127.0.0.1", {}).failure_text,
            "refused: news.test resolves to 127.0.0.1, a loopback address (network.allow opens "
            "it)");
  EXPECT_EQ(server_.requests().size(), 1U);
}

TEST_F(CurlMultiTest, AnAllowedAddressIsTakenWhereAnotherOfTheNameIsRefused) {
  server_.on("/", answer("200 OK", {}, "x"));
  EXPECT_EQ(fetch(server_.port(), "127.0.0.2,127.0.0.1", {{"127.0.0.1/32"}}).body, "x");
}

}  // namespace
}  // namespace wirewatch::daemon
