#include "daemon/delivery/outbox.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "daemon/delivery/held.h"
#include "daemon/store/failure.h"

namespace wirewatch::daemon {
namespace {

// A failing disk is an answer here: the deliverer waits and asks again.
template <class Query>
auto caught(Query query) -> Result<decltype(query())> {
  try {
    return query();
  } catch (const StoreFailure& failure) {
    return failure.error();
  }
}

// Mostly nothing is silenced, and then nothing more is asked. What comes again later by its
// schedule is looked at as well: nobody should read of it that it is still to be sent.
void keep_back_silenced(Reader& reader, const Snapshot* snapshot, const std::string& receiver,
                        Instant now, std::size_t limit, DueDeliveries& due) {
  if (snapshot == nullptr) return;
  const std::vector<rules::Silence> silences = reader.silences(now);
  if (silences.empty()) return;
  std::set<std::string> is_due;
  std::vector<HeldMessage> messages;
  for (DeliveryRow& row : due.rows) {
    is_due.insert(row.id);
    messages.push_back(with_its_alert(reader, std::move(row)));
  }
  due.kept_back = take_silenced(messages, *snapshot, silences, now);
  due.rows.clear();
  for (HeldMessage& message : messages) due.rows.push_back(std::move(message.row));
  std::vector<HeldMessage> later;
  for (DeliveryRow& row : reader.pending(receiver, limit)) {
    if (!is_due.contains(row.id)) later.push_back(with_its_alert(reader, std::move(row)));
  }
  std::vector<DeliveryMark> more = take_silenced(later, *snapshot, silences, now);
  std::move(more.begin(), more.end(), std::back_inserter(due.kept_back));
}

class StoreOutbox : public Outbox {
 public:
  explicit StoreOutbox(Store& store) : store_(store) {}

  asio::awaitable<Result<DueDeliveries>> due(std::string receiver, Instant now,
                                             std::size_t limit) override {
    std::function<Result<DueDeliveries>(Reader&)> query =
        [receiver = std::move(receiver), now, limit, snapshot = snapshot_](Reader& reader) {
          return caught([&] {
            DueDeliveries due = reader.due(receiver, now, limit);
            keep_back_silenced(reader, snapshot.get(), receiver, now, limit, due);
            return due;
          });
        };
    Result<DueDeliveries> answer = co_await store_.read(std::move(query));
    co_return answer;
  }

  asio::awaitable<Result<void>> mark(std::vector<DeliveryMark> marks) override {
    Commit commit;
    commit.marks = std::move(marks);
    const Result<void> done = co_await store_.commit(std::move(commit));
    co_return done;
  }

  void mark_behind(DeliveryMark mark, Done done) override {
    store_.mark(std::move(mark), std::move(done));
  }

  asio::awaitable<Result<void>> remember(ReceiverNote note) override {
    Commit commit;
    commit.receiver_notes.push_back(std::move(note));
    const Result<void> done = co_await store_.commit(std::move(commit));
    co_return done;
  }

  asio::awaitable<Result<FollowUp>> follow_up(std::string alert, std::string receiver,
                                              Instant now) override {
    const Span kept = snapshot_ ? snapshot_->settings.archive.max_age : Retention().max_age;
    std::function<Result<FollowUp>(Reader&)> query =
        [alert = std::move(alert), receiver = std::move(receiver), since = now - kept](Reader& r) {
          return caught([&] { return r.follow_up(alert, receiver, since); });
        };
    Result<FollowUp> answer = co_await store_.read(std::move(query));
    co_return answer;
  }

  asio::awaitable<Result<Waiting>> waiting() override {
    std::function<Result<Waiting>(Reader&)> query = [](Reader& reader) {
      return caught([&] { return reader.pending_by_receiver(); });
    };
    Result<Waiting> answer = co_await store_.read(std::move(query));
    co_return answer;
  }

  void set_snapshot(std::shared_ptr<const Snapshot> snapshot) override {
    snapshot_ = std::move(snapshot);
  }

 private:
  Store& store_;
  std::shared_ptr<const Snapshot> snapshot_;
};

}  // namespace

std::unique_ptr<Outbox> make_outbox(Store& store) {
  return std::make_unique<StoreOutbox>(store);
}

}  // namespace wirewatch::daemon
