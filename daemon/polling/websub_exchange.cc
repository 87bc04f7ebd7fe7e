// What goes to and comes from hubs, one exchange at a time.
#include <spdlog/spdlog.h>

#include <utility>

#include "daemon/polling/websub.h"
#include "daemon/polling/websub_config.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t answer_bytes = 64U << 10U;  // of a hub

std::string_view token_of(std::string_view path) {
  const std::string_view prefix = callback_path;
  if (path.size() <= prefix.size() + 1 || !path.starts_with(prefix)) return {};
  if (path[prefix.size()] != '/') return {};
  return path.substr(prefix.size() + 1);
}

WebResponse said(int status, std::string body = {}) {
  WebResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

}  // namespace

// False: not stored; what was decided in memory goes on, and is tried again with the next change.
asio::awaitable<bool> WebSub::keep(std::string token) {
  Commit commit;
  const auto found = entries_.find(token);
  if (found != entries_.end()) commit.subscriptions.push_back(found->second.row);
  const Result<void> kept = co_await store_.commit(std::move(commit));
  if (!kept) {
    spdlog::error("a subscription could not be stored: {}", kept.error().text);
    changed_.insert(token);
  }
  co_return static_cast<bool>(kept);
}

asio::awaitable<bool> WebSub::forget(std::string token) {
  const auto found = entries_.find(token);
  if (found != entries_.end()) {
    steps_.erase({found->second.queued, token});
    entries_.erase(found);
  }
  Commit commit;
  commit.subscriptions_ended.push_back(token);
  const Result<void> kept = co_await store_.commit(std::move(commit));
  if (!kept) spdlog::error("a subscription could not be forgotten: {}", kept.error().text);
  co_return static_cast<bool>(kept);
}

asio::awaitable<void> WebSub::keep_changed() {
  const std::set<std::string> tokens = std::exchange(changed_, {});
  Commit commit;
  for (const std::string& token : tokens) {
    const auto found = entries_.find(token);
    if (found != entries_.end()) commit.subscriptions.push_back(found->second.row);
  }
  if (commit.subscriptions.empty()) co_return;
  const Result<void> kept = co_await store_.commit(std::move(commit));
  if (kept) co_return;
  spdlog::error("subscriptions could not be stored: {}", kept.error().text);
  changed_.insert(tokens.begin(), tokens.end());
}

asio::awaitable<void> WebSub::ask(std::string token) {
  co_await send(token);
  const auto found = entries_.find(token);
  if (found != entries_.end()) {
    found->second.busy = false;
    put_in_line(found->second);
  }
  --asking_;
  bell_.ring();
}

// One request to a hub. The token and the secret are stored before they are sent: a subscription
// that nobody remembers could never be ended.
asio::awaitable<void> WebSub::send(std::string token) {
  const auto found = entries_.find(token);
  if (found == entries_.end()) co_return;  // its end was confirmed meanwhile
  const bool given_up = feeds::given_up(found->second.row.state);
  bool stored = false;
  if (given_up) {
    stored = co_await forget(token);
    co_return;
  }
  auto begun = feeds::begin_step(found->second.row.state, clock_.now());
  if (!begun) co_return;
  found->second.row.state = std::move(*begun);
  HttpRequest request;
  request.method = "POST";
  request.deadline = std::chrono::seconds(30);
  request.body_cap = answer_bytes;
  request.url = found->second.row.state.hub;
  request.body = feeds::subscription_form(found->second.row.state);
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  const std::string& agent = snapshot_->settings.user_agent;
  if (!agent.empty()) request.headers.emplace_back("User-Agent", agent);
  stored = co_await keep(token);
  if (!stored) co_return;
  const feeds::Reply reply = co_await http_.fetch(std::move(request));
  const auto asked = entries_.find(token);
  if (asked == entries_.end()) co_return;
  auto next = feeds::after_hub_answer(asked->second.row.state, reply, clock_.now(), random_());
  if (next) {
    asked->second.row.state = std::move(*next);
    stored = co_await keep(token);
  } else {
    stored = co_await forget(token);
  }
}

bool WebSub::is_callback(std::string_view path) {
  return !token_of(path).empty();
}

std::optional<std::size_t> WebSub::body_limit(std::string_view path) const {
  const auto found = entries_.find(token_of(path));
  if (found == entries_.end() || !snapshot_) return std::nullopt;
  return snapshot_->settings.body_cap;
}

asio::awaitable<WebResponse> WebSub::answer(WebRequest request) {
  const std::string token(token_of(request.path));
  const bool post = request.method == "POST";
  if (!post && request.method != "GET") {
    WebResponse refused = said(405, "Hubs ask with GET and send with POST.\n");
    refused.headers.emplace_back("Allow", "GET, HEAD, POST");
    co_return refused;
  }
  if (!entries_.contains(token))
    co_return said(post ? 410 : 404, "There is no such subscription.\n");
  if (post) {
    WebResponse taken = co_await take(token, std::move(request));
    co_return taken;
  }
  WebResponse verified = co_await verify(token, std::move(request.query));
  co_return verified;
}

asio::awaitable<WebResponse> WebSub::verify(std::string token,
                                            std::map<std::string, std::string> query) {
  Entry& entry = entries_.find(token)->second;
  const std::string feed = name_of(entry.row.feed);
  feeds::Verification answer = feeds::verify_intent(entry.row.state, query, clock_.now());
  if (answer.status != 200) co_return said(answer.status, "Nothing of that kind was asked for.\n");
  const bool forgets = answer.forget;
  const auto before = entry.row.state.state;
  entry.row.state = std::move(answer.subscription);
  put_in_line(entry);
  const auto state = entry.row.state.state;
  if (state == feeds::SubscriptionState::denied) {
    spdlog::warn("feed \"{}\": {}", feed, entry.row.state.reason);
  } else if (!forgets && before != state) {
    spdlog::info("feed \"{}\": subscribed at its hub until {}", feed,
                 to_iso8601(entry.row.state.expires));
  }
  bool kept = false;
  if (forgets) {
    kept = co_await forget(token);
  } else {
    kept = co_await keep(token);
  }
  bell_.ring();
  if (!kept) co_return said(503, "Not now.\n");
  co_return said(200, std::move(answer.body));
}

asio::awaitable<WebResponse> WebSub::take(std::string token, WebRequest request) {
  const Entry& entry = entries_.find(token)->second;
  const std::string feed = entry.row.feed;
  if (entry.row.state.state == feeds::SubscriptionState::leaving) {
    co_return said(410, "This subscription has ended.\n");
  }
  if (!feeds::signed_by_hub(entry.row.state, request.hub_signature, request.body)) {
    spdlog::warn("feed \"{}\": ignored what came in its hub's name without the right signature",
                 name_of(feed));
    co_return said(200);
  }
  PushedDocument document;
  document.body = std::move(request.body);
  document.content_type = std::move(request.content_type);
  document.content_encoding = std::move(request.content_encoding);
  document.room = std::move(request.room);
  const PushOutcome outcome = co_await poller_.push(feed, std::move(document));
  if (outcome == PushOutcome::busy) {
    WebResponse later = said(503, "Not now.\n");
    later.headers.emplace_back("Retry-After", "60");
    co_return later;
  }
  const auto found = entries_.find(token);
  if (outcome == PushOutcome::taken && found != entries_.end()) {
    feeds::Subscription& state = found->second.row.state;
    const Instant now = clock_.now();
    const bool tell = !state.trusted || now - state.last_push > std::chrono::hours(1);
    state.trusted = true;
    state.last_push = now;
    if (tell) {
      changed_.insert(token);
      bell_.ring();
    }
  }
  co_return said(200);
}

}  // namespace wirewatch::daemon
