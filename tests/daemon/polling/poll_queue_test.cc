// Who is polled next: hosts, rest between polls, and a hundred thousand feeds at once.
#include "daemon/polling/poll_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <deque>

namespace wirewatch::daemon {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;

const Instant noon = from_iso8601("2026-01-05T12:00:00Z").value();

class PollQueueTest : public testing::Test {
 protected:
  PollTurn& add(const std::string& host, Span due = {}) {
    PollTurn& turn = turns.emplace_back();
    turn.host = host;
    turn.order = static_cast<std::uint32_t>(turns.size());
    queue.add(turn, noon + due);
    return turn;
  }
  // The hosts of those that begin by `at`; none of them ends.
  std::vector<std::string> begun(Span at = {}) {
    std::vector<std::string> hosts;
    while (const PollTurn* turn = queue.begin(noon + at)) hosts.push_back(turn->host);
    return hosts;
  }
  std::deque<PollTurn> turns;
  PollQueue queue;
};

TEST(HostOf, IsTheHostWithItsPort) {
  EXPECT_EQ(host_of("https://Example.ORG/feed?x=/y"), "example.org");
  EXPECT_EQ(host_of("http://127.0.0.1:8080/a"), "127.0.0.1:8080");
  EXPECT_EQ(host_of("https://example.org"), "example.org");
  EXPECT_EQ(host_of("https://example.org?x"), "example.org");
}

TEST_F(PollQueueTest, TheLongestDueComesFirst) {
  add("c", seconds(-1));
  add("a", seconds(-3));
  add("b", seconds(-2));
  add("d", seconds(5));
  EXPECT_THAT(begun(), ElementsAre("a", "b", "c"));
  EXPECT_EQ(queue.earliest(), noon + seconds(5));
  EXPECT_EQ(queue.waiting(), 1U);
}

TEST_F(PollQueueTest, AFullHostHoldsUpItsOwnFeedsOnly) {
  queue.set_limits(2, Span(0));
  PollTurn& first = add("slow");
  for (int i = 0; i < 5; ++i) add("slow");
  add("quick");
  EXPECT_THAT(begun(), ElementsAre("slow", "slow", "quick"));
  EXPECT_EQ(queue.earliest(), std::nullopt);
  queue.end(first, noon + minutes(1));
  EXPECT_THAT(begun(minutes(1)), ElementsAre("slow"));
  EXPECT_EQ(queue.waiting(), 3U);
}

TEST_F(PollQueueTest, AHostRestsBetweenTheBeginningsOfTwoPolls) {
  queue.set_limits(10, seconds(1));
  for (int i = 0; i < 3; ++i) add("one");
  add("two");
  EXPECT_THAT(begun(), ElementsAre("one", "two"));
  EXPECT_EQ(queue.earliest(), noon + seconds(1));
  EXPECT_THAT(begun(milliseconds(999)), ElementsAre());
  EXPECT_THAT(begun(seconds(1)), ElementsAre("one"));
  EXPECT_THAT(begun(seconds(2)), ElementsAre("one"));
}

TEST_F(PollQueueTest, WhoIsTakenOutIsNotPolledWhereverItWaited) {
  queue.set_limits(1, seconds(1));
  PollTurn& first = add("one");
  begun();
  PollTurn& at_the_door = add("one", seconds(1));
  begun(seconds(1));
  PollTurn& due = add("two", seconds(9));
  EXPECT_EQ(queue.waiting(), 2U);
  queue.remove(at_the_door);
  queue.remove(due);
  EXPECT_EQ(queue.waiting(), 0U);
  queue.end(first, noon + seconds(2));
  EXPECT_THAT(begun(minutes(1)), ElementsAre());
  EXPECT_EQ(first.place, PollTurn::Place::out);
}

TEST_F(PollQueueTest, AHostIsNotHeldUpByAClockThatWasAhead) {
  queue.set_limits(1, seconds(1));
  PollTurn& first = add("one", std::chrono::hours(24 * 365));
  begun(std::chrono::hours(24 * 365));
  queue.end(first, noon + std::chrono::hours(24 * 365));
  PollTurn& other = add("two");
  begun();
  queue.end(other, noon);
  add("one");
  EXPECT_THAT(begun(seconds(1)), ElementsAre("one"));
}

// Row 26: what 100,000 feeds cost after a long absence, and that they do not come all at once.
TEST_F(PollQueueTest, AHundredThousandOverdueFeedsAreSpreadQuicklyAndEvenly) {
  constexpr int feeds = 100000;
  queue.set_limits(4, milliseconds(100));
  for (int i = 0; i < feeds; ++i) {
    add("host" + std::to_string(i % 10000) + ".example", -seconds(feeds - i));
  }
  const std::clock_t started = std::clock();  // of the processor: the machine may be busy
  queue.spread(noon, 64, milliseconds(20), minutes(5));
  std::size_t polled = 0;
  std::size_t most_a_second = 0;
  for (int second = 0; second <= 301; ++second) {
    std::size_t now = 0;
    while (PollTurn* turn = queue.begin(noon + seconds(second))) {
      ++now;
      queue.end(*turn, noon + seconds(second));
    }
    most_a_second = std::max(most_a_second, now);
    polled += now;
  }
  const double took_s = static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC;
  EXPECT_EQ(polled, static_cast<std::size_t>(feeds));
  EXPECT_LT(most_a_second, 400U);  // 333 on average
  EXPECT_LT(took_s, 5);  // without optimisation; a queue that is not O(log n) takes minutes
  EXPECT_EQ(queue.waiting(), 0U);
}

}  // namespace
}  // namespace wirewatch::daemon
