#include "daemon/polling/poll_once.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "daemon/polling/feed_request.h"
#include "feeds/hash.h"
#include "feeds/parse/content_coding.h"
#include "feeds/parse/parse.h"

namespace wirewatch::daemon {
namespace {

using Clockwork = std::chrono::steady_clock;

// What the pool makes of an answer, and what it needs for that.
struct Reading {
  std::string body;  // as sent
  std::string coding;
  feeds::ParseContext context;
  std::size_t cap = 0;
  std::string known_hash;  // of the last document; empty: this one counts in any case
  Engine::Ahead ahead;
};

struct Understood {
  DocumentPtr document;  // null: `error` says why
  Error error;
  std::string body_hash;
  bool mislabelled = false;         // not what Content-Encoding says
  std::shared_ptr<LookedUp> ahead;  // null: the very bytes of the last time, so nothing can be new
  std::chrono::steady_clock::duration parsing{};
};

// All of it at one go: a change of threads costs as much as parsing a small document.
Understood understand(const Reading& reading) {
  const auto started = Clockwork::now();
  Understood understood;
  auto body = feeds::decode_content(reading.body, reading.coding, reading.cap);
  if (!body) {
    understood.mislabelled = body.error().kind == ErrorKind::invalid;
    understood.error = body.error();
    return understood;
  }
  understood.body_hash = id_of({body->bytes});
  auto parsed = feeds::parse_feed(body->bytes, reading.context);
  understood.parsing = Clockwork::now() - started;
  if (!parsed) {
    understood.error = parsed.error();
    return understood;
  }
  understood.document = std::make_shared<const feeds::ParsedFeed>(std::move(*parsed));
  if (understood.body_hash != reading.known_hash) {
    understood.ahead = reading.ahead(understood.document);
  }
  return understood;
}

}  // namespace

feeds::PollWishes rhythm_of(const FeedConfig& config) {
  feeds::PollWishes wishes;
  wishes.url = config.url;
  wishes.every = config.every;
  wishes.least = config.every_least;
  wishes.most = config.every_most;
  return wishes;
}

namespace {

Result<feeds::PollWishes> wishes_of(const FeedConfig& config, const Settings& settings) {
  feeds::PollWishes wishes = rhythm_of(config);
  const FeedRequest& own = config.request();
  wishes.user_agent = user_agent_of(own, settings);
  auto headers = headers_of(own);
  if (!headers) return headers.error();
  wishes.headers = std::move(*headers);
  return wishes;
}

Result<HttpRequest> request_for(feeds::RequestPlan plan, const FeedConfig& config,
                                const Settings& settings) {
  HttpRequest request;
  if (auto set = set_proxy(config.request(), request); !set) return set.error();
  request.url = std::move(plan.url);
  request.headers = std::move(plan.headers);
  request.body_cap = settings.body_cap;
  request.deadline = settings.http_deadline;
  return request;
}

void take_wishes(const feeds::FeedInfo& feed, feeds::DocumentFacts& facts) {
  facts.ttl = feed.ttl;
  facts.skip_hours = feed.skip_hours;
  facts.skip_days = feed.skip_days;
}

// One poll's way, step by step; lives in the coroutine that runs it.
class FeedPoll {
 public:
  FeedPoll(PollTools tools, std::shared_ptr<const Snapshot> snapshot,
           std::shared_ptr<FeedSlot> slot)
      : tools_(tools), snapshot_(std::move(snapshot)), slot_(std::move(slot)) {}

  asio::awaitable<void> run();

 private:
  asio::awaitable<feeds::Reply> ask(bool identity);
  Arrival arrival() const;  // all but its document
  asio::awaitable<Understood> read(feeds::Reply& reply);
  asio::awaitable<void> take_document(feeds::Reply reply);
  asio::awaitable<void> hand_on(feeds::Reply reply, Understood understood);
  asio::awaitable<void> settle(feeds::PollState state);
  void settle_later(feeds::PollState state);  // nothing came: nobody waits for the disk
  void not_modified(const feeds::Reply& reply, Instant now);
  void log_turn(const feeds::PollState& now) const;  // when it fails otherwise, or no longer
  void log_move(const feeds::PollState& now) const;  // when a permanent redirect is kept
  void tell_hubs(const feeds::Reply& reply, const feeds::FeedInfo& info, std::size_t fresh) const;
  feeds::PollState failed(feeds::Verdict verdict, feeds::TransportFailure failure);

  PollTools tools_;
  std::shared_ptr<const Snapshot> snapshot_;
  std::shared_ptr<FeedSlot> slot_;
  feeds::PollWishes wishes_;
  bool unconditional_ = false;
  std::chrono::steady_clock::time_point answered_{};
};

asio::awaitable<feeds::Reply> FeedPoll::ask(bool identity) {
  feeds::RequestPlan plan = feeds::plan_request(wishes_, slot_->state, tools_.clock.now());
  unconditional_ = plan.unconditional;
  if (identity) plan.headers.emplace_back("Accept-Encoding", "identity");
  const StageTimer timer(tools_.times, Stage::fetch);
  Result<HttpRequest> request = request_for(std::move(plan), *slot_->config, snapshot_->settings);
  feeds::Reply reply;
  if (!request) {
    reply.failure = feeds::TransportFailure::other;
    reply.failure_text = request.error().text;
    co_return reply;
  }
  reply = co_await tools_.http.fetch(std::move(*request));
  answered_ = std::chrono::steady_clock::now();
  co_return reply;
}

Arrival FeedPoll::arrival() const {
  Arrival arrival;
  arrival.snapshot = snapshot_;
  arrival.feed = *slot_->config;
  arrival.baseline = !slot_->state.baseline_done;
  const Instant heard = slot_->state.last_success;
  const Span since = tools_.clock.now() - heard;
  // One that is polled twice a day is not away in between.
  if (heard != Instant{} && since > 2 * slot_->state.interval) arrival.absent = since;
  arrival.answered = answered_;
  return arrival;
}

// Takes the body out of the reply: nobody else needs it.
asio::awaitable<Understood> FeedPoll::read(feeds::Reply& reply) {
  Reading reading;
  reading.body = std::move(reply.body);
  reading.coding = feeds::header(reply.headers, "content-encoding");
  const FeedConfig& feed = *slot_->config;
  reading.context.url = reply.effective_url.empty() ? feed.url : reply.effective_url;
  reading.context.content_type = feeds::header(reply.headers, "content-type");
  reading.context.json_map = feed.json;
  reading.cap = snapshot_->settings.body_cap;
  const feeds::PollState& state = slot_->state;
  if (state.baseline_done && !unconditional_) reading.known_hash = state.body_hash;
  reading.ahead = tools_.engine.ahead(arrival());
  auto work = [reading = std::move(reading)] { return understand(reading); };
  Understood understood = co_await offload(tools_.pool, std::move(work));
  tools_.times.observe(Stage::parse, understood.parsing);
  co_return understood;
}

feeds::PollState FeedPoll::failed(feeds::Verdict verdict, feeds::TransportFailure failure) {
  return feeds::after_failure(slot_->state, wishes_, verdict, failure, tools_.clock.now(),
                              tools_.random());
}

void FeedPoll::log_turn(const feeds::PollState& now) const {
  const feeds::PollState& before = slot_->state;
  const std::string& name = slot_->config->name;
  if (now.paused && !before.paused) {
    spdlog::warn("feed \"{}\": {}: paused until `wirewatch feeds poll` asks for it", name,
                 now.failure);
  } else if (now.failures > 0 && now.failure != before.failure) {
    spdlog::warn("feed \"{}\": {}", name, now.failure);
  } else if (now.failures == 0 && before.failures > 0) {
    spdlog::info("feed \"{}\": answers again", name);
  }
  const bool told = before.last_gap != Instant{} &&
                    now.last_gap - before.last_gap < feeds::PollLimits::gap_told_again;
  if (now.gaps > before.gaps && !told) {
    spdlog::warn(
        "feed \"{}\": gap: the document has no item of the one before, so items were probably "
        "lost; "
        "it is polled faster",
        name);
  }
  const bool stale = now.stale_since != Instant{};
  if (stale != (before.stale_since != Instant{})) {
    if (stale) {
      spdlog::warn("feed \"{}\": stale: nothing new for far longer than usual ({})", name,
                   feeds::rhythm_words(now.rhythm, tools_.clock.now()));
    } else {
      spdlog::info("feed \"{}\": no longer stale", name);
    }
  }
}

void FeedPoll::log_move(const feeds::PollState& now) const {
  if (now.moved_to.empty()) return;  // it is asked where the config says
  const std::string before = feeds::effective_url(wishes_, slot_->state);
  const std::string after = feeds::effective_url(wishes_, now);
  if (after == before || after == wishes_.url) return;
  spdlog::warn("feed \"{}\": has moved to {} for good and is asked there from now on",
               slot_->config->name, after);
}

void FeedPoll::tell_hubs(const feeds::Reply& reply, const feeds::FeedInfo& info,
                         std::size_t fresh) const {
  if (tools_.hubs == nullptr) return;
  const std::string& url = reply.effective_url.empty() ? slot_->config->url : reply.effective_url;
  tools_.hubs->polled(*slot_->config, feeds::hub_links(reply.headers, info.hub, info.self, url),
                      fresh);
}

asio::awaitable<void> FeedPoll::settle(feeds::PollState state) {
  log_turn(state);
  log_move(state);
  FeedRow row = row_of(*slot_);
  row.state = std::move(state);
  const Result<void> noted = co_await tools_.engine.note(row);
  if (!noted) {
    spdlog::error("feed \"{}\": {}", slot_->config->name, noted.error().text);
    slot_->state.next_due = tools_.clock.now() + commit_retry;
    co_return;
  }
  keep_row(*slot_, std::move(row));
}

void FeedPoll::settle_later(feeds::PollState state) {
  log_turn(state);
  log_move(state);
  slot_->state = std::move(state);
  tools_.engine.note_later(row_of(*slot_));
}

void FeedPoll::not_modified(const feeds::Reply& reply, Instant now) {
  settle_later(feeds::after_not_modified(slot_->state, wishes_, reply, now, tools_.random()));
}

asio::awaitable<void> FeedPoll::run() {
  auto wishes = wishes_of(*slot_->config, snapshot_->settings);
  if (!wishes) {
    feeds::Verdict verdict;
    verdict.reason = wishes.error().text;
    co_await settle(failed(std::move(verdict), feeds::TransportFailure::other));
    co_return;
  }
  wishes_ = std::move(*wishes);
  wishes_.pushed = tools_.hubs != nullptr && tools_.hubs->deliver(slot_->config->key);
  wishes_.price = tools_.budget.price(tools_.clock.now());
  feeds::Reply reply = co_await ask(false);
  const Instant now = tools_.clock.now();
  feeds::Verdict verdict = feeds::interpret(reply, now);
  switch (verdict.kind) {
    case feeds::ReplyKind::document:
      co_await take_document(std::move(reply));
      break;
    case feeds::ReplyKind::not_modified:
      if (!unconditional_) {
        not_modified(reply, now);
        break;
      }
      // Such a server would keep a feed silent for ever, and good.
      verdict.reason = "the server answered 304 (not modified), though the whole was asked for";
      co_await settle(failed(std::move(verdict), feeds::TransportFailure::none));
      break;
    case feeds::ReplyKind::gone:
      co_await settle(feeds::after_gone(slot_->state, verdict, now));
      break;
    case feeds::ReplyKind::failed: {
      const feeds::TransportFailure failure = reply.failure;
      co_await settle(failed(std::move(verdict), failure));
      break;
    }
  }
}

asio::awaitable<void> FeedPoll::take_document(feeds::Reply reply) {
  Understood understood = co_await read(reply);
  if (understood.mislabelled) {  // one more try: some servers label plain bodies as gzip
    reply = co_await ask(true);
    const feeds::Verdict again = feeds::interpret(reply, tools_.clock.now());
    if (again.kind == feeds::ReplyKind::document) understood = co_await read(reply);
  }
  if (!understood.document) {
    feeds::Verdict verdict;
    verdict.reason = understood.error.text;
    co_await settle(failed(std::move(verdict), feeds::TransportFailure::none));
    co_return;
  }
  if (!understood.ahead) {
    feeds::DocumentFacts facts;
    facts.body_hash = understood.body_hash;
    facts.items = understood.document->items.size();
    take_wishes(understood.document->feed, facts);
    tell_hubs(reply, understood.document->feed, 0);
    settle_later(feeds::after_document(slot_->state, wishes_, reply, facts, tools_.clock.now(),
                                       tools_.random()));
    co_return;
  }
  co_await hand_on(std::move(reply), std::move(understood));
}

asio::awaitable<void> FeedPoll::hand_on(feeds::Reply reply, Understood understood) {
  const feeds::ParsedFeed& document = *understood.document;
  Arrival arriving = arrival();
  arriving.ahead = std::move(understood.ahead);
  feeds::DocumentFacts facts;
  facts.body_hash = understood.body_hash;
  facts.items = document.items.size();
  take_wishes(document.feed, facts);
  for (const feeds::Item& item : document.items) {
    if (item.published) facts.published.push_back(*item.published);
  }
  const bool baseline = arriving.baseline;
  FeedRow next = row_of(*slot_);
  next.title = document.feed.title;
  arriving.feed_row = [&](std::size_t new_items, bool overlaps) {
    facts.new_items = new_items;
    facts.overlaps = overlaps || baseline;
    next.state = feeds::after_document(slot_->state, wishes_, reply, facts, tools_.clock.now(),
                                       tools_.random());
    next.state.baseline_done = true;
    return next;
  };
  const Result<Taken> taken = co_await tools_.engine.take(std::move(arriving));
  if (!taken) {
    spdlog::error("feed \"{}\": {}", slot_->config->name, taken.error().text);
    slot_->state.next_due = tools_.clock.now() + commit_retry;
    co_return;
  }
  log_turn(next.state);
  log_move(next.state);
  keep_row(*slot_, std::move(next));
  tell_hubs(reply, document.feed, baseline ? 0 : taken->fresh);
  slot_->items += taken->fresh + taken->edited;
  std::vector<std::string> warnings = document.warnings;
  constexpr std::size_t most_warnings = 5;
  if (taken->items == 0) warnings.insert(warnings.begin(), "the feed has no items");
  if (warnings.size() > most_warnings) warnings.resize(most_warnings);
  slot_->warnings = std::move(warnings);
  if (baseline) {
    slot_->would_alert = taken->would_alert;
    const auto plural = [](std::size_t number) { return number == 1 ? "" : "s"; };
    spdlog::info(
        "feed \"{}\": first fetch, {} item{} taken as known, which would have caused {} alert{}",
        slot_->config->name, taken->items, plural(taken->items), taken->would_alert,
        plural(taken->would_alert));
  } else if (taken->fresh + taken->edited > 0) {
    spdlog::info("feed \"{}\": {} new, {} edited, {} alert{}", slot_->config->name, taken->fresh,
                 taken->edited, taken->alerts, taken->alerts == 1 ? "" : "s");
  }
}

}  // namespace

asio::awaitable<void> poll_feed(PollTools tools, std::shared_ptr<const Snapshot> snapshot,
                                std::shared_ptr<FeedSlot> slot) {
  FeedPoll poll(tools, std::move(snapshot), std::move(slot));
  co_await poll.run();
}

}  // namespace wirewatch::daemon
