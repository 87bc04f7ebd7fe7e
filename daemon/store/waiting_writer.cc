#include "daemon/store/waiting_writer.h"

#include <unordered_map>

namespace wirewatch::daemon {
namespace {

// REPLACE gives a newer revision a new row: it waits behind what came before it.
constexpr const char* waiting_sql = R"sql(
INSERT OR REPLACE INTO waiting (item, revision, edited, what, reason, since, feed, source, url,
  language, title, time, authors, categories, feed_tags, text, absent)
VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17)
)sql";

constexpr const char* publisher_sql = R"sql(
INSERT OR REPLACE INTO publishers (feed, guid_shared, guid_unsteady, link_shared, link_unsteady,
  dates_lie, documents, last_document, newest, shown, largest, per_hour, dates)
VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)
)sql";

// A row without state, left by an item that was decided under an earlier key.
constexpr const char* unused_sql = R"sql(
DELETE FROM feeds WHERE key=?1 AND baseline_done=0
  AND NOT EXISTS (SELECT 1 FROM seen_keys WHERE seen_keys.feed=feeds.row)
)sql";

int number_of(const feeds::Fault& fault) {
  constexpr int when_set = 256;
  return fault.blame + (fault.set ? when_set : 0);
}

}  // namespace

WaitingWriter::WaitingWriter(Connection& connection)
    : gone_(connection, "DELETE FROM waiting WHERE item=?1"),
      waiting_(connection, waiting_sql),
      note_(connection,
            "INSERT OR REPLACE INTO item_notes (item, revision, notes) "
            "VALUES (?1,?2,?3)"),
      publisher_(connection, publisher_sql),
      feed_unused_(connection, unused_sql),
      feed_key_(connection, "UPDATE OR IGNORE feeds SET key=?2 WHERE key=?1"),
      publisher_key_(connection, "UPDATE OR REPLACE publishers SET feed=?2 WHERE feed=?1"),
      waiting_key_(connection, "UPDATE waiting SET feed=?2 WHERE feed=?1"),
      silence_key_(connection, "UPDATE silences SET feed=?2 WHERE feed=?1"),
      subscriptions_(connection, "SELECT token, feed FROM subscriptions"),
      subscription_key_(connection, "UPDATE subscriptions SET feed=?2 WHERE token=?1") {}

void WaitingWriter::apply(const Commit& commit, Zstd& zstd) {
  for (const std::string& item : commit.waited) gone_.bind(item).execute();
  for (const WaitingRow& row : commit.waiting) write(row, zstd);
  for (const NoteRow& row : commit.notes) {
    note_.bind(row.item, row.revision, Blob{pack(row.notes)}).execute();
  }
  for (const PublisherRow& row : commit.publishers) write(row);
  for (const FeedKeyChange& change : commit.feed_keys) write(change);
  move_subscriptions(commit.feed_keys);
}

void WaitingWriter::write(const WaitingRow& row, Zstd& zstd) {
  const feeds::DocumentInput& input = row.input;
  waiting_
      .bind(input.id, row.revision, row.edited, static_cast<int>(row.what), row.reason, row.since,
            input.feed, input.source, input.url, input.language, input.title, input.time,
            Blob{pack(input.authors)}, Blob{pack(input.categories)}, Blob{pack(input.feed_tags)},
            Blob{zstd.compress(input.text)}, row.absent)
      .execute();
}

void WaitingWriter::write(const FeedKeyChange& change) {
  feed_unused_.bind(change.to).execute();
  feed_key_.bind(change.from, change.to).execute();
  publisher_key_.bind(change.from, change.to).execute();
  waiting_key_.bind(change.from, change.to).execute();
  silence_key_.bind(change.from, change.to).execute();
}

// They are found by their tokens: asked for by each of 20,000 feeds, the table would be read as
// often.
void WaitingWriter::move_subscriptions(const std::vector<FeedKeyChange>& changes) {
  if (changes.empty()) return;
  std::unordered_map<std::string, std::vector<std::string>> tokens;  // by feed
  subscriptions_.bind().for_each(
      [&] { tokens[subscriptions_.text(1)].push_back(subscriptions_.text(0)); });
  for (const FeedKeyChange& change : changes) {
    const auto found = tokens.find(change.from);
    if (found == tokens.end() || change.from == change.to) continue;
    std::vector<std::string> moved = std::move(found->second);
    tokens.erase(found);
    for (std::string& token : moved) {
      subscription_key_.bind(token, change.to).execute();
      tokens[change.to].push_back(std::move(token));
    }
  }
}

void WaitingWriter::write(const PublisherRow& row) {
  const feeds::Publisher& publisher = row.publisher;
  publisher_
      .bind(row.feed, number_of(publisher.guid_shared), number_of(publisher.guid_unsteady),
            number_of(publisher.link_shared), number_of(publisher.link_unsteady),
            number_of(publisher.dates_lie), publisher.documents, publisher.last_document,
            publisher.newest, publisher.shown, publisher.largest, publisher.per_hour,
            Blob{pack(publisher.dates)})
      .execute();
}

}  // namespace wirewatch::daemon
