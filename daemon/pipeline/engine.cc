#include "daemon/pipeline/engine.h"

#include <spdlog/spdlog.h>

#include <set>

#include "daemon/pipeline/alert_book.h"
#include "daemon/pipeline/decide.h"
#include "daemon/pipeline/prepare.h"
#include "daemon/pipeline/turnstile.h"
#include "feeds/text/document.h"

namespace wirewatch::daemon {
namespace {

using Clockwork = std::chrono::steady_clock;

std::vector<feeds::ItemKeys> keys_of(const feeds::ParsedFeed& parsed) {
  std::vector<feeds::ItemKeys> keys;
  keys.reserve(parsed.items.size());
  for (const feeds::Item& item : parsed.items) keys.push_back(feeds::item_keys(item));
  return keys;
}

}  // namespace

struct Engine::Impl {
  Impl(asio::any_io_executor loop_in, Clock& clock_in, Pool& pool_in, Store& store_in,
       StageTimes& times_in, std::function<void(const std::string&)> wake_in)
      : loop(std::move(loop_in)),
        clock(clock_in),
        pool(pool_in),
        store(store_in),
        times(times_in),
        wake_receiver(std::move(wake_in)),
        turnstile(loop),
        mended(loop, clock) {}

  asio::awaitable<Result<Taken>> take(Arrival arrival);
  asio::awaitable<Result<void>> commit(Commit changes);
  asio::awaitable<Result<void>> rebuild();
  asio::awaitable<void> mend();
  asio::awaitable<std::vector<Prepared>> prepare_ahead(
      std::shared_ptr<const feeds::ParsedFeed> parsed, const Arrival& arrival);
  Commit decide_all(const Arrival& arrival, std::vector<Prepared> prepared, Taken& taken,
                    std::set<std::string>& wake);

  asio::any_io_executor loop;
  Clock& clock;
  Pool& pool;
  Store& store;
  StageTimes& times;
  std::function<void(const std::string&)> wake_receiver;
  Turnstile turnstile;
  feeds::StoryLimits limits;
  feeds::StoryIndex stories;
  AlertBook book;
  std::size_t uncommitted = 0;  // decided, not yet answered by the store
  bool broken = false;          // memory holds what the store does not
  bool mending = false;
  Bell mended;
};

asio::awaitable<std::vector<Prepared>> Engine::Impl::prepare_ahead(
    std::shared_ptr<const feeds::ParsedFeed> parsed, const Arrival& arrival) {
  const std::string feed = arrival.feed.key;
  auto started = Clockwork::now();
  auto make_keys = [parsed] { return keys_of(*parsed); };
  const std::vector<feeds::ItemKeys> keys = co_await offload(pool, std::move(make_keys));
  std::function<std::vector<feeds::KnownItem>(Reader&)> look_up = [feed, keys](Reader& reader) {
    return reader.known_items(feed, keys);
  };
  PrepareInput input;
  input.known = co_await store.read(std::move(look_up));
  times.observe(Stage::identify, Clockwork::now() - started);

  input.snapshot = arrival.snapshot;
  input.feed = arrival.feed;
  input.parsed = std::move(parsed);
  input.sources = arrival.sources;
  input.now = clock.now();
  started = Clockwork::now();
  auto work = [input = std::move(input)] { return prepare(input); };
  std::vector<Prepared> prepared = co_await offload(pool, std::move(work));
  times.observe(Stage::match, Clockwork::now() - started);
  co_return prepared;
}

Commit Engine::Impl::decide_all(const Arrival& arrival, std::vector<Prepared> prepared,
                                Taken& taken, std::set<std::string>& wake) {
  const StageTimer timer(times, Stage::decide);
  Commit changes;
  DecideCounts counts;
  const DecideContext context{*arrival.snapshot, arrival.feed.key, arrival.baseline, clock.now()};
  bool any_known = false;
  for (Prepared& one : prepared) {
    any_known = any_known || one.identified.change != feeds::ItemChange::fresh;
    decide_item(context, std::move(one), stories, book, changes, wake, counts);
  }
  taken.fresh = counts.fresh;
  taken.edited = counts.edited;
  taken.alerts = counts.alerts;
  taken.would_alert = counts.would_alert;
  changes.feeds.push_back(arrival.feed_row(taken.fresh, any_known || taken.fresh == 0));
  book.forget_before(context.now - 2 * limits.window);
  return changes;
}

asio::awaitable<Result<Taken>> Engine::Impl::take(Arrival arrival) {
  Turnstile::Ticket ticket(turnstile);
  Taken taken;
  auto parsed = std::make_shared<const feeds::ParsedFeed>(std::move(arrival.parsed));
  taken.items = parsed->items.size();
  std::vector<Prepared> prepared = co_await prepare_ahead(parsed, arrival);
  co_await ticket.turn();
  while (broken) {
    const bool rung = co_await mended.wait(std::chrono::seconds(1));
    static_cast<void>(rung);
  }
  std::set<std::string> wake;
  Commit changes = decide_all(arrival, std::move(prepared), taken, wake);
  ticket.done();
  const Result<void> committed = co_await commit(std::move(changes));
  if (!committed) co_return committed.error();
  for (const std::string& receiver : wake) wake_receiver(receiver);
  co_return taken;
}

asio::awaitable<Result<void>> Engine::Impl::commit(Commit changes) {
  ++uncommitted;
  const auto started = Clockwork::now();
  Result<void> committed = co_await store.commit(std::move(changes));
  times.observe(Stage::commit, Clockwork::now() - started);
  --uncommitted;
  if (!committed) broken = true;
  // Whoever is last puts memory right again; everyone behind a failed commit fails with it.
  if (broken && uncommitted == 0 && !mending) co_await mend();
  co_return committed;
}

asio::awaitable<void> Engine::Impl::mend() {
  mending = true;
  for (;;) {
    const Result<void> rebuilt = co_await rebuild();
    if (rebuilt) break;
    spdlog::error("cannot rebuild from the store, trying again: {}", rebuilt.error().text);
    co_await sleep_for(clock, std::chrono::seconds(1));
  }
  store.recovered();
  broken = false;
  mending = false;
  mended.ring();
}

asio::awaitable<Result<void>> Engine::Impl::rebuild() {
  struct Remembered {
    feeds::StoryIndex stories;
    std::vector<AlertRow> alerts;
  };
  const Instant since = clock.now() - limits.window;
  std::function<Remembered(Reader&)> query = [since, bounds = limits](Reader& reader) {
    Remembered all{feeds::StoryIndex(bounds), reader.open_alerts(since)};
    reader.documents_since(since, [&all](const DocumentRow& row) {
      all.stories.remember(feeds::make_document(row.input), row.mentions, row.placement);
      return true;
    });
    return all;
  };
  try {
    Remembered all = co_await store.read(std::move(query));
    stories = std::move(all.stories);
    book.clear();
    for (const AlertRow& row : all.alerts) book.restore(row);
  } catch (const std::exception& error) {
    co_return Error{ErrorKind::temporary, error.what()};
  }
  co_return Result<void>();
}

Engine::Engine(asio::any_io_executor loop, Clock& clock, Pool& pool, Store& store,
               StageTimes& times, std::function<void(const std::string&)> wake_receiver)
    : impl_(std::make_shared<Impl>(std::move(loop), clock, pool, store, times,
                                   std::move(wake_receiver))) {}
Engine::~Engine() = default;

asio::awaitable<Result<void>> Engine::rebuild(const feeds::StoryLimits& limits) {
  impl_->limits = limits;
  return impl_->rebuild();
}

asio::awaitable<Result<Taken>> Engine::take(Arrival arrival) {
  return impl_->take(std::move(arrival));
}

asio::awaitable<Result<void>> Engine::note(FeedRow row) {
  Commit changes;
  changes.feeds.push_back(std::move(row));
  return impl_->commit(std::move(changes));
}

std::size_t Engine::stories_in_memory() const {
  return impl_->stories.size();
}

}  // namespace wirewatch::daemon
