#include "daemon/delivery/digest.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "daemon/receivers/limits.h"
#include "daemon/receivers/zone_clock.h"
#include "feeds/hash.h"
#include "rules/policy/policy.h"

namespace wirewatch::daemon {
namespace {

int rank_of(const std::string& severity) {
  if (severity == "critical") return 3;
  if (severity == "high") return 2;
  return severity == "low" ? 0 : 1;
}

// The latest revision of each alert, in order of their first. `first`: the earliest of all.
std::vector<AlertView> latest_views(const std::vector<DeliveryRow>& rows, Instant& first) {
  std::vector<AlertView> views;
  std::map<std::string, std::size_t> known;
  for (const DeliveryRow& row : rows) {
    auto view = alert_view_from_json(row.payload);
    if (!view) continue;
    first = std::min(first, view->time);
    const auto [at, fresh] = known.emplace(row.alert, views.size());
    if (fresh) {
      views.push_back(std::move(*view));
    } else {
      views[at->second] = std::move(*view);
    }
  }
  return views;
}

bool taken_back(const AlertView& view) {
  return view.kind == "corrected" && view.reason.starts_with(rules::matches_no_longer);
}

// Two alerts that turned out to be of one story are told once, as the one that goes on. Where that
// was taken back, the other's report still holds.
void leave_out_joined(std::vector<AlertView>& views, const StoryOf& stories) {
  const auto place_of = [&stories](const AlertView& view) {
    const auto known = stories.find(view.alert);
    return std::pair(view.rule, known == stories.end() ? view.story : known->second);
  };
  std::set<std::pair<std::string, std::string>> told;
  for (const AlertView& view : views) {
    if (view.kind != "merged" && !taken_back(view)) told.insert(place_of(view));
  }
  std::erase_if(views, [&](const AlertView& view) {
    return view.kind == "merged" && told.contains(place_of(view));
  });
}

// What nobody may take from the headline alone.
std::string note_of(const AlertView& view) {
  if (view.kind == "corrected") return view.reason;
  if (view.kind == "merged") return "joined another story: " + view.reason;
  return {};
}

bool before(const AlertView& left, const AlertView& right) {
  const int a = rank_of(left.severity);
  const int b = rank_of(right.severity);
  if (a != b) return a > b;
  if (left.sources.size() != right.sources.size()) {
    return left.sources.size() > right.sources.size();
  }
  return left.time < right.time;
}

}  // namespace

bool is_by_hand(const DeliveryRow& row) {
  return row.answer.starts_with(replayed_by_hand);
}

DeliveryMark mark_of(const DeliveryRow& row, DeliveryState state, Instant when,
                     std::string answer) {
  DeliveryMark mark;
  mark.id = row.id;
  mark.state = state;
  mark.attempts = 0;
  mark.next_attempt = when;
  if (state == DeliveryState::absorbed) mark.finished = when;
  mark.answer = std::move(answer);
  return mark;
}

AlertView digest_of(const std::vector<DeliveryRow>& rows, const std::string& page,
                    const std::string& time_zone, Instant now, const StoryOf& stories) {
  Instant first = now;
  std::vector<AlertView> views = latest_views(rows, first);
  leave_out_joined(views, stories);
  std::string members;
  for (const DeliveryRow& row : rows) members += row.id + "\n";
  std::stable_sort(views.begin(), views.end(), before);
  AlertView digest;
  digest.alert = digest.story = id_of({"digest", rows.front().receiver, members});
  digest.kind = "digest";
  digest.severity = views.empty() ? "normal" : views.front().severity;
  digest.headline = fmt::format("{} alert{} since {}", views.size(), views.size() == 1 ? "" : "s",
                                ZoneClock(time_zone).text(first, now));
  digest.time = now;
  digest.reason = rows.front().answer;
  if (!page.empty()) {
    digest.story_url =
        page + "/digests/" +
        rules::delivery_id(digest.alert, 1, rows.front().receiver).substr(0, digest_name_size);
  }
  digest.entries_count = views.size();
  for (const AlertView& view : views) {
    if (digest.entries.size() == limits::digest_entries) break;
    digest.entries.push_back({view.severity, view.rule, view.headline, view.url, view.story_url,
                              view.time, note_of(view)});
  }
  return digest;
}

void release_due(std::vector<DeliveryRow> rows, const std::string& page,
                 const std::string& time_zone, Instant now, Commit& commit,
                 const StoryOf& stories) {
  if (rows.empty()) return;
  const bool collected = std::any_of(rows.begin(), rows.end(), [](const DeliveryRow& row) {
    return row.state == DeliveryState::collected;
  });
  const bool one_by_one = rows.size() == 1 || (!collected && rows.size() < digest_from);
  if (one_by_one) {
    for (const DeliveryRow& row : rows) {
      commit.marks.push_back(mark_of(row, DeliveryState::pending, now, row.answer));
    }
    return;
  }
  const AlertView view = digest_of(rows, page, time_zone, now, stories);
  DeliveryRow digest;
  digest.id = rules::delivery_id(view.alert, 1, rows.front().receiver);
  digest.alert = view.alert;
  digest.receiver = rows.front().receiver;
  digest.payload = to_json(view);
  digest.created = digest.next_attempt = now;
  for (const DeliveryRow& row : rows) {
    commit.marks.push_back(mark_of(row, DeliveryState::absorbed, now, told_in_digest(digest.id)));
  }
  commit.deliveries.push_back(std::move(digest));
}

}  // namespace wirewatch::daemon
