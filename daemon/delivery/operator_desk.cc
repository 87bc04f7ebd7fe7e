#include "daemon/delivery/operator_desk.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <set>
#include <utility>

#include "feeds/hash.h"
#include "rules/policy/policy.h"

namespace wirewatch::daemon {
namespace {

constexpr Span round = std::chrono::minutes(1);
constexpr Span told_again_after = std::chrono::hours(6);
constexpr Span feed_patience = std::chrono::hours(1);  // of failures before it is news
constexpr Span receiver_patience = std::chrono::minutes(5);
constexpr std::size_t most_outgoing = 100;
constexpr std::size_t most_told = 10'000;

// One id for what is told in the same six hours, whatever is restarted meanwhile. `before`: of the
// six hours before.
std::string notice_id(const OperatorNotice& notice, bool before) {
  const auto spans = notice.time.time_since_epoch() / told_again_after - (before ? 1 : 0);
  return id_of({"notice", notice.kind, notice.feed, std::to_string(spans)});
}

std::string subject_of(const OperatorNotice& notice) {
  return notice.kind + "\n" + notice.feed;
}

bool told_before(Reader& reader, const OperatorNotice& notice) {
  for (const bool before : {false, true}) {
    DeliveryFilter filter;
    filter.alert = notice_id(notice, before);
    filter.since = notice.time - told_again_after + Span(1);
    filter.limit = 1;
    if (!reader.deliveries(filter).empty()) return true;
  }
  return false;
}

AlertView view_of(const OperatorNotice& notice) {
  AlertView view;
  view.alert = notice_id(notice, false);
  view.story = view.alert;
  view.kind = "notice";
  view.severity = "normal";
  view.headline = "wirewatch: " + notice.kind;
  view.passage = notice.text;
  view.reason = notice.kind;
  view.time = notice.time;
  return view;
}

OperatorNotice notice_of(std::string kind, std::string subject, std::string text, Instant now) {
  OperatorNotice notice;
  notice.kind = std::move(kind);
  notice.feed = std::move(subject);
  notice.text = std::move(text);
  notice.time = now;
  return notice;
}

}  // namespace

OperatorDesk::OperatorDesk(asio::any_io_executor loop, Clock& clock, Fetcher& http, Store& store,
                           Sources sources)
    : clock_(clock),
      http_(http),
      store_(store),
      sources_(std::move(sources)),
      bell_(std::move(loop), clock) {}

void OperatorDesk::tell(OperatorNotice notice) {
  const std::string subject = subject_of(notice);
  const auto before = told_.find(subject);
  const bool lately = before != told_.end() && notice.time - before->second < told_again_after &&
                      notice.time >= before->second;
  if (lately || outgoing_.size() >= most_outgoing) return;
  if (told_.size() >= most_told) {
    std::erase_if(told_, [&notice](const auto& entry) {
      return notice.time - entry.second >= told_again_after;
    });
  }
  if (told_.size() >= most_told) return;
  told_[subject] = notice.time;
  outgoing_.push_back(std::move(notice));
  bell_.ring();
}

void OperatorDesk::look_at_receivers(Instant now, const Watch& watch) {
  const auto& operators = snapshot_->settings.operators;
  for (const ReceiverHealth& receiver : sources_.receivers()) {
    const bool ours =
        std::find(operators.begin(), operators.end(), receiver.name) != operators.end();
    const std::uint64_t dead_before = std::exchange(dead_[receiver.name], receiver.dead);
    if (receiver.dead > dead_before && !(ours && operators.size() == 1)) {
      tell(notice_of(
          "messages are refused", receiver.name,
          fmt::format("receiver \"{}\" refused {} messages for good, they are kept as dead "
                      "letters: {}; \"wirewatch alerts replay --receiver {}\" sends them "
                      "again",
                      receiver.name, receiver.dead - dead_before, receiver.last_answer,
                      receiver.name),
          now));
    }
    if (ours && operators.size() == 1) continue;
    if (receiver.refusing_since && !receiver.down_since) {
      watch("refusing\n" + receiver.name, receiver_patience,
            notice_of("receiver takes no messages", receiver.name,
                      fmt::format("receiver \"{}\" answers and has taken no message since {}: {}",
                                  receiver.name, to_iso8601(*receiver.refusing_since),
                                  receiver.last_answer),
                      now));
    }
    if (!receiver.down_since) continue;
    watch("receiver\n" + receiver.name, receiver_patience,
          notice_of("receiver is down", receiver.name,
                    fmt::format("receiver \"{}\" has not answered since {}, {} messages wait: {}",
                                receiver.name, to_iso8601(*receiver.down_since), receiver.waiting,
                                receiver.last_answer),
                    now));
  }
}

// What has been wrong for a while; a single failed poll is no news.
void OperatorDesk::look_around() {
  const Instant now = clock_.now();
  std::set<std::string> still;
  const Watch watch = [&](const std::string& subject, Span patience, OperatorNotice notice) {
    still.insert(subject);
    const Instant since = failing_.emplace(subject, now).first->second;
    if (now - since >= patience) tell(std::move(notice));
  };
  for (const FeedHealth& feed : sources_.feeds()) {
    if (feed.state.paused) {
      watch("feed\n" + feed.key, Span::zero(),
            notice_of("feed is gone", feed.key,
                      fmt::format("feed \"{}\" is gone (410) and no longer polled; \"wirewatch "
                                  "feeds poll {}\" asks again",
                                  feed.name, feed.name),
                      now));
    } else if (feed.state.failures > 0) {
      watch("feed\n" + feed.key, feed_patience,
            notice_of("feed is failing", feed.key,
                      fmt::format("feed \"{}\" has failed {} times in a row: {}", feed.name,
                                  feed.state.failures, feed.state.failure),
                      now));
    }
  }
  look_at_receivers(now, watch);
  std::erase_if(failing_, [&](const auto& entry) { return still.count(entry.first) == 0; });
}

asio::awaitable<void> OperatorDesk::send() {
  const std::vector<std::string> receivers = snapshot_->settings.operators;
  std::vector<OperatorNotice> given = std::move(outgoing_);
  outgoing_.clear();
  if (receivers.empty() || given.empty()) co_return;
  std::function<std::vector<OperatorNotice>(Reader&)> query = [given](Reader& reader) {
    std::vector<OperatorNotice> fresh = given;
    try {
      std::erase_if(fresh, [&reader](const auto& notice) { return told_before(reader, notice); });
    } catch (const std::exception& error) {  // better told twice
      spdlog::warn("what the operator was told cannot be read: {}", error.what());
    }
    return fresh;
  };
  const std::vector<OperatorNotice> notices = co_await store_.read(std::move(query));
  if (notices.empty()) co_return;
  Commit commit;
  for (const OperatorNotice& notice : notices) {
    const AlertView view = view_of(notice);
    for (const std::string& receiver : receivers) {
      DeliveryRow delivery;
      delivery.id = rules::delivery_id(view.alert, 1, receiver);
      delivery.alert = view.alert;
      delivery.receiver = receiver;
      delivery.payload = to_json(view);
      delivery.created = delivery.next_attempt = notice.time;
      commit.deliveries.push_back(std::move(delivery));
    }
  }
  const Result<void> done = co_await store_.commit(std::move(commit));
  if (!done) {
    spdlog::error("the operator is not told yet: {}", done.error().text);
    put_back(notices);
    co_return;
  }
  for (const std::string& receiver : receivers) sources_.wake_receiver(receiver);
}

// They wait for the next round, before what came meanwhile. What has no room is told when it is
// seen again.
void OperatorDesk::put_back(const std::vector<OperatorNotice>& notices) {
  outgoing_.insert(outgoing_.begin(), notices.begin(), notices.end());
  while (outgoing_.size() > most_outgoing) {
    told_.erase(subject_of(outgoing_.back()));
    outgoing_.pop_back();
  }
}

asio::awaitable<void> OperatorDesk::run() {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  for (;;) {
    look_around();
    co_await send();
    const bool rung = co_await bell_.wait(round);
    static_cast<void>(rung);
  }
}

asio::awaitable<void> OperatorDesk::heartbeat() {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  std::uint64_t moved = 0;
  bool failed = false;
  for (;;) {
    const Heartbeat beat = snapshot_->settings.heartbeat;
    const Span wait = beat.every > Span::zero() ? beat.every : round;
    co_await sleep_for(clock_, wait);
    const std::uint64_t progress = sources_.progress();
    if (beat.every == Span::zero() || progress == moved) continue;
    moved = progress;
    auto url = read_secret(beat.url);
    HttpRequest request;
    request.url = url ? *url : std::string();
    request.deadline = std::chrono::seconds(15);
    request.follow_redirects = false;
    request.body_cap = 64U << 10U;
    request.allow = beat.allow;
    if (!url) {
      if (!failed) spdlog::warn("heartbeat: {}", url.error().text);
      failed = true;
      continue;
    }
    const feeds::Reply reply = co_await http_.fetch(std::move(request));
    const bool taken = reply.status >= 200 && reply.status < 300;
    if (!taken && !failed) {
      spdlog::warn("heartbeat: {}", reply.status == 0 ? reply.failure_text
                                                      : fmt::format("answered {}", reply.status));
    }
    failed = !taken;
  }
}

}  // namespace wirewatch::daemon
