#include "daemon/store/reader.h"
#include "daemon/store/reader_impl.h"

namespace wirewatch::daemon {

std::vector<SubscriptionRow> Reader::subscriptions() {
  std::vector<SubscriptionRow> rows;
  Statement& statement = impl_->statement(
      "SELECT token, feed, hub, topic, callback, secret, state, awaiting, expires, "
      "next_step, last_push, failures, reason, trusted FROM subscriptions");
  statement.bind().for_each([&] {
    SubscriptionRow row;
    row.token = statement.text(0);
    row.feed = statement.text(1);
    feeds::Subscription& state = row.state;
    state.hub = statement.text(2);
    state.topic = statement.text(3);
    state.callback = statement.text(4);
    state.secret = statement.text(5);
    state.state = static_cast<feeds::SubscriptionState>(statement.integer(6));
    state.awaiting = statement.integer(7) != 0;
    state.expires = statement.instant(8);
    state.next_step = statement.instant(9);
    state.last_push = statement.instant(10);
    state.failures = statement.as<std::uint32_t>(11);
    state.reason = statement.text(12);
    state.trusted = statement.integer(13) != 0;
    rows.push_back(std::move(row));
  });
  return rows;
}

}  // namespace wirewatch::daemon
