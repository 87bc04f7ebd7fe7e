#include "daemon/pipeline/engine.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <future>
#include <unordered_set>

#include "daemon/pipeline/engine_impl.h"
#include "daemon/pipeline/look_up.h"
#include "feeds/stories/parameters.h"
#include "feeds/text/document.h"

namespace wirewatch::daemon {
namespace {

using Clockwork = std::chrono::steady_clock;

// A document of before features were kept, or in the format of another version.
void remember_text(Reader& reader, const PlacedRow& placed, feeds::StoryIndex& stories) {
  for (const DocumentRow& row : reader.item_documents(placed.item))
    if (row.revision == placed.revision)
      stories.remember(feeds::make_document(row.input), row.mentions, placed.placement);
}

std::vector<DeliveryRow> due_in(const Commit& changes) {
  std::vector<DeliveryRow> rows;
  for (const DeliveryRow& row : changes.deliveries) {
    if (row.state == DeliveryState::pending) rows.push_back(row);
  }
  return rows;
}

std::vector<WaitingRow> waiting_for_pages(const Commit& changes) {
  std::vector<WaitingRow> rows;
  for (const WaitingRow& row : changes.waiting) {
    if (row.what == WaitingFor::article) rows.push_back(row);
  }
  return rows;
}

}  // namespace

Engine::Ahead Engine::Impl::ahead_of(Arrival arrival) const {
  auto input = std::make_shared<PrepareInput>();
  input->snapshot = std::move(arrival.snapshot);
  input->feed = std::move(arrival.feed);
  input->sources = std::move(arrival.sources);
  input->baseline = arrival.baseline;
  input->room =
      WaitingList::most_articles - std::min(waiting.articles(), WaitingList::most_articles);
  input->now = clock.now();
  return [input, lease = store.lease(), last = last_documents](DocumentPtr parsed) {
    input->parsed = std::move(parsed);
    return std::make_shared<LookedUp>(look_up_and_prepare(*input, *lease, *last));
  };
}

asio::awaitable<std::shared_ptr<LookedUp>> Engine::Impl::look_ahead(Arrival& arrival) {
  std::shared_ptr<LookedUp> ahead = std::move(arrival.ahead);
  if (ahead == nullptr) {
    auto parsed = std::make_shared<const feeds::ParsedFeed>(std::move(arrival.parsed));
    auto work = [look_up = ahead_of(arrival), parsed] { return look_up(parsed); };
    ahead = co_await offload(pool, std::move(work));
  }
  times.observe(Stage::identify, ahead->identify);
  times.observe(Stage::match, ahead->match);
  co_return ahead;
}

// Waits until every earlier arrival is decided and the memory says what the store says. Error: the
// store cannot be read.
asio::awaitable<Result<void>> Engine::Impl::turn(Turnstile::Ticket& ticket) {
  co_await ticket.turn();
  for (;;) {
    if (clock_was_set()) distrust_memory();
    if (!broken) break;
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
asio::awaitable<void> Engine::Impl::bring_up_to_date(std::shared_ptr<const Snapshot>& snapshot,
                                                     std::vector<Prepared>& prepared) {
  while (live != nullptr && live != snapshot) {
    const std::shared_ptr<const Snapshot> newer = live;
    auto work = [rules = newer, old = std::move(prepared)]() mutable {
      match_again(*rules, old);
      return std::move(old);
    };
    // Memory is not built anew while what it is to decide is on its way.
    ++uncommitted;
    try {
      prepared = co_await offload(pool, std::move(work));
    } catch (...) {
      --uncommitted;
      mend_when_quiet();
      throw;
    }
    --uncommitted;
    snapshot = newer;
  }
}

Commit Engine::Impl::decide_all(const Arrival& arrival, PreparedDocument prepared, Taken& taken,
                                std::set<std::string>& wake) {
  constexpr Span tidy_every = std::chrono::minutes(10);
  const StageTimer timer(times, Stage::decide);
  Commit changes;
  DecideCounts counts;
  DecideContext context{*arrival.snapshot, arrival.feed.key, arrival.baseline, clock.now(), policy};
  bool any_known = false;
  for (Prepared& one : prepared.items) {
    any_known = any_known || one.identified.change != feeds::ItemChange::fresh;
    context.absent = arrival.absent;
    if (let_wait(context, one, changes, counts, taken)) continue;
    decide_item(context, std::move(one), stories, book, changes, wake, counts);
  }
  taken.fresh = counts.fresh;
  taken.edited = counts.edited;
  taken.alerts = counts.alerts;
  taken.would_alert = counts.would_alert.size();
  taken.renamed = prepared.renamed;
  changes.publishers.push_back({arrival.feed.key, std::move(prepared.publisher)});
  if (arrival.feed_row) {
    changes.feeds.push_back(arrival.feed_row(taken.fresh, any_known || taken.fresh == 0));
  }
  held_back = held_back || counts.holds;
  if (context.now - forgotten >= tidy_every || context.now < forgotten) {
    forgotten = context.now;
    book.forget_before(context.now - 2 * limits.window);
  }
  return changes;
}

asio::awaitable<Result<Taken>> Engine::Impl::take(Arrival arrival) {
  Turnstile::Ticket ticket(turnstile);
  Taken taken;
  const std::shared_ptr<LookedUp> ahead = co_await look_ahead(arrival);
  taken.items = ahead->items;
  PreparedDocument prepared = std::move(ahead->document);
  const Result<void> my_turn = co_await turn(ticket);
  if (!my_turn) co_return my_turn.error();
  co_await bring_up_to_date(arrival.snapshot, prepared.items);
  // What is decided must be committed: from here on nobody is thrown out.
  const auto asked = co_await asio::this_coro::cancellation_state;
  if (asked.cancelled() != asio::cancellation_type::none) {
    mend_when_quiet();  // which may have waited for this one
    throw boost::system::system_error(asio::error::operation_aborted);
  }
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  std::set<std::string> wake;
  Commit changes = decide_all(arrival, std::move(prepared), taken, wake);
  ticket.done();
  std::vector<WaitingRow> pages = waiting_for_pages(changes);
  const auto due = std::make_shared<const std::vector<DeliveryRow>>(due_in(changes));
  prepare_soon(due);
  const std::uint64_t repeated = store.repeated();
  const Result<void> committed = co_await commit(std::move(changes));
  if (!committed) co_return committed.error();
  for (const DeliveryRow& one : *due) times.decided(one.id, arrival.answered);
  hand_on(*due, wake, repeated);
  after_wait(arrival, taken, std::move(pages));
  co_return taken;
}

// After the commit has gone to the writer.
void Engine::Impl::prepare_soon(const std::shared_ptr<const std::vector<DeliveryRow>>& due) {
  if (!prepare_due || due->empty()) return;
  asio::post(loop, [self = shared_from_this(), due] { self->prepare_due(*due); });
}

// A message that the store had before is not new, whatever its state by now: only the store knows.
void Engine::Impl::hand_on(const std::vector<DeliveryRow>& due,
                           const std::set<std::string>& receivers, std::uint64_t repeated_before) {
  if (!send_due || store.repeated() != repeated_before) return wake_all(receivers);
  wake_all({});
  send_due(due);
}

void Engine::Impl::wake_all(const std::set<std::string>& receivers) {
  for (const std::string& receiver : receivers) wake_receiver(receiver);
  if (std::exchange(held_back, false) && wake_releaser) wake_releaser();
}

asio::awaitable<Result<void>> Engine::Impl::commit(Commit changes) {
  // What memory does not remember and could not be stored leaves it as the store has it.
  const bool remembered = kind_of(changes).remembered;
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
  if (!committed && remembered) broken = true;
  mend_when_quiet();
  if (!committed) open_store_again();
  co_return committed;
}

// Where nothing that was decided is missing, the store may go on without a rebuild.
void Engine::Impl::open_store_again() {
  if (!broken && uncommitted == 0) store.recovered();
}

// Memory is what the store had of the time before `now`: after a wall clock that was a year behind
// is put right, the past week that rules compare with is another, and so are the open alerts.
bool Engine::Impl::clock_was_set() const {
  constexpr Span moved = std::chrono::hours(1);
  const Span by = wall_ahead_now() - wall_ahead;
  return by > moved || by < -moved;
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
  const feeds::StoryLimits limits = self->limits;
  const Result<void> rebuilt = co_await self->rebuild();
  self->mending = false;
  const bool bounds_moved = limits != self->limits;
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

// People silence and follow while a rebuild reads, which takes seconds: what they did meanwhile may
// not be in what was read.
asio::awaitable<void> Engine::Impl::restore_policy() {
  for (;;) {
    const std::uint64_t puts = policy_puts;
    std::function<PolicyMemory(Reader&)> query = [now = clock.now()](Reader& reader) {
      return reader.policy_memory(now);
    };
    const PolicyMemory memory = co_await store.read(std::move(query));
    if (puts != policy_puts) continue;
    policy.restore(memory);
    co_return;
  }
}

asio::awaitable<Result<void>> Engine::Impl::rebuild() {
  struct Remembered {
    feeds::StoryIndex stories;
    std::vector<AlertRow> alerts;
    std::vector<WaitingEntry> waiting;
  };
  const Instant now = clock.now();
  wall_ahead = wall_ahead_now();
  const Instant since = now - limits.window;
  std::function<Remembered(Reader&)> query = [since, now, bounds = limits](Reader& reader) {
    Remembered all{feeds::StoryIndex(bounds), {}, reader.waiting_entries()};
    std::unordered_set<std::string>
        grow;  // a story lives on its later documents, whoever alerted when
    const std::size_t least = feeds::Parameters().kept_beyond_window;
    reader.placed(now, bounds.window, least, [&all, &grow, &reader](const PlacedRow& row) {
      if (!all.stories.remember(row.item, row.time, row.features, row.placement))
        remember_text(reader, row, all.stories);
      grow.insert(row.placement.story);
      return true;
    });
    std::future<void> pairs = std::async(std::launch::async, [&all] { all.stories.enter_pairs(); });
    all.stories.enter_words();
    pairs.get();
    all.alerts = reader.open_alerts(since - bounds.window);
    std::unordered_set<std::string> read;
    for (const AlertRow& row : all.alerts) read.insert(row.state.id);
    for (const std::string& story : reader.stories_with_alerts()) {
      if (!grow.contains(story)) continue;
      AlertFilter filter;
      filter.story = story;
      filter.waiting = true;
      for (AlertRow& row : reader.alerts(filter))
        if (!read.contains(row.state.id)) all.alerts.push_back(std::move(row));
    }
    return all;
  };
  try {
    // Polls and messages share the other connection, and this takes seconds.
    Remembered all = co_await store.read_apart(std::move(query));
    stories = std::move(all.stories);
    waiting.restore(all.waiting);
    book.clear();
    for (const AlertRow& row : all.alerts) book.restore(row, now);
    co_await restore_policy();
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
  const bool moved = wanted != impl_->limits;
  impl_->limits = wanted;
  impl_->live = std::move(snapshot);
  if (moved) impl_->distrust_memory();
}

void Engine::check_store() {
  impl_->mend_when_quiet();
  if (impl_->store.stats().failed) impl_->open_store_again();
}

Engine::Ahead Engine::ahead(Arrival arrival) const {
  return impl_->ahead_of(std::move(arrival));
}

asio::awaitable<Result<Taken>> Engine::take(Arrival arrival) {
  return impl_->take(std::move(arrival));
}

asio::awaitable<Result<void>> Engine::note(FeedRow row) {
  Commit changes;
  changes.feeds.push_back(std::move(row));
  return impl_->commit(std::move(changes));
}

void Engine::note_later(FeedRow row) {
  impl_->store.commit_later(std::move(row));
}

void Engine::set_hooks(Hooks hooks) {
  impl_->hooks = std::move(hooks);
}

asio::awaitable<Result<Taken>> Engine::decide_settled(std::vector<Settled> settled) {
  return impl_->decide_settled(std::move(settled));
}

asio::awaitable<Result<std::size_t>> Engine::release(std::string feed, bool drop) {
  return impl_->release(std::move(feed), drop);
}

void Engine::on_due(std::function<void(const std::vector<DeliveryRow>&)> send) {
  impl_->send_due = std::move(send);
}

void Engine::on_decided(std::function<void(const std::vector<DeliveryRow>&)> prepare) {
  impl_->prepare_due = std::move(prepare);
}

void Engine::on_holds(std::function<void()> wake) {
  impl_->wake_releaser = std::move(wake);
}

asio::awaitable<Result<void>> Engine::silence(rules::Silence silence) {
  const Instant now = impl_->clock.now();
  const bool ends = silence.until <= now;
  if (!ends && impl_->policy.silences_at(now) >= PolicyBook::max_silences) {
    co_return Error{ErrorKind::refused,
                    "there are 1000 silences already; `wirewatch alerts unsilence ID` ends one"};
  }
  Commit changes;
  changes.silences.push_back(silence);
  const Result<void> done = co_await impl_->commit(std::move(changes));
  if (done) {
    impl_->policy.put(silence, impl_->clock.now());
    ++impl_->policy_puts;
  }
  co_return done;
}

asio::awaitable<Result<void>> Engine::follow(FollowRow row) {
  Commit changes;
  changes.follows.push_back(row);
  const Result<void> done = co_await impl_->commit(std::move(changes));
  if (done) {
    impl_->policy.put(row);
    ++impl_->policy_puts;
  }
  co_return done;
}

const PolicyBook& Engine::policy() const {
  return impl_->policy;
}

const WaitingList& Engine::waiting() const {
  return impl_->waiting;
}

void Engine::feed_keys_changed(const std::vector<FeedKeyChange>& changes) {
  ++impl_->policy_puts;
  for (const FeedKeyChange& change : changes) {
    impl_->waiting.change_feed(change);
    for (rules::Silence& silence : impl_->policy.silences)
      if (silence.feed == change.from) silence.feed = change.to;
  }
}

std::size_t Engine::stories_in_memory() const {
  return impl_->stories.size();
}

}  // namespace wirewatch::daemon
