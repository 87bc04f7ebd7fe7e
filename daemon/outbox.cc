#include "daemon/outbox.h"

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

class StoreOutbox : public Outbox {
 public:
  explicit StoreOutbox(Store& store) : store_(store) {}

  asio::awaitable<Result<DueDeliveries>> due(std::string receiver, Instant now,
                                             std::size_t limit) override {
    std::function<Result<DueDeliveries>(Reader&)> query = [receiver = std::move(receiver), now,
                                                           limit](Reader& reader) {
      return caught([&] { return reader.due(receiver, now, limit); });
    };
    Result<DueDeliveries> answer = co_await store_.read(std::move(query));
    co_return answer;
  }

  asio::awaitable<Result<void>> mark(DeliveryMark mark) override {
    Commit commit;
    commit.marks.push_back(std::move(mark));
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

  asio::awaitable<Result<FollowUp>> follow_up(std::string alert, std::string receiver) override {
    std::function<Result<FollowUp>(Reader&)> query = [alert = std::move(alert),
                                                      receiver = std::move(receiver)](Reader& r) {
      return caught([&] { return r.follow_up(alert, receiver); });
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

 private:
  Store& store_;
};

}  // namespace

std::unique_ptr<Outbox> make_outbox(Store& store) {
  return std::make_unique<StoreOutbox>(store);
}

}  // namespace wirewatch::daemon
