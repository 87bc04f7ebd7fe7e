// New rules on what the archive holds.
#include <boost/asio/this_coro.hpp>

#include "daemon/pipeline/engine_impl.h"
#include "feeds/text/document.h"

namespace wirewatch::daemon {

Commit Engine::Impl::decide_those_past(const Snapshot& snapshot, std::vector<PastMatch> past,
                                       DecideCounts& counts, std::set<std::string>& wake) {
  const auto& rules = snapshot.rules.rules();
  Commit changes;
  for (PastMatch& one : past) {
    DecideContext context{snapshot, one.row.input.feed, false, clock.now(), policy, {}};
    Prepared prepared;
    prepared.document = std::make_unique<feeds::Document>(feeds::make_document(one.row.input));
    prepared.identified.id = one.row.input.id;
    prepared.identified.change = feeds::ItemChange::fresh;
    prepared.matches = std::move(one.matches);
    const rules::RuleDef& first = rules[prepared.matches.front().rule];
    context.past =
        DecideContext::Past{one.row.first_seen, first.policy.catch_up.value_or(Span::zero())};
    // It may have been merged or split since the row was read.
    std::string story = stories.story_of(one.row.input.id);
    if (!story.empty()) one.row.placement.story = std::move(story);
    decide_past(context, prepared, one.row, book, changes, wake, counts);
  }
  return changes;
}

asio::awaitable<Result<std::size_t>> Engine::Impl::catch_up(
    std::shared_ptr<const Snapshot> snapshot, std::vector<PastMatch> past,
    std::vector<KnownRule> known) {
  Turnstile::Ticket ticket(turnstile);
  const Result<void> my_turn = co_await turn(ticket);
  if (!my_turn) co_return my_turn.error();
  // What is decided must be committed.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  DecideCounts counts;
  std::set<std::string> wake;
  Commit changes = decide_those_past(*snapshot, std::move(past), counts, wake);
  changes.known_rules = std::move(known);
  held_back = held_back || counts.holds;
  ticket.done();
  const Result<void> committed = co_await commit(std::move(changes));
  if (!committed) co_return committed.error();
  wake_all(wake);
  co_return counts.alerts;
}

asio::awaitable<Result<std::size_t>> Engine::catch_up(std::shared_ptr<const Snapshot> snapshot,
                                                      std::vector<PastMatch> past,
                                                      std::vector<KnownRule> known) {
  return impl_->catch_up(std::move(snapshot), std::move(past), std::move(known));
}

}  // namespace wirewatch::daemon
