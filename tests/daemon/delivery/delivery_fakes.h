// Receivers and a store by script, in virtual time, for the tests of the deliverer.
#pragma once

#include <algorithm>
#include <deque>
#include <map>

#include "daemon/delivery/deliverer.h"
#include "daemon/delivery/outbox.h"
#include "tests/daemon/loop/loop_test.h"
#include "tests/daemon/receivers/sample_view.h"

namespace wirewatch::daemon {

inline feeds::Reply reply_of(int status, std::string body = {}, feeds::Headers headers = {}) {
  feeds::Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  reply.headers = std::move(headers);
  return reply;
}

inline feeds::Reply no_reply(std::string why) {
  feeds::Reply reply;
  reply.failure = feeds::TransportFailure::connect;
  reply.failure_text = std::move(why);
  return reply;
}

struct Sent {
  Instant time{};
  std::string id;    // webhook-id
  std::string body;  // the request's
};

// Each host answers as its script says, after its delay.
class FakeHttp : public Fetcher {
 public:
  using Script = std::function<feeds::Reply(const Sent&)>;
  explicit FakeHttp(Clock& clock) : clock_(clock) {}

  asio::awaitable<feeds::Reply> fetch(HttpRequest request) override {
    const std::string host = request.url.substr(8, request.url.find('/', 8) - 8);
    Sent sent{clock_.now(), {}, request.body};
    for (const auto& [name, value] : request.headers) {
      if (name == "webhook-id") sent.id = value;
    }
    followed_redirects = followed_redirects || request.follow_redirects;
    all[host].push_back(sent);
    ++in_flight[host];
    most_in_flight[host] = std::max(most_in_flight[host], in_flight[host]);
    const Span delay = delays.count(host) == 0 ? Span::zero() : delays[host];
    co_await sleep_for(clock_, delay);
    --in_flight[host];
    const auto script = scripts.find(host);
    feeds::Reply reply = script == scripts.end() ? reply_of(200, "ok") : script->second(sent);
    if (reply.status >= 200 && reply.status < 300) taken[host].push_back(sent);
    co_return reply;
  }

  std::map<std::string, Script> scripts;
  std::map<std::string, Span> delays;
  std::map<std::string, std::vector<Sent>> all;    // every request
  std::map<std::string, std::vector<Sent>> taken;  // those answered with 2xx
  std::map<std::string, int> in_flight, most_in_flight;
  bool followed_redirects = false;

 private:
  Clock& clock_;
};

// What survives a crash of the deliverer.
struct Ledger {
  std::vector<DeliveryRow> rows;  // oldest first
  bool disk_full = false;
  bool unreadable = false;    // earlier messages of an alert
  bool hang_on_mark = false;  // a crash in the middle of a commit
  int marks = 0;
  int commits = 0;  // of marks that somebody waited for
  int asked = 0;    // for what is due
  std::map<std::string, std::string> notes;
  std::string silenced;  // the alert that nobody is to hear of any more

  DeliveryRow& row(const std::string& id) {
    return *std::find_if(rows.begin(), rows.end(), [&](const auto& r) { return r.id == id; });
  }
  std::size_t count(const std::string& receiver, DeliveryState state) const {
    return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [&](const auto& r) {
      return r.receiver == receiver && r.state == state;
    }));
  }
};

class FakeOutbox : public Outbox {
 public:
  FakeOutbox(Ledger& ledger, Clock& clock, asio::any_io_executor loop)
      : ledger_(ledger), clock_(clock), loop_(std::move(loop)) {}

  asio::awaitable<Result<DueDeliveries>> due(std::string receiver, Instant now,
                                             std::size_t limit) override {
    ++ledger_.asked;
    DueDeliveries due;
    for (const DeliveryRow& row : ledger_.rows) {
      if (row.receiver != receiver || row.state != DeliveryState::pending) continue;
      if (row.attempts > 0 && row.next_attempt > now) {
        due.next = due.next ? std::min(*due.next, row.next_attempt) : row.next_attempt;
      } else if (row.alert == ledger_.silenced) {
        DeliveryMark& mark = due.kept_back.emplace_back();
        mark.id = row.id;
        mark.state = DeliveryState::absorbed;
        mark.finished = now;
        mark.answer = "silenced";
      } else if (due.rows.size() < limit) {
        due.rows.push_back(row);
      }
    }
    Result<DueDeliveries> result(std::move(due));
    co_return result;
  }

  asio::awaitable<Result<void>> mark(std::vector<DeliveryMark> marks) override {
    if (ledger_.hang_on_mark) co_await sleep_for(clock_, std::chrono::hours(1000));
    ++ledger_.commits;
    Result<void> done;
    for (const DeliveryMark& mark : marks) done = apply(mark);
    co_return done;
  }

  void mark_behind(DeliveryMark mark, Done done) override {
    if (ledger_.hang_on_mark) return;
    asio::post(loop_,
               [this, mark = std::move(mark), done = std::move(done)] { done(apply(mark)); });
  }

  asio::awaitable<Result<void>> remember(ReceiverNote note) override {
    ledger_.notes[note.receiver] = note.note;
    const Result<void> done{};
    co_return done;
  }

  asio::awaitable<Result<FollowUp>> follow_up(std::string alert, std::string receiver,
                                              Instant) override {
    if (ledger_.unreadable) {
      const Result<FollowUp> failed = Error{ErrorKind::temporary, "disk I/O error"};
      co_return failed;
    }
    FollowUp found;
    for (const DeliveryRow& row : ledger_.rows) {
      const bool ours = row.alert == alert && row.receiver == receiver && !row.handle.empty();
      if (ours && found.first.empty()) found.first = row.handle;
      if (row.alert != alert) continue;
      if (row.receiver != receiver) {
        std::uint32_t& others = found.first_elsewhere;
        if (others == 0 || row.revision < others) others = row.revision;
        continue;
      }
      const bool kept = row.state == DeliveryState::absorbed;
      std::uint32_t& first = kept ? found.first_kept : found.first_told;
      if (first == 0 || row.revision < first) first = row.revision;
    }
    found.note = ledger_.notes[receiver];
    const Result<FollowUp> result(std::move(found));
    co_return result;
  }

  asio::awaitable<Result<Waiting>> waiting() override {
    std::map<std::string, std::uint64_t> counts;
    for (const DeliveryRow& row : ledger_.rows) {
      if (row.state == DeliveryState::pending) ++counts[row.receiver];
    }
    Result<Waiting> result(Waiting(counts.begin(), counts.end()));
    co_return result;
  }

 private:
  Result<void> apply(const DeliveryMark& mark) {
    if (ledger_.disk_full) return Error{ErrorKind::temporary, "the disk is full"};
    ++ledger_.marks;
    DeliveryRow& row = ledger_.row(mark.id);
    row.state = mark.state;
    row.attempts = mark.attempts;
    row.next_attempt = mark.next_attempt;
    row.finished = mark.finished;
    row.answer = mark.answer;
    row.handle = mark.handle;
    row.unanswered = mark.unanswered;
    if (!mark.payload.empty()) row.payload = mark.payload;
    return {};
  }
  Ledger& ledger_;
  Clock& clock_;
  asio::any_io_executor loop_;
};

class DelivererTest : public LoopTest {
 protected:
  // One HTTP receiver: its name is its host's first label.
  static ReceiverConfig receiver(const std::string& name, const std::string& kind = "webhook") {
    ReceiverConfig config;
    config.name = name;
    config.kind = kind;
    config.url = literal("https://" + name + "/T000/secret-path");
    return config;
  }

  void begin(const std::vector<ReceiverConfig>& receivers) {
    deliverer_ = std::make_unique<Deliverer>(
        loop_.get_executor(), clock_, http_,
        std::make_unique<FakeOutbox>(ledger_, clock_, loop_.get_executor()),
        [this](const std::string& text) { printed_ += text; }, [this] { return jitter_; });
    deliverer_->set_receivers(receivers, "UTC");
    running_ = start(deliverer_->run());
    run_ready();
  }

  // As SIGKILL: nothing of it goes on.
  void kill() {
    running_->cancel.emit(asio::cancellation_type::terminal);
    run_ready();
    ASSERT_TRUE(running_->ended);
    deliverer_.reset();
  }

  void commit(const std::string& receiver, const std::string& id) {
    store(receiver, id);
    if (deliverer_) deliverer_->wake(receiver);
  }

  // Pending from now on; nobody is told.
  DeliveryRow store(const std::string& receiver, const std::string& id) {
    AlertView view = sample_view();
    view.alert = "alert-of-" + id;
    view.time = clock_.now();
    DeliveryRow row;
    row.id = id;
    row.alert = view.alert;
    row.receiver = receiver;
    row.payload = to_json(view);
    row.created = row.next_attempt = clock_.now();
    ledger_.rows.push_back(row);
    return row;
  }

  // Virtual time, from timer to timer.
  void pass(Span span) {
    const Instant until = clock_.now() + span;
    run_ready();
    for (auto next = clock_.next_timer(); next && *next <= until; next = clock_.next_timer()) {
      clock_.advance_to(*next);
      run_ready();
    }
    clock_.advance_to(until);
    run_ready();
  }

  static std::vector<std::string> ids(const std::vector<Sent>& sent) {
    std::vector<std::string> ids;
    for (const Sent& one : sent) ids.push_back(one.id);
    return ids;
  }
  ReceiverHealth health(const std::string& name) const {
    for (const ReceiverHealth& one : deliverer_->health()) {
      if (one.name == name) return one;
    }
    return {};
  }

  Ledger ledger_;
  FakeHttp http_{clock_};
  std::string printed_;
  double jitter_ = 0;
  std::unique_ptr<Deliverer> deliverer_;
  std::shared_ptr<Outcome> running_;
};

}  // namespace wirewatch::daemon
