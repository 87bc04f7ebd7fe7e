// What policies remember: silences, followed stories, volumes, held messages, verdicts.
#include "daemon/store/delivery_columns.h"
#include "daemon/store/reader_impl.h"

namespace wirewatch::daemon {

DueDeliveries Reader::due_holds(Instant now, std::size_t limit) {
  Transaction snapshot(impl_->connection, Transaction::Mode::read);
  const Instant latest = now + rules::longest_hold;
  DueDeliveries due;
  due.rows = all_deliveries(
      impl_
          ->statement(std::string(delivery_columns) +
                      // Asked at each commit that holds something, of which there may be very many:
                      // two searches, where OR would walk through the whole index.
                      "WHERE row IN (SELECT row FROM deliveries INDEXED BY deliveries_held "
                      "WHERE state IN (3, 4) AND next_attempt<=?1 UNION ALL "
                      "SELECT row FROM deliveries INDEXED BY deliveries_held "
                      "WHERE state IN (3, 4) AND next_attempt>?3) ORDER BY receiver, row LIMIT ?2")
          .bind(now, limit, latest));
  Statement& next = impl_->statement(
      "SELECT min(next_attempt) FROM deliveries WHERE state IN (3, 4) AND next_attempt>?1 "
      "AND next_attempt<=?2");
  next.bind(now, latest).for_each([&] { due.next = next.maybe_instant(0); });
  return due;
}

std::vector<DeliveryRow> Reader::held_for_later(Instant now, const std::string& after,
                                                std::size_t limit) {
  return all_deliveries(
      impl_
          ->statement(std::string(delivery_columns) +
                      "INDEXED BY deliveries_held WHERE state IN (3, 4) AND state=3 AND "
                      "next_attempt>?1 AND next_attempt<=?4 "
                      "AND row>coalesce((SELECT row FROM deliveries WHERE id=?2), 0) "
                      "ORDER BY row LIMIT ?3")
          .bind(now, after, limit, now + rules::longest_hold));
}

std::optional<AlertPlace> Reader::place_of_alert(const std::string& alert) {
  std::optional<AlertPlace> place;
  Statement& row = impl_->statement(
      "SELECT rule, coalesce((SELECT into_story FROM merged_stories WHERE "
      "merged_stories.story=alerts.story), story) FROM alerts WHERE id=?1");
  row.bind(alert).for_each([&] { place = AlertPlace{row.text(0), row.text(1)}; });
  return place;
}

std::vector<rules::Silence> Reader::silences(Instant now) {
  std::vector<rules::Silence> all;
  Statement& row = impl_->statement(
      "SELECT id, created, until, up_to, rule, story, feed, receiver, comment, who FROM silences "
      "WHERE until>?1 ORDER BY created DESC, id");
  row.bind(now).for_each([&] {
    rules::Silence& silence = all.emplace_back();
    silence.id = row.text(0);
    silence.created = row.instant(1);
    silence.until = row.instant(2);
    silence.up_to = static_cast<rules::AlertSeverity>(row.integer(3));
    silence.rule = row.text(4);
    silence.story = row.text(5);
    silence.feed = row.text(6);
    silence.receiver = row.text(7);
    silence.comment = row.text(8);
    silence.who = row.text(9);
  });
  return all;
}

std::vector<VerdictRow> Reader::verdicts(const std::string& alert) {
  std::vector<VerdictRow> all;
  Statement& row = impl_->statement(
      "SELECT alert, at, good, note, who FROM verdicts WHERE alert=?1 ORDER BY row");
  row.bind(alert).for_each([&] {
    all.push_back({row.text(0), row.instant(1), row.integer(2) != 0, row.text(3), row.text(4)});
  });
  return all;
}

std::vector<JudgedAlert> Reader::judged(Instant since) {
  std::vector<JudgedAlert> all;
  Statement& row = impl_->statement(
      "SELECT v.alert, v.at, v.good, v.note, v.who, a.rule, a.headline FROM verdicts v JOIN alerts "
      "a ON a.id=v.alert WHERE v.at>=?1 ORDER BY v.row DESC");
  row.bind(since).for_each([&] {
    all.push_back({{row.text(0), row.instant(1), row.integer(2) != 0, row.text(3), row.text(4)},
                   row.text(5),
                   row.text(6)});
  });
  return all;
}

std::set<std::string> Reader::known_rules() {
  std::set<std::string> names;
  Statement& row = impl_->statement("SELECT rule FROM known_rules");
  row.bind().for_each([&] { names.insert(row.text(0)); });
  return names;
}

PolicyMemory Reader::policy_memory(Instant now) {
  PolicyMemory memory;
  memory.silences = silences(now);
  Statement& follow = impl_->statement("SELECT story, since, who FROM followed_stories");
  follow.bind().for_each([&] {
    memory.follows.push_back({follow.text(0), follow.instant(1), follow.text(2), false});
  });
  const std::int64_t hour = rules::hour_of(now);
  Statement& hours = impl_->statement(
      "SELECT rule, hour, matched FROM rule_hours WHERE hour>=?1 AND hour<=?2 ORDER BY rule, hour");
  hours.bind(hour - rules::RuleVolumes::past_hours - 1, hour).for_each([&] {
    memory.hours.push_back({hours.text(0), hours.integer(1), hours.as<std::uint32_t>(2)});
  });
  Statement& sent = impl_->statement(
      "SELECT a.rule, d.receiver, d.created FROM deliveries d JOIN alerts a ON a.id=d.alert "
      "WHERE d.created>=?1 AND d.created<=?2 AND d.state<3 ORDER BY d.row");
  sent.bind(now - rules::max_budget_span, now + rules::max_budget_span).for_each([&] {
    memory.sent.push_back({sent.text(0), sent.text(1), sent.instant(2)});
  });
  // What a budget holds back joins its own next digest, not one that gathers for another reason.
  Statement& digest = impl_->statement(
      "SELECT receiver, min(next_attempt) FROM deliveries WHERE state IN (3, 4) AND state=4 "
      "AND answer LIKE 'the budget of %' GROUP BY receiver");
  digest.bind().for_each([&] { memory.digests.emplace_back(digest.text(0), digest.instant(1)); });
  return memory;
}

}  // namespace wirewatch::daemon
