#include "daemon/store/writer.h"

#include "daemon/store/packed_reports.h"
#include "daemon/store/prune.h"

namespace wirewatch::daemon {
namespace {

constexpr const char* feed_sql = R"sql(
INSERT INTO feeds (key, name, title, etag, last_modified, body_hash, next_due, last_poll,
  last_success, last_change, last_unconditional, failures, failure, moved_to, moved_count, learned,
  baseline_done, paused, interval, ttl, url, price, catch_up, skip_hours, skip_days, shown, gaps,
  last_gap, stale_since)
VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24,?25,
  ?26,?27,?28,?29)
ON CONFLICT (key) DO UPDATE SET name=?2, title=?3, etag=?4, last_modified=?5, body_hash=?6,
  next_due=?7, last_poll=?8, last_success=?9, last_change=?10, last_unconditional=?11,
  failures=?12, failure=?13, moved_to=?14, moved_count=?15, learned=?16, baseline_done=?17,
  paused=?18, interval=?19, ttl=?20, url=?21, price=?22, catch_up=?23, skip_hours=?24,
  skip_days=?25, shown=?26, gaps=?27, last_gap=?28, stale_since=?29
)sql";

constexpr const char* item_sql = R"sql(
INSERT INTO items (id, feed, revision, change, guid_key, link_key, content_key, first_seen,
  last_seen, reason, sketch)
VALUES (?1, (SELECT row FROM feeds WHERE key=?2), ?3,?4,?5,?6,?7,?8,?9,?10,?11)
ON CONFLICT (id) DO UPDATE SET revision=?3, change=?4, guid_key=?5, link_key=?6, content_key=?7,
  last_seen=max(last_seen, ?9), reason=?10, sketch=?11
)sql";

constexpr const char* key_sql = R"sql(
INSERT INTO seen_keys (feed, kind, key, item)
SELECT feed, ?2, ?3, row FROM items WHERE id=?1 ON CONFLICT DO NOTHING
)sql";

constexpr const char* document_sql = R"sql(
INSERT INTO documents (item, revision, feed, source, url, language, title, time, first_seen,
  baseline, story, copy_group, relation, of_item, similarity, bytes, authors, categories,
  feed_tags, why, mentions, trace, text)
VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23)
ON CONFLICT (item, revision) DO UPDATE SET feed=?3, source=?4, url=?5, language=?6, title=?7,
  time=?8, first_seen=?9, baseline=?10, story=?11, copy_group=?12, relation=?13, of_item=?14,
  similarity=?15, bytes=?16, authors=?17, categories=?18, feed_tags=?19, why=?20, mentions=?21,
  trace=?22, text=?23
)sql";

constexpr const char* features_sql = R"sql(
INSERT INTO story_features (document, features)
SELECT row, ?3 FROM documents WHERE item=?1 AND revision=?2
ON CONFLICT (document) DO UPDATE SET features=excluded.features
)sql";

constexpr const char* merge_sql = R"sql(
INSERT INTO merged_stories VALUES (?1, ?2, ?3)
ON CONFLICT (story) DO UPDATE SET into_story=?2, merged=?3
)sql";

constexpr const char* alert_sql = R"sql(
INSERT INTO alerts (id, rule, story, sequence, revision, created, updated, severity, headline, url,
  reason, sources, copy_groups, items, view, scope, clauses, heard)
VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18)
ON CONFLICT (id) DO UPDATE SET rule=?2, story=?3, sequence=?4, revision=?5, created=?6, updated=?7,
  severity=?8, headline=?9, url=?10, reason=?11, sources=?12, copy_groups=?13, items=?14,
  view=?15, scope=?16, clauses=?17, heard=?18
)sql";

constexpr const char* delivery_sql = R"sql(
INSERT INTO deliveries (id, alert, revision, receiver, state, attempts, created, next_attempt,
  finished, answer, payload, feed)
VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,
  CASE ?12 WHEN '' THEN 0 ELSE coalesce((SELECT row FROM feeds WHERE key=?12), 0) END)
ON CONFLICT (id) DO NOTHING
)sql";

constexpr const char* mark_sql = R"sql(
UPDATE deliveries SET state=?2, attempts=?3, next_attempt=?4, finished=?5, answer=?6,
  handle=?7, unanswered=?8 WHERE id=?1
)sql";

constexpr const char* subscription_sql = R"sql(
INSERT OR REPLACE INTO subscriptions (token, feed, hub, topic, callback, secret, state, awaiting,
  expires, next_step, last_push, failures, reason, trusted)
VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)
)sql";

// An item whose text changes at every poll would collect keys for ever: beyond this many of a
// kind, the old ones go and the new one stays.
constexpr std::int64_t keys_per_item = 64;

}  // namespace

Writer::Writer(Connection& connection)
    : connection_(connection),
      feed_(connection, feed_sql),
      feed_known_(connection, "INSERT INTO feeds (key) VALUES (?1) ON CONFLICT DO NOTHING"),
      item_known_(connection,
                  "SELECT last_seen, guid_key, link_key, content_key FROM items WHERE id=?1"),
      item_seen_(connection, "UPDATE items SET last_seen=max(last_seen, ?2) WHERE id=?1"),
      item_renewed_(connection, "UPDATE items SET content_key=?2 WHERE id=?1"),
      item_(connection, item_sql),
      key_(connection, key_sql),
      keys_held_(connection,
                 "SELECT count(*) FROM seen_keys WHERE kind=?2 AND "
                 "item=(SELECT row FROM items WHERE id=?1)"),
      keys_dropped_(connection,
                    "DELETE FROM seen_keys WHERE kind=?2 AND key<>?3 AND "
                    "key<>(SELECT CASE ?2 WHEN 0 THEN guid_key WHEN 1 THEN link_key ELSE "
                    "content_key END FROM items WHERE id=?1) AND "
                    "item=(SELECT row FROM items WHERE id=?1)"),
      document_(connection, document_sql),
      features_(connection, features_sql),
      merge_documents_(connection, "UPDATE documents SET story=?2 WHERE story=?1"),
      merge_earlier_(connection, "UPDATE merged_stories SET into_story=?2 WHERE into_story=?1"),
      merge_(connection, merge_sql),
      moved_document_(connection, "UPDATE documents SET story=?2 WHERE item=?1"),
      moved_merge_(connection,
                   "UPDATE merged_stories SET into_story=?2 WHERE story=?1 AND into_story=?3"),
      begun_(connection, "DELETE FROM merged_stories WHERE story=?1"),
      alert_(connection, alert_sql),
      delivery_(connection, delivery_sql),
      mark_(connection, mark_sql),
      payload_(connection, "UPDATE deliveries SET payload=?2 WHERE id=?1"),
      subscription_(connection, subscription_sql),
      subscription_ended_(connection, "DELETE FROM subscriptions WHERE token=?1"),
      note_(connection,
            "INSERT INTO receiver_notes VALUES (?1, ?2) ON CONFLICT (receiver) DO UPDATE SET "
            "note=?2"),
      waiting_(connection),
      policy_(connection) {}

void Writer::apply(const Commit& commit) {
  for (const FeedRow& row : commit.feeds) write(row);
  // Mostly the items of the one feed that is written with them.
  const std::string* feed = commit.feeds.empty() ? nullptr : &commit.feeds.back().key;
  for (const ItemRow& row : commit.items) {
    if (row.change == feeds::ItemChange::seen && note_seen(row)) continue;
    if (feed == nullptr || *feed != row.feed) feed_known_.bind(row.feed).execute();
    feed = &row.feed;
    write(row);
  }
  for (const DocumentRow& row : commit.documents) write(row);
  for (const MoveRow& row : commit.moves) write(row);
  for (const AlertRow& row : commit.alerts) write(row);
  for (const DeliveryRow& row : commit.deliveries) write(row);
  for (const DeliveryMark& row : commit.marks) write(row);
  for (const SubscriptionRow& row : commit.subscriptions) write(row);
  for (const std::string& token : commit.subscriptions_ended) {
    subscription_ended_.bind(token).execute();
  }
  policy_.apply(commit);
  waiting_.apply(commit, zstd_);
  for (const ReceiverNote& row : commit.receiver_notes) {
    note_.bind(row.receiver, row.note).execute();
  }
}

void Writer::write(const FeedRow& row) {
  const feeds::PollState& state = row.state;
  const std::string learned = feeds::pack_rhythm(state.rhythm);
  feed_
      .bind(row.key, row.name, row.title, Blob{state.etag}, Blob{state.last_modified},
            state.body_hash, state.next_due, state.last_poll, state.last_success, state.last_change,
            state.last_unconditional, state.failures, state.failure, state.moved_to,
            state.moved_count, Blob{learned}, state.baseline_done, state.paused, state.interval,
            state.ttl, state.url, state.price, state.catch_up, state.skip_hours,
            static_cast<std::uint32_t>(state.skip_days), state.shown, state.gaps, state.last_gap,
            state.stale_since)
      .execute();
}

// Most items of most documents were there before, under the same keys: they must not cost a write
// each, as the items of a document lie on as many pages. False: the store does not know it.
bool Writer::note_seen(const ItemRow& row) {
  bool known = false;
  Instant last_seen{};
  feeds::ItemKeys keys;
  item_known_.bind(row.id).for_each([&] {
    known = true;
    last_seen = item_known_.instant(0);
    keys = {item_known_.as<std::uint64_t>(1), item_known_.as<std::uint64_t>(2),
            item_known_.as<std::uint64_t>(3)};
  });
  if (!known) return false;
  // Later than that its keys may have been pruned: all are written again.
  const bool lately = row.last_seen - last_seen < last_seen_lags;
  if (!lately) item_seen_.bind(row.id, row.last_seen).execute();
  if (!lately || row.keys.guid != keys.guid) add_key(row, 0, row.keys.guid);
  if (!lately || row.keys.link != keys.link) add_key(row, 1, row.keys.link);
  if (!lately || row.keys.content != keys.content) add_key(row, 2, row.keys.content);
  if (row.keys.former == keys.content) item_renewed_.bind(row.id, row.keys.content).execute();
  return true;
}

void Writer::write(const ItemRow& row) {
  item_
      .bind(row.id, row.feed, row.revision, static_cast<int>(row.change), row.keys.guid,
            row.keys.link, row.keys.content, row.first_seen, row.last_seen, row.reason,
            Blob{pack(row.sketch)})
      .execute();
  add_key(row, 0, row.keys.guid);
  add_key(row, 1, row.keys.link);
  add_key(row, 2, row.keys.content);
}

void Writer::add_key(const ItemRow& row, int kind, std::uint64_t key) {
  if (key == 0) return;
  key_.bind(row.id, kind, key).execute();
  // A fresh item had none before: there is nothing to count.
  if (row.change == feeds::ItemChange::fresh || connection_.changes() == 0) return;
  std::int64_t held = 0;
  keys_held_.bind(row.id, kind).for_each([&] { held = keys_held_.integer(0); });
  if (held > keys_per_item) keys_dropped_.bind(row.id, kind, key).execute();
}

void Writer::write(const DocumentRow& row) {
  const feeds::DocumentInput& input = row.input;
  const feeds::Placement& placement = row.placement;
  const std::string authors = pack(input.authors);
  const std::string categories = pack(input.categories);
  const std::string tags = pack(input.feed_tags);
  const std::string why = pack(placement.why);
  const std::string mentions = pack(row.mentions);
  const std::string trace = zstd_.compress(row.trace);
  const std::string text = zstd_.compress(input.text);
  constexpr std::size_t numbers_and_indexes = 200;
  const std::size_t bytes = numbers_and_indexes + 2 * input.id.size() + input.feed.size() +
                            input.source.size() + input.url.size() + input.title.size() +
                            2 * placement.story.size() + authors.size() + categories.size() +
                            tags.size() + why.size() + mentions.size() + trace.size() +
                            text.size() + row.features.size();
  document_
      .bind(input.id, row.revision, input.feed, input.source, input.url, input.language,
            input.title, input.time, row.first_seen, row.baseline, placement.story,
            placement.copy_group, static_cast<int>(placement.relation), placement.of,
            placement.similarity, bytes, Blob{authors}, Blob{categories}, Blob{tags}, Blob{why},
            Blob{mentions}, Blob{trace}, Blob{text})
      .execute();
  if (!row.features.empty()) features_.bind(input.id, row.revision, Blob{row.features}).execute();
}

void Writer::write(const MoveRow& row) {
  if (row.documents.empty()) {
    merge_documents_.bind(row.from, row.into).execute();
    merge_earlier_.bind(row.from, row.into).execute();
    merge_.bind(row.from, row.into, row.time).execute();
    return;
  }
  begun_.bind(row.into).execute();
  for (const std::string& document : row.documents) {
    moved_document_.bind(document, row.into).execute();
    // If it began a story that was merged, the id of that leads to where it is now.
    moved_merge_.bind(document, row.into, row.from).execute();
  }
}

void Writer::write(const AlertRow& row) {
  const rules::AlertState& state = row.state;
  alert_
      .bind(state.id, state.rule, state.story, state.sequence, state.revision, row.created,
            row.updated, row.severity, row.headline, row.url, row.reason, Blob{pack(state.sources)},
            Blob{pack(state.copy_groups)}, Blob{pack(state.reports)}, row.view, state.scope,
            Blob{pack(state.clauses)}, Blob{pack(state.heard)})
      .execute();
}

void Writer::write(const DeliveryRow& row) {
  delivery_
      .bind(row.id, row.alert, row.revision, row.receiver, static_cast<int>(row.state),
            row.attempts, row.created, row.next_attempt, row.finished, row.answer, row.payload,
            row.feed)
      .execute();
  if (connection_.changes() == 0) ++repeated_;
}

void Writer::write(const DeliveryMark& row) {
  mark_
      .bind(row.id, static_cast<int>(row.state), row.attempts, row.next_attempt, row.finished,
            row.answer, row.handle, row.unanswered)
      .execute();
  if (!row.payload.empty()) payload_.bind(row.id, row.payload).execute();
}

void Writer::write(const SubscriptionRow& row) {
  const feeds::Subscription& state = row.state;
  subscription_
      .bind(row.token, row.feed, state.hub, state.topic, state.callback, state.secret,
            static_cast<int>(state.state), state.awaiting, state.expires, state.next_step,
            state.last_push, state.failures, state.reason, state.trusted)
      .execute();
}

}  // namespace wirewatch::daemon
