#include "daemon/web/api_alerts.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "daemon/config/problems.h"
#include "daemon/config/units.h"
#include "daemon/web/api_answers.h"
#include "daemon/web/known_names.h"
#include "feeds/hash.h"
#include "feeds/json_writer.h"
#include "feeds/parse/xml_text.h"

namespace wirewatch::daemon {
namespace {

constexpr Span longest_silence = std::chrono::hours(24 * 366);
constexpr std::size_t longest_note = 500;  // bytes of a comment, a note or a name

const rules::AlertSeverity severities[] = {rules::AlertSeverity::low, rules::AlertSeverity::normal,
                                           rules::AlertSeverity::high,
                                           rules::AlertSeverity::critical};

struct Subject {
  std::string alert;
  std::string story;
};

// The story that has a report whose id begins so, as a story has the id of its first; empty: none,
// or several.
std::string story_begun(Reader& reader, const std::string& id) {
  constexpr std::size_t least = 4;        // fewer characters begin many ids
  constexpr std::size_t looked_at = 100;  // links and titles are found as well, and passed over
  std::set<std::string> stories;
  if (id.size() < least) return {};
  for (const DocumentRow& row : reader.find_items(id, looked_at)) {
    if (row.input.id.starts_with(id)) stories.insert(row.placement.story);
  }
  return stories.size() == 1 ? *stories.begin() : std::string();
}

// An alert or a story by the beginning of its id. One that was merged into another is that one.
asio::awaitable<std::optional<Subject>> find_subject(Control& control, std::string id) {
  std::function<std::optional<Subject>(Reader&)> query =
      [id = std::move(id)](Reader& reader) -> std::optional<Subject> {
    if (const auto alert = reader.alert(id)) {
      const auto place = reader.place_of_alert(alert->state.id);
      return Subject{alert->state.id, place ? place->story : alert->state.story};
    }
    if (id.empty()) return std::nullopt;
    const std::vector<DocumentRow> documents = reader.story_documents(id);
    if (!documents.empty()) return Subject{{}, documents.front().placement.story};
    std::string story = story_begun(reader, id);
    if (story.empty()) return std::nullopt;
    return Subject{{}, std::move(story)};
  };
  std::optional<Subject> found = co_await control.store().read_aside(std::move(query));
  co_return found;
}

std::string no_subject(const std::string& id) {
  return fmt::format(
      "no alert and no story is known by {}: write the id of one, or so much of its beginning that "
      "no other begins so",
      in_quotes(id));
}

Result<Instant> end_of(const WebRequest& request, Instant now) {
  const std::string until = parameter(request, "until");
  const std::string span = parameter(request, "for");
  Instant end = now;
  if (!until.empty()) {
    end = *from_iso8601(until);  // checked before
  } else {
    const Result<Span> length = parse_span(span);
    if (!length) {
      return Error{ErrorKind::invalid,
                   span.empty()
                       ? "say for how long: `for`, as 2h, or `until`, as 2026-11-21T18:00:00Z"
                       : length.error().text};
    }
    end = now + *length;
  }
  if (end <= now || end - now > longest_silence) {
    return Error{ErrorKind::invalid, "a silence ends in the future, within a year"};
  }
  return end;
}

// What people write is cut between characters: half of one cannot be shown.
std::string said_by_hand(const WebRequest& request, const char* name) {
  const std::string text = parameter(request, name);
  return std::string(feeds::utf8_prefix(text, longest_note));
}

Result<rules::Silence> silence_from(const WebRequest& request, const Snapshot& snapshot,
                                    Instant now) {
  rules::Silence silence;
  silence.rule = parameter(request, "rule");
  silence.receiver = parameter(request, "receiver");
  const std::string feed = parameter(request, "feed");
  silence.comment = said_by_hand(request, "comment");
  silence.who = said_by_hand(request, "who");
  const auto until = end_of(request, now);
  if (!until) return until.error();
  silence.created = now;
  silence.until = *until;
  const std::string up_to = parameter(request, "up_to");
  bool known = up_to.empty();
  for (const auto severity : severities) {
    if (up_to == rules::to_string(severity)) {
      silence.up_to = severity;
      known = true;
    }
  }
  if (!known) {
    return Error{ErrorKind::invalid,
                 fmt::format("up_to: \"{}\" is none of low, normal, high, critical", up_to)};
  }
  for (const FeedConfig& one : snapshot.feeds) {
    if (!feed.empty() && (one.name == feed || one.key == feed)) silence.feed = one.key;
  }
  const auto& all = snapshot.rules.rules();
  const bool rule_known =
      silence.rule.empty() || std::any_of(all.begin(), all.end(), [&](const rules::RuleDef& rule) {
        return rule.name == silence.rule;
      });
  const bool receiver_known =
      silence.receiver.empty() ||
      std::any_of(snapshot.receivers.begin(), snapshot.receivers.end(),
                  [&](const ReceiverConfig& one) { return one.name == silence.receiver; });
  const auto unknown = [](const char* what, const std::string& name,
                          const std::vector<std::string>& names) {
    return Error{ErrorKind::invalid, no_such(what, name, names)};
  };
  if (!feed.empty() && silence.feed.empty()) return unknown("feed", feed, feed_names(&snapshot));
  if (!rule_known) return unknown("rule", silence.rule, rule_names(&snapshot));
  if (!receiver_known) {
    return unknown("receiver", silence.receiver, receiver_names(&snapshot));
  }
  return silence;
}

std::string id_answer(const std::string& id) {
  JsonWriter json;
  json.begin_object().member("id", id).end_object();
  return json.take();
}

asio::awaitable<WebResponse> add_silence(Control& control, WebRequest request) {
  const Instant now = control.status().now;
  auto silence = silence_from(request, *control.snapshot(), now);
  if (!silence) co_return error_answer(400, silence.error().text);
  const std::string story = parameter(request, "story");
  if (!story.empty()) {
    const std::optional<Subject> subject = co_await find_subject(control, story);
    if (!subject) co_return error_answer(404, no_subject(story));
    silence->story = subject->story;
  }
  const bool matches = !silence->rule.empty() || !silence->story.empty() ||
                       !silence->feed.empty() || !silence->receiver.empty();
  if (!matches) co_return error_answer(400, "say what to silence: rule, story, feed or receiver");
  silence->id = id_of({"silence", silence->rule, silence->story, silence->feed, silence->receiver,
                       to_iso8601(now)})
                    .substr(0, 12);
  std::string id = silence->id;
  const Result<void> done = co_await control.silence(std::move(*silence));
  if (!done) co_return error_answer(503, done.error().text);
  co_return json_answer(id_answer(id));
}

asio::awaitable<WebResponse> end_silence(Control& control, WebRequest request) {
  const Instant now = control.status().now;
  const std::string id = parameter(request, "id");
  std::function<std::vector<rules::Silence>(Reader&)> query = [now](Reader& reader) {
    return reader.silences(now);
  };
  const std::vector<rules::Silence> all = co_await control.store().read_aside(std::move(query));
  const auto begins_so = [&id](const rules::Silence& one) {
    return !id.empty() && one.id.starts_with(id);
  };
  const auto found = std::find_if(all.begin(), all.end(), begins_so);
  if (found == all.end()) co_return error_answer(404, "no silence has an id that begins so");
  if (found->id != id && std::count_if(found, all.end(), begins_so) > 1) {
    co_return error_answer(400, "several silences have ids that begin so: write more of it");
  }
  rules::Silence ended = *found;
  ended.until = now;
  std::string whole = ended.id;
  const Result<void> done = co_await control.silence(std::move(ended));
  if (!done) co_return error_answer(503, done.error().text);
  co_return json_answer(id_answer(whole));
}

asio::awaitable<WebResponse> follow_story(Control& control, WebRequest request) {
  const std::string story = parameter(request, "story");
  const std::optional<Subject> subject = co_await find_subject(control, story);
  if (!subject) co_return error_answer(404, no_subject(story));
  FollowRow row;
  row.story = subject->story;
  row.since = control.status().now;
  row.who = said_by_hand(request, "who");
  row.end = parameter(request, "end") == "1";
  const Result<void> done = co_await control.follow(std::move(row));
  if (!done) co_return error_answer(503, done.error().text);
  co_return json_answer(id_answer(subject->story));
}

asio::awaitable<WebResponse> add_verdict(Control& control, WebRequest request) {
  const std::string verdict = parameter(request, "verdict");
  if (verdict != "right" && verdict != "wrong") {
    co_return error_answer(400, fmt::format("verdict: \"{}\" is neither right nor wrong", verdict));
  }
  const std::optional<Subject> subject =
      co_await find_subject(control, parameter(request, "alert"));
  if (!subject || subject->alert.empty()) {
    co_return error_answer(404, "no alert has an id that begins so, or several do");
  }
  VerdictRow row;
  row.alert = subject->alert;
  row.at = control.status().now;
  row.good = verdict == "right";
  row.note = said_by_hand(request, "note");
  row.who = said_by_hand(request, "who");
  const Result<void> done = co_await control.judge(std::move(row));
  if (!done) co_return error_answer(503, done.error().text);
  co_return json_answer(id_answer(subject->alert));
}

}  // namespace

bool changes_alerts(const std::string& path) {
  return path == "/v1/silences" || path == "/v1/silences/end" || path == "/v1/stories/follow" ||
         path == "/v1/alerts/verdict";
}

asio::awaitable<WebResponse> change_alerts(Control& control, WebRequest request) {
  if (request.path == "/v1/silences") {
    WebResponse added = co_await add_silence(control, std::move(request));
    co_return added;
  }
  if (request.path == "/v1/silences/end") {
    WebResponse ended = co_await end_silence(control, std::move(request));
    co_return ended;
  }
  if (request.path == "/v1/stories/follow") {
    WebResponse followed = co_await follow_story(control, std::move(request));
    co_return followed;
  }
  WebResponse judged = co_await add_verdict(control, std::move(request));
  co_return judged;
}

std::string silences_json(Reader& reader, const Snapshot* snapshot, Instant now) {
  JsonWriter json;
  json.begin_object().key("silences").begin_array();
  const std::vector<rules::Silence> silences = reader.silences(now);
  const std::map<std::string, std::string> feeds = feed_names_in(silences, snapshot);
  for (const rules::Silence& silence : silences) {
    json.begin_object().member("id", silence.id);
    json.member("created", to_iso8601(silence.created));
    json.member("until", to_iso8601(silence.until));
    json.member("up_to", rules::to_string(silence.up_to));
    json.member_if("rule", silence.rule).member_if("story", silence.story);
    json.member_if("feed", silence.feed);
    if (!silence.feed.empty()) json.member("feed_name", feeds.at(silence.feed));
    json.member_if("receiver", silence.receiver);
    json.member_if("comment", silence.comment).member_if("who", silence.who);
    json.end_object();
  }
  json.end_array().key("followed").begin_array();
  for (const FollowRow& row : reader.policy_memory(now).follows) {
    json.begin_object().member("story", row.story).member("since", to_iso8601(row.since));
    json.member_if("who", row.who).end_object();
  }
  json.end_array().end_object();
  return json.take();
}

}  // namespace wirewatch::daemon
