// What waits, what was noted and what was learned.
#include "daemon/store/reader_impl.h"

namespace wirewatch::daemon {
namespace {

constexpr const char* waiting_columns =
    "SELECT item, revision, edited, what, reason, since, feed, source, url, language, title, time, "
    "authors, categories, feed_tags, text, absent FROM waiting ";

feeds::Fault fault_of(std::int64_t number) {
  constexpr std::int64_t when_set = 256;
  feeds::Fault fault;
  fault.blame = static_cast<std::uint8_t>(number % when_set);
  fault.set = number >= when_set;
  return fault;
}

WaitingRow waiting_row(const Statement& row, Zstd& zstd) {
  WaitingRow waiting;
  feeds::DocumentInput& input = waiting.input;
  input.id = row.text(0);
  waiting.revision = row.as<std::uint32_t>(1);
  waiting.edited = row.integer(2) != 0;
  waiting.what = static_cast<WaitingFor>(row.integer(3));
  waiting.reason = row.text(4);
  waiting.since = row.instant(5);
  input.feed = row.text(6);
  input.source = row.text(7);
  input.url = row.text(8);
  input.language = row.text(9);
  input.title = row.text(10);
  input.time = row.instant(11);
  input.authors = unpack_list(row.text(12));
  input.categories = unpack_list(row.text(13));
  input.feed_tags = unpack_list(row.text(14));
  input.text = zstd.decompress(row.text(15));
  waiting.absent = Span(row.integer(16));
  return waiting;
}

std::vector<WaitingRow> all_waiting(Statement& bound, Zstd& zstd) {
  std::vector<WaitingRow> rows;
  bound.for_each([&] { rows.push_back(waiting_row(bound, zstd)); });
  return rows;
}

}  // namespace

std::vector<WaitingEntry> Reader::waiting_entries() {
  Statement& row = impl_->statement(
      "SELECT item, feed, revision, edited, what, since, absent FROM waiting ORDER BY row");
  std::vector<WaitingEntry> entries;
  row.bind().for_each([&] {
    WaitingEntry entry;
    entry.item = row.text(0);
    entry.feed = row.text(1);
    entry.revision = row.as<std::uint32_t>(2);
    entry.edited = row.integer(3) != 0;
    entry.what = static_cast<WaitingFor>(row.integer(4));
    entry.since = row.instant(5);
    entry.absent = Span(row.integer(6));
    entries.push_back(std::move(entry));
  });
  return entries;
}

std::vector<WaitingRow> Reader::waiting(WaitingFor what, const std::string& feed,
                                        std::size_t limit) {
  Statement& row =
      impl_->statement(std::string(waiting_columns) +
                       "WHERE what=?1 AND (?2 = '' OR feed=?2) ORDER BY waiting.row LIMIT ?3");
  return all_waiting(row.bind(static_cast<int>(what), feed, limit), impl_->zstd);
}

std::vector<WaitingRow> Reader::find_waiting(const std::string& text, std::size_t limit) {
  Statement& row = impl_->statement(
      std::string(waiting_columns) +
      "WHERE ?1 = '' OR substr(item, 1, length(?1)) = ?1 OR instr(lower(url), lower(?1)) > 0 "
      "OR instr(lower(title), lower(?1)) > 0 ORDER BY waiting.row DESC LIMIT ?2");
  return all_waiting(row.bind(text, limit), impl_->zstd);
}

std::vector<std::string> Reader::notes(const std::string& item, std::uint32_t revision) {
  Statement& row = impl_->statement("SELECT notes FROM item_notes WHERE item=?1 AND revision=?2");
  std::vector<std::string> notes;
  row.bind(item, revision).for_each([&] { notes = unpack_list(row.text(0)); });
  return notes;
}

feeds::Publisher Reader::publisher(const std::string& feed) {
  Statement& row = impl_->statement(
      "SELECT guid_shared, guid_unsteady, link_shared, link_unsteady, dates_lie, documents, "
      "last_document, newest, shown, largest, per_hour, dates FROM publishers WHERE feed=?1");
  feeds::Publisher publisher;
  row.bind(feed).for_each([&] {
    publisher.guid_shared = fault_of(row.integer(0));
    publisher.guid_unsteady = fault_of(row.integer(1));
    publisher.link_shared = fault_of(row.integer(2));
    publisher.link_unsteady = fault_of(row.integer(3));
    publisher.dates_lie = fault_of(row.integer(4));
    publisher.documents = row.as<std::uint32_t>(5);
    publisher.last_document = row.instant(6);
    publisher.newest = row.instant(7);
    publisher.shown = row.as<std::uint32_t>(8);
    publisher.largest = row.real(9);
    publisher.per_hour = row.real(10);
    publisher.dates = unpack_dates(row.text(11));
  });
  return publisher;
}

std::vector<feeds::TextSketch> Reader::recent_texts(const std::string& feed, std::size_t limit) {
  Statement& row = impl_->statement(
      "SELECT sketch FROM items WHERE row IN (SELECT DISTINCT item FROM seen_keys WHERE "
      "feed=(SELECT row FROM feeds WHERE key=?1) AND kind=2 ORDER BY item DESC LIMIT ?2)");
  std::vector<feeds::TextSketch> sketches;
  row.bind(feed, limit).for_each([&] { sketches.push_back(unpack_sketch(row.text(0))); });
  return sketches;
}

}  // namespace wirewatch::daemon
