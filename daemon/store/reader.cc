// Feeds, items and documents. Alerts and deliveries are in reader_alerts.cc.
#include "daemon/store/reader.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <limits>

#include "daemon/store/reader_impl.h"
#include "daemon/store/schema.h"

namespace wirewatch::daemon {
namespace {

std::string placed_columns() {
  return "item, revision, feed, source, url, language, title, time, first_seen, baseline, story, "
         "copy_group, relation, of_item, similarity, authors, categories, feed_tags, why, "
         "mentions, trace, text, row";
}

}  // namespace

Statement& Reader::Impl::documents(const std::string& where) {
  return statement("SELECT " + placed_columns() + " FROM documents " + where);
}

DocumentRow Reader::Impl::document(const Statement& row) {
  DocumentRow document;
  feeds::DocumentInput& input = document.input;
  feeds::Placement& placement = document.placement;
  input.id = row.text(0);
  document.revision = row.as<std::uint32_t>(1);
  input.feed = row.text(2);
  input.source = row.text(3);
  input.url = row.text(4);
  input.language = row.text(5);
  input.title = row.text(6);
  input.time = row.instant(7);
  document.first_seen = row.instant(8);
  document.baseline = row.integer(9) != 0;
  placement.story = row.text(10);
  placement.copy_group = row.text(11);
  placement.relation = static_cast<feeds::Relation>(row.integer(12));
  placement.of = row.text(13);
  placement.similarity = row.real(14);
  input.authors = unpack_list(row.text(15));
  input.categories = unpack_list(row.text(16));
  input.feed_tags = unpack_list(row.text(17));
  placement.why = unpack_list(row.text(18));
  document.mentions = unpack_mentions(row.text(19));
  document.trace = zstd.decompress(row.text(20));
  input.text = zstd.decompress(row.text(21));
  return document;
}

std::vector<DocumentRow> Reader::Impl::all_documents(Statement& bound) {
  std::vector<DocumentRow> rows;
  bound.for_each([&] { rows.push_back(document(bound)); });
  return rows;
}

Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::~Reader() = default;

Result<std::unique_ptr<Reader>> Reader::open(const std::string& folder) {
  const std::string path = folder + "/wirewatch.db";
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    if (error == std::errc::permission_denied) {
      return Error{ErrorKind::refused,
                   fmt::format("the state folder \"{}\" cannot be looked into: {}; ask as its "
                               "owner, or with sudo",
                               folder, error.message())};
    }
    return Error{ErrorKind::not_found,
                 fmt::format("there is no database \"{}\"{}: \"wirewatch run\" makes it", path,
                             error ? " (" + error.message() + ")" : "")};
  }
  // Where the folder cannot be written, SQLite cannot make its shared memory; but then a database
  // without a log has no writer either.
  const bool writable = ::access(folder.c_str(), W_OK) == 0;
  const bool logged = std::filesystem::exists(path + "-wal", error);
  try {
    auto impl =
        std::make_unique<Impl>(path, writable || logged ? Access::read_only : Access::immutable);
    impl->connection.run("PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000");
    check_schema(impl->connection, migrations());
    return std::unique_ptr<Reader>(new Reader(std::move(impl)));
  } catch (const StoreFailure& failure) {
    return failure.error();
  }
}

std::vector<FeedRow> Reader::feeds() {
  Statement& row = impl_->statement(
      "SELECT key, name, title, etag, last_modified, body_hash, next_due, last_poll, last_success, "
      "last_change, last_unconditional, failures, failure, moved_to, moved_count, learned, "
      "baseline_done, paused, interval, ttl, url, price, catch_up, skip_hours, skip_days, shown, "
      "gaps, last_gap, stale_since FROM feeds ORDER BY row");
  std::vector<FeedRow> rows;
  row.bind().for_each([&] {
    FeedRow feed{row.text(0), row.text(1), row.text(2), {}};
    feeds::PollState& state = feed.state;
    state.etag = row.text(3);
    state.last_modified = row.text(4);
    state.body_hash = row.text(5);
    state.next_due = row.instant(6);
    state.last_poll = row.instant(7);
    state.last_success = row.instant(8);
    state.last_change = row.instant(9);
    state.last_unconditional = row.instant(10);
    state.failures = row.as<std::uint32_t>(11);
    state.failure = row.text(12);
    state.moved_to = row.text(13);
    state.moved_count = row.as<std::uint32_t>(14);
    state.rhythm = feeds::unpack_rhythm(row.text(15));
    state.baseline_done = row.integer(16) != 0;
    state.paused = row.integer(17) != 0;
    state.interval = Span(row.integer(18));
    state.ttl = Span(row.integer(19));
    state.url = row.text(20);
    state.price = row.real(21);
    state.catch_up = Span(row.integer(22));
    state.skip_hours = row.as<std::uint32_t>(23);
    state.skip_days = static_cast<std::uint8_t>(row.as<std::uint32_t>(24));
    state.shown = row.as<std::uint32_t>(25);
    state.gaps = row.as<std::uint32_t>(26);
    state.last_gap = row.instant(27);
    state.stale_since = row.instant(28);
    rows.push_back(std::move(feed));
  });
  return rows;
}

std::optional<ItemRow> Reader::item(const std::string& id) {
  Statement& row = impl_->statement(
      "SELECT i.id, f.key, i.change, i.revision, i.guid_key, i.link_key, i.content_key, i.sketch, "
      "i.reason, i.first_seen, i.last_seen FROM items i JOIN feeds f ON f.row=i.feed "
      "WHERE i.id=?1");
  std::optional<ItemRow> found;
  row.bind(id).for_each([&] {
    ItemRow& item = found.emplace();
    item.id = row.text(0);
    item.feed = row.text(1);
    item.change = static_cast<feeds::ItemChange>(row.integer(2));
    item.revision = row.as<std::uint32_t>(3);
    item.keys = {row.as<std::uint64_t>(4), row.as<std::uint64_t>(5), row.as<std::uint64_t>(6)};
    item.sketch = unpack_sketch(row.text(7));
    item.reason = row.text(8);
    item.first_seen = row.instant(9);
    item.last_seen = row.instant(10);
  });
  return found;
}

std::vector<DocumentRow> Reader::item_documents(const std::string& item) {
  return impl_->all_documents(impl_->documents("WHERE item=?1 ORDER BY revision").bind(item));
}

std::vector<DocumentRow> Reader::story_documents(const std::string& story) {
  constexpr const char* where =
      "WHERE story=coalesce((SELECT into_story FROM merged_stories WHERE story=?1), ?1) "
      "ORDER BY row";
  return impl_->all_documents(impl_->documents(where).bind(story));
}

std::int64_t Reader::Impl::first_row_since(Instant since) {
  Statement& start = statement(
      "SELECT coalesce(min(row), ?2) FROM documents INDEXED BY documents_times "
      "WHERE first_seen >= ?1 OR time >= ?1");
  std::int64_t first = 0;
  start.bind(since, std::numeric_limits<std::int64_t>::max()).for_each([&] {
    first = start.integer(0);
  });
  return first;
}

void Reader::documents_since(Instant since, const std::function<bool(const DocumentRow&)>& take) {
  std::int64_t next = impl_->first_row_since(since);
  constexpr std::size_t batch = 500;
  Statement& row = impl_->documents(
      "WHERE row >= ?1 AND (first_seen >= ?2 OR time >= ?2) ORDER BY row LIMIT ?3");
  constexpr int row_column = 22;
  for (;;) {
    std::vector<DocumentRow> documents;
    row.bind(next, since, batch).for_each([&] {
      documents.push_back(impl_->document(row));
      next = row.integer(row_column) + 1;
    });
    for (const DocumentRow& document : documents) {
      if (!take(document)) return;
    }
    if (documents.size() < batch) return;
  }
}

// The newest counts by its own date, as in memory; one dated in the future does not.
void Reader::placed(Instant now, Span window, std::size_t least,
                    const std::function<bool(const PlacedRow&)>& take) {
  Statement& dates = impl_->statement("SELECT coalesce(max(time), 0) FROM documents");
  Instant newest = now;
  dates.bind().for_each([&] { newest = std::min(now, dates.instant(0)); });
  std::int64_t next = impl_->first_row_since(newest - window);
  Statement& last = impl_->statement(
      "SELECT coalesce((SELECT row FROM documents ORDER BY row DESC LIMIT 1 OFFSET ?1), 0)");
  if (least > 0) {
    last.bind(least - 1).for_each([&] { next = std::min(next, last.integer(0)); });
  }
  constexpr std::size_t batch = 2000;
  Statement& row = impl_->statement(
      "SELECT row, item, revision, time, story, copy_group, relation, of_item, similarity, "
      "coalesce(features, x'') FROM documents LEFT JOIN story_features ON document=row "
      "WHERE row >= ?1 ORDER BY row LIMIT ?2");
  for (;;) {
    std::vector<PlacedRow> rows;
    row.bind(next, batch).for_each([&] {
      next = row.integer(0) + 1;
      PlacedRow placed;
      placed.item = row.text(1);
      placed.revision = row.as<std::uint32_t>(2);
      placed.time = row.instant(3);
      placed.placement.story = row.text(4);
      placed.placement.copy_group = row.text(5);
      placed.placement.relation = static_cast<feeds::Relation>(row.integer(6));
      placed.placement.of = row.text(7);
      placed.placement.similarity = row.real(8);
      placed.features = row.text(9);
      rows.push_back(std::move(placed));
    });
    for (const PlacedRow& placed : rows) {
      if (!take(placed)) return;
    }
    if (rows.size() < batch) return;
  }
}

std::vector<DocumentRow> Reader::find_items(const std::string& text, std::size_t limit) {
  return impl_->all_documents(
      impl_
          ->documents(
              "AS d WHERE (?1 = '' OR substr(CAST(item AS BLOB), 1, length(CAST(?1 AS BLOB))) = "
              "CAST(?1 AS BLOB) OR instr(lower(url), lower(?1)) > 0 "
              "OR instr(lower(title), lower(?1)) > 0) AND NOT EXISTS (SELECT 1 FROM documents n "
              "WHERE n.item=d.item AND n.revision > d.revision) ORDER BY row DESC LIMIT ?2")
          .bind(text, limit));
}

std::uint64_t Reader::document_bytes() {
  Statement& row = impl_->statement("SELECT coalesce(sum(bytes), 0) FROM documents");
  std::uint64_t bytes = 0;
  row.bind().for_each([&] { bytes = row.as<std::uint64_t>(0); });
  return bytes;
}

}  // namespace wirewatch::daemon
