#include "daemon/store/policy_writer.h"

namespace wirewatch::daemon {
namespace {

// A story that is merged takes its silences along: under the old id nobody would look for them.
constexpr const char* silence_sql = R"sql(
INSERT INTO silences VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10) ON CONFLICT (id) DO UPDATE SET
  until=?3, up_to=?4, rule=?5, story=?6, feed=?7, receiver=?8, comment=?9, who=?10
)sql";

constexpr const char* hour_sql = R"sql(
INSERT INTO rule_hours VALUES (?1,?2,?3) ON CONFLICT (rule, hour) DO UPDATE SET matched=matched+?3
)sql";

}  // namespace

PolicyWriter::PolicyWriter(Connection& connection)
    : silence_(connection, silence_sql),
      follow_(connection,
              "INSERT INTO followed_stories VALUES (?1,?2,?3) ON CONFLICT (story) DO UPDATE SET "
              "since=?2, who=?3"),
      unfollow_(connection, "DELETE FROM followed_stories WHERE story=?1"),
      verdict_(connection,
               "INSERT INTO verdicts (alert, at, good, note, who) VALUES (?1,?2,?3,?4,?5)"),
      hour_(connection, hour_sql),
      known_(connection, "INSERT INTO known_rules VALUES (?1,?2) ON CONFLICT DO NOTHING") {}

void PolicyWriter::apply(const Commit& commit) {
  for (const rules::Silence& row : commit.silences) {
    silence_
        .bind(row.id, row.created, row.until, static_cast<int>(row.up_to), row.rule, row.story,
              row.feed, row.receiver, row.comment, row.who)
        .execute();
  }
  for (const FollowRow& row : commit.follows) {
    if (row.end) {
      unfollow_.bind(row.story).execute();
    } else {
      follow_.bind(row.story, row.since, row.who).execute();
    }
  }
  for (const VerdictRow& row : commit.verdicts) {
    verdict_.bind(row.alert, row.at, row.good, row.note, row.who).execute();
  }
  for (const RuleHour& row : commit.hours) hour_.bind(row.rule, row.hour, row.matched).execute();
  for (const KnownRule& row : commit.known_rules) known_.bind(row.rule, row.since).execute();
}

}  // namespace wirewatch::daemon
