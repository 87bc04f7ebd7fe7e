#include "daemon/store/prune.h"

#include <vector>

#include "rules/policy/volume.h"

namespace wirewatch::daemon {
namespace {

// A batch holds the writer for a few milliseconds; what waits behind it is an alert.
constexpr int batch = 200;
constexpr std::int64_t item_batch = 2000;

}  // namespace

Pruning::Pruning(Retention retention, Instant now, std::uint64_t document_bytes)
    : now_(now),
      too_old_(now - retention.max_age),
      keys_too_old_(now - keys_kept - last_seen_lags),
      bytes_(document_bytes),
      max_bytes_(retention.max_bytes) {}

bool Pruning::step(Connection& connection) {
  bool more = false;
  switch (stage_) {
    case Stage::old_documents:
      more = old_documents(connection);
      break;
    case Stage::excess_documents:
      more = excess_documents(connection);
      break;
    case Stage::items:
      more = items(connection);
      break;
    case Stage::deliveries:
      more = deliveries(connection);
      break;
    case Stage::alerts:
      more = alerts(connection);
      break;
    case Stage::policies:
      more = policies(connection);
      break;
    case Stage::space:
      more = space(connection);
      break;
    case Stage::done:
      break;
  }
  if (!more && stage_ != Stage::done) stage_ = static_cast<Stage>(static_cast<int>(stage_) + 1);
  return stage_ != Stage::done;
}

bool Pruning::old_documents(Connection& connection) {
  Statement oldest(connection,
                   "SELECT row, bytes FROM documents WHERE first_seen < ?1 ORDER BY first_seen, "
                   "time LIMIT ?2");
  std::vector<std::int64_t> rows;
  std::uint64_t freed = 0;
  oldest.bind(too_old_, batch).for_each([&] {
    rows.push_back(oldest.integer(0));
    freed += oldest.as<std::uint64_t>(1);
  });
  Statement remove(connection, "DELETE FROM documents WHERE row=?1");
  for (const std::int64_t row : rows) remove.bind(row).execute();
  bytes_ -= std::min(bytes_, freed);
  return rows.size() == batch;
}

bool Pruning::excess_documents(Connection& connection) {
  if (bytes_ <= max_bytes_) return false;
  Statement oldest(connection, "SELECT row, bytes FROM documents ORDER BY row LIMIT ?1");
  std::vector<std::int64_t> rows;
  std::uint64_t left = bytes_;
  oldest.bind(batch).for_each([&] {
    if (left <= max_bytes_) return;
    rows.push_back(oldest.integer(0));
    left -= std::min(left, oldest.as<std::uint64_t>(1));
  });
  Statement remove(connection, "DELETE FROM documents WHERE row=?1");
  for (const std::int64_t row : rows) remove.bind(row).execute();
  bytes_ = left;
  return !rows.empty() && bytes_ > max_bytes_;
}

// An item that a feed has not shown for `keys_kept` is forgotten. While the feed itself could not
// be reached, nothing was gone: then the time counts to its last answer, unless the feed is no
// longer polled at all. A feed that answers "not modified", or with the same bytes, still shows the
// items of its last document, which were last seen when that was taken. What waits stays.
bool Pruning::items(Connection& connection) {
  const std::int64_t last = connection.number("SELECT max(row) FROM items");
  if (last_item_ >= last) return false;
  const std::string unseen =
      "row > ?1 AND row <= ?2 AND last_seen < ?3 AND EXISTS (SELECT 1 FROM feeds WHERE "
      "feeds.row=items.feed AND (last_poll < ?3 OR (items.last_seen < last_success - ?4 AND "
      "items.last_seen < coalesce((SELECT last_document FROM publishers WHERE feed=feeds.key), "
      "last_success) - ?5))) AND NOT EXISTS (SELECT 1 FROM waiting WHERE item=items.id)";
  const std::int64_t until = last_item_ + item_batch;
  Statement keys(connection, "DELETE FROM seen_keys WHERE item IN (SELECT row FROM items WHERE " +
                                 unseen + ")");
  keys.bind(last_item_, until, keys_too_old_, keys_kept + last_seen_lags, last_seen_lags).execute();
  // While its document is in the archive, `why` still tells of it.
  Statement gone(connection, "DELETE FROM items WHERE " + unseen +
                                 " AND NOT EXISTS (SELECT 1 FROM documents WHERE item=items.id)");
  gone.bind(last_item_, until, keys_too_old_, keys_kept + last_seen_lags, last_seen_lags).execute();
  last_item_ = until;
  return last_item_ < last;
}

// Dead letters stay: they can be replayed.
bool Pruning::deliveries(Connection& connection) {
  Statement remove(connection,
                   "DELETE FROM deliveries WHERE row IN (SELECT row FROM deliveries WHERE "
                   "finished < ?1 AND state IN (1, 5) LIMIT ?2)");
  remove.bind(too_old_, batch).execute();
  return connection.changes() == batch;
}

// Not while its story may be looked at or something of it is unsent or dead.
bool Pruning::alerts(Connection& connection) {
  Statement remove(
      connection,
      "DELETE FROM alerts WHERE row IN (SELECT row FROM alerts WHERE created < ?1 "
      "AND updated < ?1 AND NOT EXISTS (SELECT 1 FROM documents WHERE story=alerts.story) "
      "AND NOT EXISTS (SELECT 1 FROM deliveries WHERE alert=alerts.id) LIMIT ?2)");
  remove.bind(too_old_, batch).execute();
  return connection.changes() == batch;
}

// What is past says nothing any more: ended silences, hours beyond those that are compared, stories
// without reports, verdicts whose alert is gone.
bool Pruning::policies(Connection& connection) {
  Statement silences(connection, "DELETE FROM silences WHERE until < ?1");
  silences.bind(too_old_).execute();
  Statement hours(connection, "DELETE FROM rule_hours WHERE hour < ?1");
  hours.bind(rules::hour_of(now_) - 2 * rules::RuleVolumes::past_hours).execute();
  connection.run(
      "DELETE FROM followed_stories WHERE NOT EXISTS (SELECT 1 FROM documents WHERE "
      "story=followed_stories.story)");
  connection.run(
      "DELETE FROM verdicts WHERE NOT EXISTS (SELECT 1 FROM alerts WHERE id=verdicts.alert)");
  return false;
}

// Free pages are used again by themselves; only a file that has become much too big is shortened.
bool Pruning::space(Connection& connection) {
  const std::int64_t free = connection.number("PRAGMA freelist_count");
  const std::int64_t all = connection.number("PRAGMA page_count");
  constexpr std::int64_t pages_kept = 1000;
  if (free < pages_kept || free * 4 < all) return false;
  connection.run("PRAGMA incremental_vacuum(500)");
  return connection.number("PRAGMA freelist_count") < free;
}

}  // namespace wirewatch::daemon
