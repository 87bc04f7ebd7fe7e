#include "daemon/pipeline/engine.h"

#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
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

// A document of before features were kept, or in the format of another version.
void remember_text(Reader& reader, const PlacedRow& placed, feeds::StoryIndex& stories) {
  for (const DocumentRow& row : reader.item_documents(placed.item))
    if (row.revision == placed.revision)
      stories.remember(feeds::make_document(row.input), row.mentions, placed.placement);
}

}  // namespace

struct Engine::Impl : std::enable_shared_from_this<Engine::Impl> {
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
  asio::awaitable<Result<void>> turn(Turnstile::Ticket& ticket);
  asio::awaitable<void> bring_up_to_date(const Arrival& arrival, std::vector<Prepared>& prepared);
  asio::awaitable<Result<void>> commit(Commit changes);
  asio::awaitable<Result<void>> rebuild();
  void distrust_memory();
  void mend_when_quiet();
  void open_store_again();
  static asio::awaitable<void> mend(std::shared_ptr<Impl> self);
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
  std::shared_ptr<const Snapshot> live;  // null: whatever an arrival brings
  Instant forgotten{};                   // when the book was last tidied
  std::size_t uncommitted = 0;           // decided, not yet answered by the store
  bool broken = false;                   // memory may hold what the store does not
  bool mending = false;
  Bell mended;  // rung when a rebuild ended, well or not; the first in the turnstile waits
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

// Waits until every earlier arrival is decided and the memory says what the store says. Error: the
// store cannot be read.
asio::awaitable<Result<void>> Engine::Impl::turn(Turnstile::Ticket& ticket) {
  co_await ticket.turn();
  while (broken) {
    const bool hopeless = !mending && uncommitted == 0;
    if (hopeless) {
      co_return Error{ErrorKind::temporary, "not taken: the store cannot be read at the moment"};
    }
    const bool rung = co_await mended.wait(std::chrono::seconds(1));
    static_cast<void>(rung);
  }
  co_return Result<void>();
}

// A reload while this waited: the rules that are live now decide. Under the old ones a rule that
// was renamed, or a receiver that is gone, would alert once more.
asio::awaitable<void> Engine::Impl::bring_up_to_date(const Arrival& arrival,
                                                     std::vector<Prepared>& prepared) {
  if (live == nullptr || live == arrival.snapshot) co_return;
  auto work = [rules = live, old = std::move(prepared)]() mutable {
    match_again(*rules, old);
    return std::move(old);
  };
  prepared = co_await offload(pool, std::move(work));
}

Commit Engine::Impl::decide_all(const Arrival& arrival, std::vector<Prepared> prepared,
                                Taken& taken, std::set<std::string>& wake) {
  constexpr Span tidy_every = std::chrono::minutes(10);
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
  taken.would_alert = counts.would_alert.size();
  changes.feeds.push_back(arrival.feed_row(taken.fresh, any_known || taken.fresh == 0));
  if (context.now - forgotten >= tidy_every || context.now < forgotten) {
    forgotten = context.now;
    book.forget_before(context.now - 2 * limits.window);
  }
  return changes;
}

asio::awaitable<Result<Taken>> Engine::Impl::take(Arrival arrival) {
  Turnstile::Ticket ticket(turnstile);
  Taken taken;
  auto parsed = std::make_shared<const feeds::ParsedFeed>(std::move(arrival.parsed));
  taken.items = parsed->items.size();
  std::vector<Prepared> prepared = co_await prepare_ahead(parsed, arrival);
  const Result<void> my_turn = co_await turn(ticket);
  if (!my_turn) co_return my_turn.error();
  while (live != nullptr && live != arrival.snapshot) {
    const std::shared_ptr<const Snapshot> newer = live;
    co_await bring_up_to_date(arrival, prepared);
    arrival.snapshot = newer;
  }
  // What is decided must be committed: from here on nobody is thrown out.
  const auto asked = co_await asio::this_coro::cancellation_state;
  if (asked.cancelled() != asio::cancellation_type::none) {
    throw boost::system::system_error(asio::error::operation_aborted);
  }
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  std::set<std::string> wake;
  Commit changes = decide_all(arrival, std::move(prepared), taken, wake);
  ticket.done();
  const Result<void> committed = co_await commit(std::move(changes));
  if (!committed) co_return committed.error();
  for (const std::string& receiver : wake) wake_receiver(receiver);
  co_return taken;
}

asio::awaitable<Result<void>> Engine::Impl::commit(Commit changes) {
  // Only documents move the memory on; what else failed leaves it as the store has it.
  const bool decides = !changes.documents.empty();
  ++uncommitted;
  const auto started = Clockwork::now();
  Result<void> committed = Error{ErrorKind::internal, "not committed"};
  try {
    committed = co_await store.commit(std::move(changes));
  } catch (const boost::system::system_error&) {  // cancelled before its turn
    --uncommitted;
    mend_when_quiet();
    throw;
  }
  times.observe(Stage::commit, Clockwork::now() - started);
  --uncommitted;
  if (!committed && decides) broken = true;
  mend_when_quiet();
  if (!committed) open_store_again();
  co_return committed;
}

// Where nothing that was decided is missing, the store may go on without a rebuild.
void Engine::Impl::open_store_again() {
  if (!broken && uncommitted == 0) store.recovered();
}

void Engine::Impl::distrust_memory() {
  broken = true;
  mend_when_quiet();
}

// Everyone behind a failed commit fails with it; once the last was answered, memory is put right.
// Nobody's poll waits for that, and nobody's end breaks it off.
void Engine::Impl::mend_when_quiet() {
  if (!broken || mending || uncommitted > 0) return;
  mending = true;
  asio::co_spawn(loop, mend(shared_from_this()), asio::detached);
}

asio::awaitable<void> Engine::Impl::mend(std::shared_ptr<Impl> self) {
  const Activity::Token token(self->pool.activity());
  const Span window = self->limits.window;
  const std::size_t documents = self->limits.documents;
  const Result<void> rebuilt = co_await self->rebuild();
  self->mending = false;
  const bool bounds_moved = window != self->limits.window || documents != self->limits.documents;
  if (!rebuilt) {
    spdlog::error("cannot rebuild from the store: {}", rebuilt.error().text);
  } else if (bounds_moved) {
    self->mend_when_quiet();
  } else {
    self->store.recovered();
    self->broken = false;
  }
  self->mended.ring();
}

asio::awaitable<Result<void>> Engine::Impl::rebuild() {
  struct Remembered {
    feeds::StoryIndex stories;
    std::vector<AlertRow> alerts;
  };
  const Instant now = clock.now();
  const Instant since = now - limits.window;
  std::function<Remembered(Reader&)> query = [since, bounds = limits](Reader& reader) {
    Remembered all{feeds::StoryIndex(bounds), {}};
    std::set<std::string> grow;  // a story lives on its later documents, whoever alerted when
    reader.placed_since(since, [&all, &grow, &reader](const PlacedRow& row) {
      if (!all.stories.remember(row.item, row.time, row.features, row.placement))
        remember_text(reader, row, all.stories);
      grow.insert(row.placement.story);
      return true;
    });
    all.alerts = reader.open_alerts(since - bounds.window);
    for (const AlertRow& row : all.alerts) grow.erase(row.state.story);
    for (const std::string& story : grow) {
      AlertFilter filter;
      filter.story = story;
      for (AlertRow& row : reader.alerts(filter)) all.alerts.push_back(std::move(row));
    }
    return all;
  };
  try {
    Remembered all = co_await store.read(std::move(query));
    stories = std::move(all.stories);
    book.clear();
    for (const AlertRow& row : all.alerts) book.restore(row, now);
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

void Engine::set_snapshot(std::shared_ptr<const Snapshot> snapshot) {
  const feeds::StoryLimits& wanted = snapshot->settings.stories;
  const bool moved =
      wanted.window != impl_->limits.window || wanted.documents != impl_->limits.documents;
  impl_->limits = wanted;
  impl_->live = std::move(snapshot);
  if (moved) impl_->distrust_memory();
}

void Engine::check_store() {
  impl_->mend_when_quiet();
  if (impl_->store.stats().failed) impl_->open_store_again();
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
