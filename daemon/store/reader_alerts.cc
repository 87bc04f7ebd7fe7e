// Alerts, deliveries and counts.
#include "daemon/store/delivery_columns.h"
#include "daemon/store/packed_reports.h"
#include "daemon/store/reader_impl.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

// Only what the filter names stands in the query, so that SQLite can choose an index for it; the
// rest keeps its parameter's number.
std::string wanted(bool named, const std::string& condition) {
  return named ? condition : "(" + condition + " OR 1)";
}

std::string json_list(const std::vector<std::string>& texts) {
  JsonWriter json;
  json.begin_array();
  for (const std::string& text : texts) json.value(text);
  json.end_array();
  return json.take();
}

const std::string alert_columns =
    "SELECT id, rule, story, sequence, revision, created, updated, severity, headline, url, "
    "reason, sources, copy_groups, items, view, scope, clauses, heard FROM alerts ";

AlertRow alert_of(const Statement& row) {
  AlertRow alert;
  rules::AlertState& state = alert.state;
  state.id = row.text(0);
  state.rule = row.text(1);
  state.story = row.text(2);
  state.sequence = row.as<std::uint32_t>(3);
  state.revision = row.as<std::uint32_t>(4);
  alert.created = row.instant(5);
  alert.updated = row.instant(6);
  alert.severity = row.text(7);
  alert.headline = row.text(8);
  alert.url = row.text(9);
  alert.reason = row.text(10);
  state.sources = unpack_list(row.text(11));
  state.copy_groups = unpack_list(row.text(12));
  state.reports = unpack_reports(row.text(13));
  alert.view = row.text(14);
  state.scope = row.text(15).empty() ? state.story : row.text(15);
  state.clauses = unpack_list(row.text(16));
  state.heard = unpack_heard(row.text(17));
  for (const auto severity : {rules::AlertSeverity::low, rules::AlertSeverity::normal,
                              rules::AlertSeverity::high, rules::AlertSeverity::critical}) {
    if (alert.severity == rules::to_string(severity)) state.severity = severity;
  }
  return alert;
}

std::vector<AlertRow> all_alerts(Statement& bound) {
  std::vector<AlertRow> rows;
  bound.for_each([&] { rows.push_back(alert_of(bound)); });
  return rows;
}

}  // namespace

std::vector<DeliveryRow> all_deliveries(Statement& bound) {
  std::vector<DeliveryRow> rows;
  bound.for_each([&] {
    DeliveryRow& delivery = rows.emplace_back();
    delivery.id = bound.text(0);
    delivery.alert = bound.text(1);
    delivery.revision = bound.as<std::uint32_t>(2);
    delivery.receiver = bound.text(3);
    delivery.state = static_cast<DeliveryState>(bound.integer(4));
    delivery.attempts = bound.as<std::uint32_t>(5);
    delivery.created = bound.instant(6);
    delivery.next_attempt = bound.instant(7);
    delivery.finished = bound.maybe_instant(8);
    delivery.answer = bound.text(9);
    delivery.payload = bound.text(10);
    delivery.handle = bound.text(11);
    delivery.unanswered = bound.as<std::uint32_t>(12);
    delivery.feed = bound.text(13);
  });
  return rows;
}

std::string_view to_string(DeliveryState state) {
  switch (state) {
    case DeliveryState::pending:
      return "pending";
    case DeliveryState::delivered:
      return "delivered";
    case DeliveryState::dead:
      return "dead";
    case DeliveryState::held:
      return "held";
    case DeliveryState::collected:
      return "collected";
    case DeliveryState::absorbed:
      return "absorbed";
  }
  return "unknown";
}

std::vector<AlertRow> Reader::alerts(const AlertFilter& filter) {
  const std::string where =
      "WHERE " + wanted(!filter.rules.empty(), "rule IN (SELECT value FROM json_each(?1))") +
      " AND " + wanted(!filter.story.empty(), "story=?2") + " AND " +
      wanted(filter.since.has_value(), "created >= ?3") +
      " AND revision >= " + (filter.waiting ? "0" : "1");
  return all_alerts(
      impl_->statement(alert_columns + where + " ORDER BY created DESC, row DESC LIMIT ?4")
          .bind(json_list(filter.rules), filter.story, filter.since, filter.limit));
}

std::optional<AlertRow> Reader::alert(const std::string& id) {
  if (id.empty()) return std::nullopt;
  // Every id that begins with `id` sorts from it up to, not including, its successor in bytes.
  std::string after = id;
  while (!after.empty() && static_cast<unsigned char>(after.back()) == 0xff) after.pop_back();
  if (after.empty()) return std::nullopt;
  after.back() = static_cast<char>(static_cast<unsigned char>(after.back()) + 1);
  std::vector<AlertRow> found =
      all_alerts(impl_->statement(alert_columns + "WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT 2")
                     .bind(id, after));
  if (found.empty() || (found.size() > 1 && found.front().state.id != id)) return std::nullopt;
  return std::move(found.front());
}

std::vector<std::string> Reader::stories_with_alerts() {
  std::vector<std::string> stories;
  Statement& row = impl_->statement("SELECT DISTINCT story FROM alerts");
  row.for_each([&] { stories.push_back(row.text(0)); });
  return stories;
}

std::vector<AlertRow> Reader::open_alerts(Instant since) {
  return all_alerts(impl_
                        ->statement(alert_columns +
                                    "WHERE row IN (SELECT row FROM alerts INDEXED BY alerts_times "
                                    "WHERE updated >= ?1) ORDER BY row")
                        .bind(since));
}

std::vector<DeliveryRow> Reader::deliveries(const DeliveryFilter& filter) {
  // Written out, so that the index of its state alone fits.
  const int number = static_cast<int>(filter.state.value_or(DeliveryState::pending));
  const std::string state = "state=" + std::to_string(number) + " AND ?3 IS NOT NULL";
  const std::string where = "WHERE " + wanted(!filter.alert.empty(), "alert=?1") + " AND " +
                            wanted(!filter.receiver.empty(), "receiver=?2") + " AND " +
                            wanted(filter.state.has_value(), state) + " AND " +
                            wanted(filter.since.has_value(), "created >= ?4") + " AND " +
                            wanted(filter.until.has_value(), "created <= ?5") + " AND " +
                            wanted(!filter.id.empty(), "substr(id, 1, length(?7)) = ?7");
  // `+row` keeps SQLite from walking through all that was ever sent to find it in order.
  const bool few = filter.state == DeliveryState::pending;
  const std::string order = few ? " ORDER BY +row LIMIT ?6" : " ORDER BY row LIMIT ?6";
  return all_deliveries(impl_->statement(delivery_columns + where + order)
                            .bind(filter.alert, filter.receiver, number, filter.since, filter.until,
                                  filter.limit, filter.id));
}

std::vector<DeliveryRow> Reader::pending(const std::string& receiver, std::size_t limit) {
  return all_deliveries(impl_
                            ->statement(std::string(delivery_columns) +
                                        "WHERE receiver=?1 AND state=0 ORDER BY row LIMIT ?2")
                            .bind(receiver, limit));
}

DueDeliveries Reader::due(const std::string& receiver, Instant now, std::size_t limit) {
  constexpr Span longest_wait = std::chrono::hours(48);
  Transaction snapshot(impl_->connection, Transaction::Mode::read);
  DueDeliveries due;
  due.rows = all_deliveries(
      impl_
          ->statement(std::string(delivery_columns) +
                      "WHERE receiver=?1 AND state=0 AND (attempts=0 OR next_attempt<=?2 OR "
                      "next_attempt>?3) ORDER BY row LIMIT ?4")
          .bind(receiver, now, now + longest_wait, limit));
  Statement& next = impl_->statement(
      "SELECT min(next_attempt) FROM deliveries WHERE receiver=?1 AND state=0 AND attempts>0 AND "
      "next_attempt>?2 AND next_attempt<=?3");
  next.bind(receiver, now, now + longest_wait).for_each([&] { due.next = next.maybe_instant(0); });
  return due;
}

std::vector<AlertRow> Reader::alerts_in_digest(const std::string& digest) {
  if (digest.size() < digest_name_size) return {};
  // Its members were finished in the moment in which it was made.
  return all_alerts(
      impl_
          ->statement(
              alert_columns +
              "WHERE id IN (SELECT alert FROM deliveries WHERE state=5 AND finished=(SELECT "
              "created FROM deliveries WHERE id>=?1 AND id<?1||'~' LIMIT 1) AND answer=?2) "
              "ORDER BY created, row")
          .bind(digest, told_in_digest(digest)));
}

FollowUp Reader::follow_up(const std::string& alert, const std::string& receiver,
                           Instant known_since) {
  FollowUp found;
  Statement& first = impl_->statement(
      "SELECT handle FROM deliveries WHERE alert=?1 AND receiver=?2 AND state=1 AND handle<>'' "
      "ORDER BY revision LIMIT 1");
  first.bind(alert, receiver).for_each([&] { found.first = first.text(0); });
  Statement& told = impl_->statement(
      "SELECT coalesce(min(CASE WHEN kept THEN revision END), 0), "
      "coalesce(min(CASE WHEN kept THEN NULL ELSE revision END), 0) FROM (SELECT revision, "
      "state=5 AND answer NOT LIKE ?3 AS kept FROM deliveries WHERE alert=?1 AND receiver=?2)");
  told.bind(alert, receiver, told_in_digest({}) + "%").for_each([&] {
    found.first_kept = told.as<std::uint32_t>(0);
    found.first_told = told.as<std::uint32_t>(1);
  });
  Statement& others = impl_->statement(
      "SELECT coalesce(min(revision), 0) FROM deliveries WHERE alert=?1 AND receiver<>?2 "
      "AND created>=?3");
  others.bind(alert, receiver, known_since).for_each([&] {
    found.first_elsewhere = others.as<std::uint32_t>(0);
  });
  Statement& note = impl_->statement("SELECT note FROM receiver_notes WHERE receiver=?1");
  note.bind(receiver).for_each([&] { found.note = note.text(0); });
  return found;
}

std::vector<std::pair<std::string, std::uint64_t>> Reader::pending_by_receiver() {
  std::vector<std::pair<std::string, std::uint64_t>> counts;
  Statement& row = impl_->statement(
      "SELECT receiver, count(*) FROM deliveries WHERE state=0 GROUP BY receiver ORDER BY 1");
  row.bind().for_each([&] { counts.emplace_back(row.text(0), row.as<std::uint64_t>(1)); });
  return counts;
}

StoreCounts Reader::counts() {
  Transaction snapshot(impl_->connection, Transaction::Mode::read);
  const auto number = [this](const char* sql) {
    Statement& row = impl_->statement(sql);
    std::uint64_t value = 0;
    row.bind().for_each([&] { value = row.as<std::uint64_t>(0); });
    return value;
  };
  StoreCounts counts;
  counts.feeds = number("SELECT count(*) FROM feeds");
  counts.items = number("SELECT count(*) FROM items");
  counts.documents = number("SELECT count(*) FROM documents");
  counts.stories = number("SELECT count(DISTINCT story) FROM documents");
  counts.alerts = number("SELECT count(*) FROM alerts");
  counts.pending = number("SELECT count(*) FROM deliveries WHERE state=0");
  counts.delivered =
      number("SELECT count(*) FROM deliveries WHERE finished IS NOT NULL AND state=1");
  counts.dead = number("SELECT count(*) FROM deliveries WHERE state=2");
  counts.held = number("SELECT count(*) FROM deliveries WHERE state IN (3, 4)");
  // The answer is that of the row with the maximum (SQLite's rule for such a column).
  Statement& row = impl_->statement(
      "SELECT receiver, sum(state=0), sum(state=2), answer, max(iif(answer='', 0, row)) FROM "
      "(SELECT receiver, state, answer, row FROM deliveries WHERE state=0 UNION ALL "
      "SELECT receiver, state, answer, row FROM deliveries WHERE state=2) "
      "GROUP BY receiver ORDER BY receiver");
  row.bind().for_each([&] {
    counts.receivers.push_back(
        {row.text(0), row.as<std::uint64_t>(1), row.as<std::uint64_t>(2), row.text(3)});
  });
  return counts;
}

}  // namespace wirewatch::daemon
