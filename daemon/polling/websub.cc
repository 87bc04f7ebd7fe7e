#include "daemon/polling/websub.h"

#include <fmt/format.h>
#include <openssl/rand.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <new>

#include "daemon/polling/poll_once.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t asked_at_once = 8;  // hubs
constexpr std::size_t token_bytes = 20;   // 160 bits: never guessed
constexpr std::size_t secret_bytes = 32;
constexpr std::size_t most_subscriptions = 200000;  // leaving ones included
constexpr Span longest_wait = std::chrono::hours(1);

std::string random_hex(std::size_t bytes) {
  std::string raw(bytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(raw.data()), static_cast<int>(bytes)) != 1) {
    throw std::bad_alloc();  // no randomness: nothing that must not be guessed can be made
  }
  std::string hex;
  for (const char c : raw) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return hex;
}

}  // namespace

WebSub::WebSub(asio::any_io_executor loop, Clock& clock, Fetcher& http, Store& store,
               Poller& poller, std::function<double()> random)
    : loop_(std::move(loop)),
      clock_(clock),
      real_clock_(make_system_clock(loop_)),
      http_(http),
      store_(store),
      poller_(poller),
      random_(std::move(random)),
      bell_(loop_, clock) {}

asio::awaitable<Result<void>> WebSub::restore() {
  std::function<std::vector<SubscriptionRow>(Reader&)> query = [](Reader& reader) {
    return reader.subscriptions();
  };
  try {
    std::vector<SubscriptionRow> rows = co_await store_.read(std::move(query));
    for (SubscriptionRow& row : rows) {
      const std::string token = row.token;
      if (row.state.state != feeds::SubscriptionState::leaving) by_feed_[row.feed] = token;
      Entry& entry = entries_[token];
      entry.row = std::move(row);
      put_in_line(entry);
    }
  } catch (const std::exception& error) {
    co_return Error{ErrorKind::temporary, error.what()};
  }
  co_return Result<void>();
}

void WebSub::set_snapshot(std::shared_ptr<const Snapshot> snapshot) {
  snapshot_ = std::move(snapshot);
  const std::string& base = snapshot_->settings.callback_url;
  for (auto& [token, entry] : entries_) {
    if (entry.row.state.state == feeds::SubscriptionState::leaving) continue;
    if (!may_subscribe(entry.row.feed)) {
      leave(entry, "the config has no use for it");
    } else if (entry.row.state.callback != base + "/" + token) {
      // The next document brings a new one under the new address.
      leave(entry, "the callback has moved");
    }
  }
  bell_.ring();
}

WebSub::Entry* WebSub::live_entry(const std::string& feed_key) {
  const auto found = by_feed_.find(feed_key);
  if (found == by_feed_.end()) return nullptr;
  const auto entry = entries_.find(found->second);
  return entry == entries_.end() ? nullptr : &entry->second;
}

const WebSub::Entry* WebSub::live_entry(const std::string& feed_key) const {
  return const_cast<WebSub*>(this)->live_entry(feed_key);
}

std::string WebSub::name_of(const std::string& feed_key) const {
  const std::shared_ptr<FeedSlot> slot = poller_.slot(feed_key);
  return slot == nullptr ? feed_key : slot->config->name;
}

// The poller has the feeds by their keys already: a list of our own would be made anew at each
// reload, for very many feeds, while the loop waits.
bool WebSub::may_subscribe(const std::string& feed_key) const {
  if (snapshot_ == nullptr || snapshot_->settings.callback_url.empty()) return false;
  const std::shared_ptr<FeedSlot> slot = poller_.slot(feed_key);
  return slot != nullptr && slot->config->websub && slot->config->replay.empty();
}

bool WebSub::deliver(const std::string& feed_key) const {
  const Entry* const entry = live_entry(feed_key);
  if (entry == nullptr || !entry->row.state.trusted) return false;
  const feeds::Subscription& state = entry->row.state;
  return state.state == feeds::SubscriptionState::active && state.expires > clock_.now();
}

void WebSub::polled(const FeedConfig& feed, const feeds::HubLinks& links, std::size_t fresh) {
  Entry* const entry = live_entry(feed.key);
  if (entry != nullptr) {
    feeds::Subscription& state = entry->row.state;
    if (fresh > 0 && state.trusted) {
      state.trusted = false;
      changed_.insert(entry->row.token);
      bell_.ring();
      spdlog::info("feed \"{}\": its hub did not bring {} new items; polled as often as before",
                   feed.name, fresh);
    }
    if (state.hub == links.hub && state.topic == links.topic) return;
    leave(*entry, links.hub.empty() ? "the feed names no hub any more" : "the feed has moved hubs");
  }
  if (!links.hub.empty() && may_subscribe(feed.key)) subscribe(feed, links);
}

void WebSub::keys_changed(const std::vector<FeedKeyChange>& changes) {
  std::map<std::string, std::string> keys;
  for (const FeedKeyChange& change : changes) keys[change.from] = change.to;
  std::map<std::string, std::string> by_feed;
  for (const auto& [key, token] : by_feed_) {
    const auto changed = keys.find(key);
    by_feed[changed == keys.end() ? key : changed->second] = token;
  }
  by_feed_ = std::move(by_feed);
  for (auto& [token, entry] : entries_) {
    const auto changed = keys.find(entry.row.feed);
    if (changed == keys.end()) continue;
    entry.row.feed = changed->second;
    changed_.insert(token);
  }
  bell_.ring();
}

void WebSub::subscribe(const FeedConfig& feed, const feeds::HubLinks& links) {
  if (entries_.size() >= most_subscriptions) return;
  SubscriptionRow row;
  row.token = random_hex(token_bytes);
  row.feed = feed.key;
  row.state.hub = links.hub;
  row.state.topic = links.topic;
  row.state.callback = snapshot_->settings.callback_url + "/" + row.token;
  row.state.secret = random_hex(secret_bytes);
  row.state.next_step = clock_.now();
  by_feed_[feed.key] = row.token;
  Entry& entry = entries_[row.token];
  entry.row = row;
  put_in_line(entry);
  bell_.ring();
}

// Ends a subscription at its hub; what it still sends is refused.
void WebSub::leave(Entry& entry, const std::string& why) {
  spdlog::info("feed \"{}\": its subscription at the hub is ended: {}", name_of(entry.row.feed),
               why);
  by_feed_.erase(entry.row.feed);
  feeds::Subscription& state = entry.row.state;
  state.state = feeds::SubscriptionState::leaving;
  state.awaiting = false;
  state.trusted = false;
  state.failures = 0;
  state.next_step = clock_.now();
  put_in_line(entry);
  bell_.ring();
}

std::string WebSub::describe(const std::string& feed_key) const {
  const Entry* const entry = live_entry(feed_key);
  if (entry == nullptr) return {};
  const feeds::Subscription& state = entry->row.state;
  const std::string why = state.reason.empty() ? state.reason : ": " + state.reason;
  switch (state.state) {
    case feeds::SubscriptionState::active:
      return fmt::format("subscribed until {}{}{}", to_iso8601(state.expires),
                         state.trusted ? ", delivers" : ", has yet to deliver", why);
    case feeds::SubscriptionState::asked:
      return "asked, not verified yet" + why;
    case feeds::SubscriptionState::denied:
      return "denied" + why;
    default:
      return "not subscribed" + why;
  }
}

// After each change of its next step or of `busy`.
void WebSub::put_in_line(Entry& entry) {
  const std::string& token = entry.row.token;
  steps_.erase({entry.queued, token});
  if (entry.busy) return;
  entry.queued = entry.row.state.next_step;
  steps_.emplace(entry.queued, token);
}

Span WebSub::until_next() const {
  if (asking_ >= asked_at_once || steps_.empty()) return longest_wait;
  const Span wait = steps_.begin()->first - clock_.now();
  return std::clamp<Span>(wait, Span(0), longest_wait);
}

void WebSub::start_due(TaskGroup& tasks) {
  const Instant now = clock_.now();
  while (asking_ < asked_at_once && !steps_.empty() && steps_.begin()->first <= now) {
    const std::string token = steps_.begin()->second;
    Entry& entry = entries_.find(token)->second;
    entry.busy = true;
    put_in_line(entry);
    ++asking_;
    tasks.spawn("hub of " + name_of(entry.row.feed), ask(token));
  }
}

asio::awaitable<void> WebSub::run() {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation(),
                                                     asio::enable_total_cancellation());
  TaskGroup tasks(loop_, *real_clock_, [](const std::string& name, const std::string& what) {
    spdlog::error("{}: {}", name, what);
  });
  try {
    for (;;) {
      start_due(tasks);
      co_await keep_changed();
      const bool rung = co_await bell_.wait(until_next());
      static_cast<void>(rung);
    }
  } catch (const boost::system::system_error&) {
    // Asked to stop: what is under way may finish.
  }
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  const std::vector<std::string> left =
      co_await tasks.stop(std::chrono::seconds(1), std::chrono::seconds(1));
  static_cast<void>(left);
}

}  // namespace wirewatch::daemon
