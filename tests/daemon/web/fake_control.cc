#include "tests/daemon/web/fake_control.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <optional>

#include "daemon/web/targets.h"

namespace wirewatch::daemon {
namespace {

asio::awaitable<void> ask_into(WebHandler& routes, WebRequest request,
                               std::optional<WebResponse>& out) {
  WebResponse answer = co_await routes(std::move(request));
  out = std::move(answer);
}

}  // namespace

FeedGlance glance_of(const std::vector<FeedHealth>& feeds) {
  FeedGlance glance;
  for (const FeedHealth& feed : feeds) {
    glance.totals.add(feed.state, feed.polls, feed.items);
    glance.totals.held += feed.held;
    if (feed.held > 0) glance.held.push_back(feed);
    const bool notes = needs_a_look(feed.state) && glance.noted.size() < most_noted;
    if (notes) glance.noted.push_back(feed);
  }
  return glance;
}

asio::awaitable<std::vector<FeedHealth>> FakeControl::feeds() {
  co_return told_feeds;
}

asio::awaitable<ReloadOutcome> FakeControl::reload() {
  co_return outcome;
}

bool FakeControl::poll_now(const std::string& feed) {
  for (const FeedHealth& known : told_feeds) {
    if (known.name == feed) return true;
  }
  return false;
}

asio::awaitable<Result<std::size_t>> FakeControl::release(std::string feed, bool drop) {
  for (const FeedHealth& known : told_feeds) {
    if (known.name != feed) continue;
    released.push_back(feed + (drop ? " dropped" : ""));
    co_return known.held;
  }
  co_return Error{ErrorKind::not_found, "there is no feed \"" + feed + "\""};
}

asio::awaitable<Result<void>> FakeControl::silence(rules::Silence silence) {
  silences.push_back(std::move(silence));
  co_return Result<void>();
}

asio::awaitable<Result<void>> FakeControl::follow(FollowRow row) {
  follows.push_back(std::move(row));
  co_return Result<void>();
}

asio::awaitable<Result<void>> FakeControl::judge(VerdictRow verdict) {
  verdicts.push_back(std::move(verdict));
  co_return Result<void>();
}

asio::awaitable<Result<std::size_t>> FakeControl::replay(std::vector<DeliveryRow> deliveries) {
  for (const DeliveryRow& delivery : deliveries) replayed.push_back(delivery.id);
  co_return deliveries.size();
}

asio::awaitable<Instant> FakeControl::advance(Span by) {
  told.now += by;
  co_return told.now;
}

RoutesTest::RoutesTest() {
  open();
  control = std::make_unique<FakeControl>(*store, activity);
  control->told.version = "1.2.3";
  control->told.started = day(1);
  control->told.now = day(1) + std::chrono::minutes(3);
  control->told.config_file = "/etc/wirewatch/wirewatch.yaml";
  control->told.page = "http://127.0.0.1:8420/";
  control->told.ready = true;
  routes = make_routes(*control);
}

WebResponse RoutesTest::ask(WebRequest request) {
  std::optional<WebResponse> answer;
  asio::co_spawn(loop, ask_into(routes, std::move(request), answer), asio::detached);
  run();
  if (!answer) throw std::runtime_error("the route gave no answer");
  return *answer;
}

WebResponse RoutesTest::get(const std::string& path) {
  WebRequest request;
  request.method = "GET";
  if (!split_target(path, request)) throw std::runtime_error("no path: " + path);
  return ask(std::move(request));
}

WebResponse RoutesTest::control_get(const std::string& target) {
  WebRequest request;
  request.method = "GET";
  request.control = true;
  request.peer_uid = 12345;
  if (!split_target(target, request)) throw std::runtime_error("no path: " + target);
  return ask(std::move(request));
}

WebResponse RoutesTest::control_post(const std::string& target, unsigned uid) {
  WebRequest request;
  request.method = "POST";
  request.control = true;
  request.peer_uid = uid;
  if (!split_target(target, request)) throw std::runtime_error("no path: " + target);
  return ask(std::move(request));
}

FeedHealth feed_health(const std::string& name) {
  FeedHealth feed;
  feed.key = feed.url = "https://example.org/" + name;
  feed.name = name;
  feed.state.last_poll = feed.state.last_success = day(1);
  feed.state.next_due = day(1) + std::chrono::minutes(10);
  return feed;
}

}  // namespace wirewatch::daemon
