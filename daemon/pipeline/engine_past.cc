// New rules on what the archive holds.
#include <algorithm>
#include <boost/asio/this_coro.hpp>

#include "daemon/pipeline/engine_impl.h"
#include "feeds/text/document.h"

namespace wirewatch::daemon {
namespace {

// Texts that are split into words, and then decided, at a time: there may be `most_past` of them,
// and polls and messages want the loop in between.
constexpr std::size_t past_piece = 50;

using Documents = std::vector<std::unique_ptr<feeds::Document>>;

Documents documents_of(const std::vector<PastMatch>& past, std::size_t from, std::size_t until) {
  Documents documents;
  for (std::size_t i = from; i < until; ++i) {
    documents.push_back(std::make_unique<feeds::Document>(feeds::make_document(past[i].row.input)));
  }
  return documents;
}

}  // namespace

void Engine::Impl::decide_one_past(const Snapshot& snapshot, PastMatch& one,
                                   std::unique_ptr<feeds::Document> document, Instant now,
                                   Commit& changes, DecideCounts& counts,
                                   std::set<std::string>& wake) {
  const std::string feed = one.row.input.feed;
  DecideContext context{snapshot, feed, false, now, policy, {}};
  Prepared prepared;
  prepared.document = std::move(document);
  prepared.identified.id = one.row.input.id;
  prepared.identified.change = feeds::ItemChange::fresh;
  prepared.matches = std::move(one.matches);
  const rules::RuleDef& first = snapshot.rules.rules()[prepared.matches.front().rule];
  context.past =
      DecideContext::Past{one.row.first_seen, first.policy.catch_up.value_or(Span::zero())};
  // It may have been merged or split since the row was read.
  std::string story = stories.story_of(one.row.input.id);
  if (!story.empty()) one.row.placement.story = std::move(story);
  decide_past(context, prepared, std::move(one.row), book, changes, wake, counts);
}

// In the caller's turn, and as of one moment: they are told as one digest.
asio::awaitable<Commit> Engine::Impl::decide_those_past(std::shared_ptr<const Snapshot> snapshot,
                                                        std::vector<PastMatch> given,
                                                        DecideCounts& counts,
                                                        std::set<std::string>& wake) {
  const auto past = std::make_shared<std::vector<PastMatch>>(std::move(given));
  const Instant now = clock.now();
  Commit changes;
  for (std::size_t from = 0; from < past->size(); from += past_piece) {
    const std::size_t until = std::min(from + past_piece, past->size());
    auto work = [past, from, until] { return documents_of(*past, from, until); };
    Documents documents = co_await offload(pool, std::move(work));
    for (std::size_t i = from; i < until; ++i) {
      decide_one_past(*snapshot, (*past)[i], std::move(documents[i - from]), now, changes, counts,
                      wake);
    }
  }
  co_return changes;
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
  Commit changes;
  // Memory is not built anew while it holds what is not on its way to the store yet. If another's
  // commit fails meanwhile, this one fails as well.
  ++uncommitted;
  try {
    changes = co_await decide_those_past(snapshot, std::move(past), counts, wake);
  } catch (...) {  // no memory, say
    --uncommitted;
    distrust_memory();
    throw;
  }
  --uncommitted;
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
