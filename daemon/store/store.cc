#include "daemon/store/store.h"

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>

#include "daemon/store/checkpoint.h"
#include "daemon/store/commit_queue.h"
#include "daemon/store/folder.h"
#include "daemon/store/prune.h"
#include "daemon/store/schema.h"
#include "daemon/store/writer.h"

namespace wirewatch::daemon {
namespace {

// Network file systems cannot share memory, and SQLite would quietly keep its older journal: two
// syncs more for each transaction, and readers that block the writer.
void require_log(Connection& connection) {
  Statement mode(connection, "PRAGMA journal_mode=WAL");
  mode.bind().for_each([&] {
    if (mode.text(0) == "wal") return;
    throw StoreFailure({ErrorKind::unsupported,
                        "the database \"" + connection.path() +
                            "\" is on a disk that cannot hold a write-ahead log, perhaps a network "
                            "share: name a state folder on a local disk"});
  });
}

std::unique_ptr<Connection> open_database(const std::string& path) {
  auto connection = std::make_unique<Connection>(path, Access::write_gathered);
  // auto_vacuum counts only before the first table; WAL with FULL: one sync a transaction.
  connection->run(
      "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA synchronous=FULL;"
      "PRAGMA secure_delete=OFF; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON;"
      "PRAGMA cache_size=-16000; PRAGMA journal_size_limit=16777216");
  require_log(*connection);
  migrate(*connection, migrations());
  // A damaged file shows itself here rather than at the first alert.
  for (const char* table : {"feeds", "items", "seen_keys", "documents", "alerts", "deliveries"}) {
    connection->number(std::string("SELECT 1 FROM ") + table + " LIMIT 1");
  }
  return connection;
}

// Resumes the coroutine; called on the loop, which is kept running until then.
template <class Handler>
CommitQueue::Done completion(const asio::any_io_executor& loop, Handler handler) {
  auto kept = std::make_shared<Handler>(std::move(handler));
  return [kept, guard = asio::make_work_guard(loop)](const Result<void>& result) {
    std::move (*kept)(result);
  };
}

// All of one transaction at one go.
void answer_on(const asio::any_io_executor& loop, std::vector<CommitQueue::Done> waiting,
               Result<void> result) {
  asio::post(loop, [waiting = std::move(waiting), result = std::move(result)] {
    for (const CommitQueue::Done& done : waiting) done(result);
  });
}

}  // namespace

struct Store::Impl {
  Impl(const StoreOptions& chosen, Activity& counter, asio::any_io_executor executor)
      : options(chosen),
        activity(counter),
        loop(executor),
        reading(counter, 1),
        aside(counter, 1),
        apart(counter, 1) {}

  Result<void> apply(const std::vector<Commit>& commits);
  void write(const std::vector<Commit>& commits);
  asio::awaitable<Result<void>> run_task(CommitQueue::Task task);
  asio::awaitable<void> take_turn();
  void give_turn();
  struct Turn {  // gives it back, also when a cancelled caller is thrown out
    Impl& impl;
    ~Turn() { impl.give_turn(); }
  };

  StoreOptions options;
  Activity& activity;
  asio::any_io_executor loop;
  std::unique_ptr<StateFolder> folder;
  std::unique_ptr<Connection> connection;  // the writer's thread
  std::unique_ptr<Writer> writer;          // the writer's thread
  std::unique_ptr<Checkpoint> checkpoint;  // the writer's thread
  std::atomic<std::uint64_t> ballast_used = 0;
  std::atomic<std::uint64_t> repeated = 0;
  std::shared_ptr<ReaderLease> lease;
  Pool reading;
  std::unique_ptr<Reader> aside_reader;  // the thread for pages and verbs
  Pool aside;
  Pool apart;

  // Loop thread: commits that have a place in the queue, and those that wait for one. `called` are
  // on their way from the second to the first; nobody overtakes them.
  std::size_t inside = 0;
  std::size_t called = 0;
  std::deque<std::function<void()>> waiting;

  std::unique_ptr<CommitQueue> queue;  // last: its thread ends before what it uses goes
};

void Store::Impl::write(const std::vector<Commit>& commits) {
  Transaction transaction(*connection, Transaction::Mode::write);
  for (const Commit& commit : commits) writer->apply(commit);
  transaction.commit();
  repeated = writer->repeated();
}

// A full disk gets the ballast, once: what was decided is stored, while low water stops polling.
Result<void> Store::Impl::apply(const std::vector<Commit>& commits) {
  try {
    try {
      write(commits);
    } catch (const StoreFailure& failure) {
      if (!failure.disk_full() || !folder->drop_ballast()) throw;
      ++ballast_used;
      write(commits);
    }
  } catch (const StoreFailure& failure) {
    return failure.error();
  } catch (const std::exception& failure) {
    return Error{ErrorKind::internal, std::string("the store: ") + failure.what()};
  }
  if (!folder->has_ballast() && folder->free_bytes() > options.low_water) folder->keep_ballast();
  return {};
}

asio::awaitable<void> Store::Impl::take_turn() {
  if (inside < options.queue && waiting.empty() && called == 0) {
    ++inside;
    co_return;
  }
  auto initiate = [this](auto handler) {
    auto kept = std::make_shared<decltype(handler)>(std::move(handler));
    auto guard = asio::make_work_guard(loop);
    waiting.emplace_back(
        [this, kept, guard] { asio::post(loop, [kept] { std::move (*kept)(); }); });
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(std::move(initiate),
                                                                       asio::use_awaitable);
  --called;
}

// The place goes straight to who waited longest.
void Store::Impl::give_turn() {
  if (waiting.empty()) {
    --inside;
    return;
  }
  const std::function<void()> next = std::move(waiting.front());
  waiting.pop_front();
  ++called;
  next();
}

asio::awaitable<Result<void>> Store::Impl::run_task(CommitQueue::Task task) {
  auto initiate = [this, task = std::move(task)](auto handler) mutable {
    queue->push(std::move(task), completion(loop, std::move(handler)));
  };
  const Result<void> result =
      co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Result<void>)>(
          std::move(initiate), asio::use_awaitable);
  co_return result;
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Store::~Store() {
  impl_->queue.reset();
  impl_->checkpoint.reset();
  impl_->reading.stop();
  impl_->lease->close();
  impl_->aside.stop();
  impl_->aside_reader.reset();
  impl_->apart.stop();
  // With no other connection left, closing copies the log into the database and removes it; asked
  // for here, so that a reader of ours or a failure does not leave it long.
  try {
    impl_->connection->run("PRAGMA busy_timeout=0; PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (const StoreFailure&) {
    return;  // the log keeps it all; the next open reads it
  }
}

Result<std::unique_ptr<Store>> Store::open(const StoreOptions& options, Activity& activity,
                                           asio::any_io_executor loop) {
  auto impl = std::make_unique<Impl>(options, activity, loop);
  auto folder = StateFolder::open(options.folder, options.ballast);
  if (!folder) return folder.error();
  impl->folder = std::move(*folder);
  try {
    impl->connection = open_database(options.folder + "/wirewatch.db");
    impl->writer = std::make_unique<Writer>(*impl->connection);
    impl->checkpoint = std::make_unique<Checkpoint>(*impl->connection);
  } catch (const StoreFailure& failure) {
    return failure.error();
  }
  if (impl->folder->free_bytes() > options.low_water) impl->folder->keep_ballast();
  auto reader = Reader::open(options.folder);
  if (!reader) return reader.error();
  impl->lease = std::make_shared<ReaderLease>(std::move(*reader));
  auto aside = Reader::open(options.folder);
  if (!aside) return aside.error();
  impl->aside_reader = std::move(*aside);
  Impl* self = impl.get();
  impl->queue = std::make_unique<CommitQueue>(
      options.group, options.later,
      [self](const std::vector<Commit>& commits) { return self->apply(commits); },
      [loop](std::vector<CommitQueue::Done> waiting, Result<void> result) {
        answer_on(loop, std::move(waiting), std::move(result));
      },
      [self] { self->checkpoint->after_commits(); });
  return std::unique_ptr<Store>(new Store(std::move(impl)));
}

asio::awaitable<Result<void>> Store::commit(Commit commit) {
  const Activity::Token token(impl_->activity);
  const std::uint64_t epoch = impl_->queue->epoch();
  co_await impl_->take_turn();
  const Impl::Turn turn{*impl_};
  auto initiate = [impl = impl_.get(), epoch, commit = std::move(commit)](auto handler) mutable {
    impl->queue->push(std::move(commit), epoch, completion(impl->loop, std::move(handler)));
  };
  const Result<void> result =
      co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Result<void>)>(
          std::move(initiate), asio::use_awaitable);
  co_return result;
}

void Store::mark(DeliveryMark mark, std::function<void(const Result<void>&)> done) {
  struct Waiting {
    Activity::Token token;
    asio::executor_work_guard<asio::any_io_executor> guard;
    std::function<void(const Result<void>&)> done;
  };
  const auto waiting = std::make_shared<const Waiting>(Waiting{
      Activity::Token(impl_->activity), asio::make_work_guard(impl_->loop), std::move(done)});
  impl_->queue->push(std::move(mark),
                     [waiting](const Result<void>& result) { waiting->done(result); });
}

void Store::commit_later(FeedRow row) {
  impl_->queue->push_later(std::move(row));
}

void Store::recovered() {
  impl_->queue->recovered();
}

asio::awaitable<Result<void>> Store::prune(Retention retention, Instant now) {
  const Activity::Token token(impl_->activity);
  std::uint64_t bytes = 0;
  try {
    const std::function<std::uint64_t(Reader&)> ask = [](Reader& r) { return r.document_bytes(); };
    bytes = co_await read_aside(ask);
  } catch (const StoreFailure& failure) {
    co_return failure.error();
  }
  const auto pruning = std::make_shared<Pruning>(retention, now, bytes);
  const auto more = std::make_shared<bool>(true);  // the task's word to us, ordered by the queue
  const CommitQueue::Task step = [impl = impl_.get(), pruning, more]() -> Result<void> {
    try {
      Transaction transaction(*impl->connection, Transaction::Mode::write);
      *more = pruning->step(*impl->connection);
      transaction.commit();
    } catch (const StoreFailure& failure) {
      return failure.error();
    }
    return {};
  };
  while (*more) {
    CommitQueue::Task task = step;
    const Result<void> result = co_await impl_->run_task(std::move(task));
    if (!result) co_return result;
  }
  co_return Result<void>();
}

std::uint64_t Store::free_bytes() const {
  return impl_->folder->free_bytes();
}

bool Store::low_on_space() const {
  return free_bytes() < impl_->options.low_water;
}

StoreStats Store::stats() const {
  StoreStats stats = impl_->queue->stats();
  stats.ballast_used = impl_->ballast_used;
  return stats;
}

std::uint64_t Store::repeated() const {
  return impl_->repeated;
}

Pool& Store::reading_pool() {
  return impl_->reading;
}

std::shared_ptr<ReaderLease> Store::lease() const {
  return impl_->lease;
}

Pool& Store::aside_pool() {
  return impl_->aside;
}

Pool& Store::apart_pool() {
  return impl_->apart;
}

const std::string& Store::folder() const {
  return impl_->options.folder;
}

Reader& Store::aside_reader() {
  return *impl_->aside_reader;
}

}  // namespace wirewatch::daemon
