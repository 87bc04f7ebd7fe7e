// Items that are known but not decided: put aside in the first transaction, decided in a second.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include "daemon/pipeline/engine_impl.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t release_batch = 200;  // items a transaction

}  // namespace

// A new revision of what still waits: it takes its predecessor's place. What is held stays held;
// what waited for its page waits for the new one, or is decided now if it wants none any more: as
// part of the absence after which it came.
void Engine::Impl::take_up_wait(DecideContext& context, Prepared& one, Commit& changes) {
  const WaitingEntry* const earlier = waiting.find(one.identified.id);
  if (earlier == nullptr || one.identified.change == feeds::ItemChange::seen) return;
  context.absent = std::max(context.absent, earlier->absent);
  if (earlier->what == WaitingFor::operator_) {
    WaitingRow row;
    row.input = one.waits ? std::move(one.waits->input) : input_of(*one.document);
    row.revision = one.identified.revision;
    row.edited = earlier->edited;
    row.what = WaitingFor::operator_;
    row.reason = "an edit of an item that is held";
    row.since = earlier->since;
    one.waits = std::move(row);
  } else if (one.waits) {
    one.waits->edited = earlier->edited;
  } else {
    one.identified.change = earlier->edited ? feeds::ItemChange::edited : feeds::ItemChange::fresh;
    changes.waited.push_back(one.identified.id);
    waiting.remove(one.identified.id);
  }
}

// False: it does not wait, and is to be decided now.
bool Engine::Impl::let_wait(DecideContext& context, Prepared& one, Commit& changes,
                            DecideCounts& counts, Taken& taken) {
  take_up_wait(context, one, changes);
  if (!one.waits) return false;
  changes.items.push_back(item_row(context, one.identified));
  WaitingRow row = std::move(*one.waits);
  const WaitingEntry* const earlier = waiting.find(row.input.id);
  row.absent = context.absent;
  const bool held = row.what == WaitingFor::operator_;
  if (held && waiting.held() >= WaitingList::most_held && earlier == nullptr) {
    ++taken.dropped;
    return true;
  }
  if (held) {
    ++taken.held;
  } else {
    ++taken.pages;
    ++(row.edited ? counts.edited : counts.fresh);
  }
  waiting.put(row);
  changes.waiting.push_back(std::move(row));
  return true;
}

// Once it is durable: the pages are fetched, and the operator hears of what is held.
void Engine::Impl::after_wait(const Arrival& arrival, const Taken& taken,
                              std::vector<WaitingRow> pages) const {
  if (!pages.empty() && hooks.fetch_pages) hooks.fetch_pages(std::move(pages));
  if (!hooks.notice) return;
  OperatorNotice notice;
  notice.feed = arrival.feed.key;
  notice.time = clock.now();
  const std::string& name = arrival.feed.name;
  if (taken.held > 0) {
    const auto held = waiting.held_by_feed().find(arrival.feed.key);
    const std::size_t all = held == waiting.held_by_feed().end() ? 0 : held->second.count;
    if (all > taken.held) return;  // told when the first of them came
    notice.kind = "items held";
    notice.text = fmt::format(
        "feed \"{}\": {} new items look republished and are held; \"wirewatch feeds release {}\" "
        "lets them through, with --drop nobody hears of them",
        name, taken.held, name);
    hooks.notice(notice);
  }
  if (taken.dropped > 0) {
    notice.kind = "items dropped";
    notice.text = fmt::format(
        "feed \"{}\": {} new items look republished and were dropped, for {} are held already",
        name, taken.dropped, WaitingList::most_held);
    hooks.notice(notice);
  }
  if (taken.renamed > 0) {
    notice.kind = "feed republished";
    notice.text = fmt::format(
        "feed \"{}\" shows {} known texts under new ids and links; they are taken as known", name,
        taken.renamed);
    hooks.notice(notice);
  }
}

Commit Engine::Impl::decide_those(const Snapshot& snapshot, const std::vector<Settled>& settled,
                                  std::vector<Prepared> prepared, Taken& taken,
                                  std::set<std::string>& wake) {
  const StageTimer timer(times, Stage::decide);
  Commit changes;
  DecideCounts counts;
  for (std::size_t i = 0; i < settled.size(); ++i) {
    const WaitingRow& row = settled[i].row;
    const WaitingEntry* const entry = waiting.find(row.input.id);
    const bool still =
        entry != nullptr && entry->revision == row.revision && entry->what == row.what;
    if (!still) continue;
    const DecideContext context{snapshot,    row.input.feed, settled[i].silent,
                                clock.now(), policy,         entry->absent};
    prepared[i].identified.change =
        entry->edited ? feeds::ItemChange::edited : feeds::ItemChange::fresh;
    prepared[i].notes = settled[i].notes;
    waiting.remove(row.input.id);
    changes.waited.push_back(row.input.id);
    ++taken.items;
    decide_document(context, std::move(prepared[i]), stories, book, changes, wake, counts);
  }
  taken.fresh = counts.fresh;
  taken.edited = counts.edited;
  taken.alerts = counts.alerts;
  held_back = held_back || counts.holds;
  return changes;
}

asio::awaitable<Result<Taken>> Engine::Impl::decide_settled(std::vector<Settled> given) {
  Turnstile::Ticket ticket(turnstile);
  const auto settled = std::make_shared<const std::vector<Settled>>(std::move(given));
  std::shared_ptr<const Snapshot> snapshot = live;
  if (snapshot == nullptr) co_return Error{ErrorKind::internal, "no config is live yet"};
  auto work = [snapshot, settled] {
    std::vector<Prepared> all;
    all.reserve(settled->size());
    for (const Settled& one : *settled) all.push_back(prepare_settled(*snapshot, one.row));
    return all;
  };
  std::vector<Prepared> prepared = co_await offload(pool, std::move(work));
  const Result<void> my_turn = co_await turn(ticket);
  if (!my_turn) co_return my_turn.error();
  co_await bring_up_to_date(snapshot, prepared);
  const auto asked = co_await asio::this_coro::cancellation_state;
  if (asked.cancelled() != asio::cancellation_type::none) {
    mend_when_quiet();  // which may have waited for this one
    throw boost::system::system_error(asio::error::operation_aborted);
  }
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  Taken taken;
  std::set<std::string> wake;
  Commit changes = decide_those(*snapshot, *settled, std::move(prepared), taken, wake);
  ticket.done();
  if (changes.waited.empty()) co_return taken;
  const Result<void> committed = co_await commit(std::move(changes));
  if (!committed) co_return committed.error();
  wake_all(wake);
  co_return taken;
}

// Released items of a feed that fetches its articles go the way that they would have gone.
asio::awaitable<Result<std::size_t>> Engine::Impl::fetch_after_all(std::vector<WaitingRow> rows) {
  if (broken) co_return Error{ErrorKind::temporary, "the store is being read anew; ask again"};
  // What waits for its page from here on must be committed as that.
  const auto asked = co_await asio::this_coro::cancellation_state;
  if (asked.cancelled() != asio::cancellation_type::none) {
    throw boost::system::system_error(asio::error::operation_aborted);
  }
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  Commit changes;
  std::vector<WaitingRow> pages;
  for (WaitingRow& row : rows) {
    const WaitingEntry* const entry = waiting.find(row.input.id);
    if (entry == nullptr || entry->revision != row.revision || entry->what != row.what) continue;
    row.what = WaitingFor::article;
    row.since = clock.now();
    waiting.put(row);
    changes.waiting.push_back(row);
    pages.push_back(std::move(row));
  }
  const std::size_t count = pages.size();
  if (count == 0) co_return count;
  const Result<void> committed = co_await commit(std::move(changes));
  if (!committed) co_return committed.error();
  hooks.fetch_pages(std::move(pages));
  co_return count;
}

// A feed that brings many at once by habit is not held for ever.
asio::awaitable<void> Engine::Impl::learn_usual(std::string feed, std::size_t count) {
  std::function<feeds::Publisher(Reader&)> query = [feed](Reader& reader) {
    return reader.publisher(feed);
  };
  feeds::Publisher publisher = co_await store.read(std::move(query));
  Commit changes;
  changes.publishers.push_back({feed, feeds::allow(std::move(publisher), count)});
  const Result<void> learned = co_await commit(std::move(changes));
  if (!learned) spdlog::warn("what was released is not learned: {}", learned.error().text);
}

asio::awaitable<Result<std::size_t>> Engine::Impl::release(std::string feed, bool drop) {
  std::size_t released = 0;
  if (live == nullptr) co_return Error{ErrorKind::temporary, "the daemon is still starting"};
  for (;;) {
    std::function<std::vector<WaitingRow>(Reader&)> query = [feed](Reader& reader) {
      return reader.waiting(WaitingFor::operator_, feed, release_batch);
    };
    std::vector<WaitingRow> rows = co_await store.read(std::move(query));
    const FeedConfig* config = nullptr;
    for (const FeedConfig& one : live->feeds) config = one.key == feed ? &one : config;
    std::vector<WaitingRow> pages;
    std::vector<Settled> settled;
    const std::string note =
        fmt::format("held as republished, then {} by the operator", drop ? "dropped" : "released");
    for (WaitingRow& row : rows) {
      const bool fetch = !drop && config != nullptr && hooks.fetch_pages &&
                         waiting.articles() + pages.size() < WaitingList::most_articles &&
                         feeds::wants_article(config->fetch_article, row.input,
                                              live->settings.article.short_words);
      if (fetch) {
        pages.push_back(std::move(row));
      } else {
        std::string reason = "looked republished: " + row.reason;
        settled.push_back({std::move(row), {std::move(reason), note}, drop});
      }
    }
    std::size_t moved = 0;
    if (!pages.empty()) {
      const Result<std::size_t> handed = co_await fetch_after_all(std::move(pages));
      if (!handed) co_return handed.error();
      moved += *handed;
    }
    if (!settled.empty()) {
      const Result<Taken> decided = co_await decide_settled(std::move(settled));
      if (!decided) co_return decided.error();
      moved += decided->items;
    }
    released += moved;
    if (moved > 0) continue;
    if (!drop && released > 0) co_await learn_usual(feed, released);
    co_return released;
  }
}

}  // namespace wirewatch::daemon
