#include "daemon/web/api.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <functional>

#include "daemon/config/units.h"
#include "daemon/loop/offload.h"
#include "daemon/polling/shared_address.h"
#include "daemon/web/api_alerts.h"
#include "daemon/web/api_answers.h"
#include "daemon/web/api_parameters.h"
#include "daemon/web/known_names.h"
#include "daemon/web/queries.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

// The parameters were checked by `wrong_parameter`.
std::size_t limit_of(const WebRequest& request, std::size_t otherwise) {
  const std::string text = parameter(request, "limit");
  if (text.empty()) return otherwise;
  return std::stoul(text);
}

std::optional<Instant> instant_of(const WebRequest& request, const std::string& name) {
  return from_iso8601(parameter(request, name));
}

DeliveryFilter delivery_filter(const WebRequest& request) {
  DeliveryFilter filter;
  filter.alert = parameter(request, "alert");
  filter.receiver = parameter(request, "receiver");
  filter.state = delivery_state(parameter(request, "state"));
  filter.since = instant_of(request, "since");
  filter.until = instant_of(request, "until");
  filter.limit = limit_of(request, 1000);
  return filter;
}

AlertFilter alert_filter(const WebRequest& request) {
  AlertFilter filter;
  filter.waiting = parameter(request, "waiting") == "1";
  filter.story = parameter(request, "story");
  filter.since = instant_of(request, "since");
  filter.limit = limit_of(request, filter.limit);
  return filter;
}

bool may_change(const WebRequest& request) {
  return request.peer_uid && (*request.peer_uid == 0 || *request.peer_uid == ::geteuid());
}

void write_receivers(JsonWriter& json, const std::vector<ReceiverHealth>& receivers) {
  json.key("receivers").begin_array();
  for (const ReceiverHealth& receiver : receivers) {
    json.begin_object();
    json.member("name", receiver.name);
    json.member("kind", receiver.kind);
    json.member("delivered", receiver.delivered);
    json.member("failed", receiver.failed);
    json.member("dead", receiver.dead);
    json.member("waiting", receiver.waiting);
    json.member("pending", receiver.pending);
    json.member("dead_letters", receiver.dead_letters);
    json.member_if("last_answer", receiver.last_answer);
    if (receiver.down_since) json.member("down_since", to_iso8601(*receiver.down_since));
    if (receiver.refusing_since) {
      json.member("refusing_since", to_iso8601(*receiver.refusing_since));
    }
    json.end_object();
  }
  json.end_array();
}

void write_held(JsonWriter& json, const std::vector<FeedHealth>& feeds) {
  json.key("held_items").begin_array();
  for (const FeedHealth& feed : feeds) {
    json.begin_object();
    json.member("feed", feed.name);
    json.member("count", feed.held);
    json.member("since", to_iso8601(feed.held_since));
    json.end_object();
  }
  json.end_array();
}

void write_notices(JsonWriter& json, const std::vector<OperatorNotice>& notices) {
  json.key("notices").begin_array();
  for (const OperatorNotice& notice : notices) {
    json.begin_object();
    json.member("time", to_iso8601(notice.time));
    json.member("kind", notice.kind);
    json.member("feed", notice.feed);
    json.member("text", notice.text);
    json.end_object();
  }
  json.end_array();
}

void write_frequent(JsonWriter& json, const std::vector<FrequentRule>& rules) {
  json.key("too_frequent").begin_array();
  for (const FrequentRule& one : rules) {
    json.begin_object().member("rule", one.rule).member("matched", one.matched);
    json.member("documents", one.documents).end_object();
  }
  json.end_array();
}

std::string status_json(const Control& control, const StoreCounts& counts) {
  const DaemonStatus status = control.status();
  JsonWriter json;
  json.begin_object();
  json.member("version", status.version);
  json.member("started", to_iso8601(status.started));
  json.member("now", to_iso8601(status.now));
  json.member("config", status.config_file);
  json.member("generation", status.generation);
  json.member("on_last_good", status.on_last_good);
  json.member("ready", status.ready);
  json.member("held_by_disk", status.held_by_disk);
  json.member("state", status.state_folder);
  json.member_if("page", status.page);
  const FeedGlance feeds = control.glance();
  json.member("feeds", feeds.totals.feeds);
  json.member("feeds_failing", feeds.totals.with_failures);
  json.member("feeds_stale", feeds.totals.quiet);
  json.member("feeds_with_gaps", feeds.totals.with_recent_gaps);
  write_held(json, feeds.held);
  write_notices(json, status.notices);
  json.member("rules", status.rules);
  json.member("held_back", status.held_back);
  write_frequent(json, status.frequent);
  json.member("problems", status.problems);
  json.member("items", counts.items);
  json.member("stories", counts.stories);
  json.member("alerts", counts.alerts);
  json.key("deliveries").begin_object();
  json.member("pending", counts.pending);
  json.member("delivered", counts.delivered);
  json.member("dead", counts.dead);
  json.member("held", counts.held);
  json.end_object();
  std::vector<ReceiverHealth> receivers = control.receivers();
  add_stored(receivers, counts.receivers);
  write_receivers(json, receivers);
  json.end_object();
  return json.take();
}

// Runs a question to the store that answers with JSON, or with nothing when there is no such thing.
asio::awaitable<WebResponse> ask_store(Control& control,
                                       std::function<std::optional<std::string>(Reader&)> query,
                                       std::string nothing) {
  const std::optional<std::string> found = co_await control.store().read_aside(std::move(query));
  if (!found) co_return error_answer(404, nothing);
  co_return json_answer(*found);
}

asio::awaitable<WebResponse> answer_status(Control& control) {
  std::function<StoreCounts(Reader&)> query = [](Reader& reader) { return reader.counts(); };
  const StoreCounts counts = co_await control.store().read_aside(std::move(query));
  co_return json_answer(status_json(control, counts));
}

// A rule that left the config still has its alerts; one that never was is a slip of the finger.
asio::awaitable<WebResponse> answer_alerts(Control& control, AlertFilter filter, std::string rule) {
  std::function<Result<std::string>(Reader&)> query =
      [filter = std::move(filter), rule = std::move(rule),
       snapshot = control.snapshot()](Reader& reader) mutable -> Result<std::string> {
    if (!rule.empty()) {
      auto unknown = unknown_rule(reader, snapshot.get(), rule);
      if (unknown) return Error{ErrorKind::not_found, std::move(*unknown)};
      filter.rules = names_of_rule(snapshot.get(), rule);
    }
    return alerts_json(reader, filter);
  };
  const Result<std::string> listed = co_await control.store().read_aside(std::move(query));
  if (!listed) co_return error_answer(404, listed.error().text);
  co_return json_answer(*listed);
}

// There may be very many: the loop only collects them, bit by bit.
asio::awaitable<WebResponse> answer_feeds(Control& control, std::string only) {
  std::vector<FeedHealth> feeds = co_await control.feeds();
  auto work = [feeds = std::move(feeds), only = std::move(only)]() mutable {
    warn_of_shared_addresses(feeds);
    return feeds_json(feeds, only);
  };
  std::string json = co_await offload(control.pool(), std::move(work));
  co_return json_answer(std::move(json));
}

asio::awaitable<WebResponse> answer_reload(Control& control) {
  const ReloadOutcome outcome = co_await control.reload();
  JsonWriter json;
  json.begin_object();
  json.member("accepted", outcome.accepted);
  json.member("generation", outcome.generation);
  json.key("messages").begin_array();
  bool wrong = !outcome.accepted;
  for (const ConfigMessage& message : outcome.messages) {
    json.value(to_text(message));
    wrong = wrong || message.error;
  }
  json.end_array();
  json.end_object();
  co_return json_answer(json.take(), wrong ? 409 : 200);
}

asio::awaitable<WebResponse> answer_clock(Control& control, WebRequest request) {
  if (!control.manual_clock()) {
    co_return error_answer(409, "the clock runs by itself; start with --manual-clock to step it");
  }
  const Result<Span> by = parse_span(parameter(request, "by"));
  if (!by) co_return error_answer(400, by.error().text);
  const Instant now = co_await control.advance(*by);
  JsonWriter json;
  json.begin_object();
  json.member("now", to_iso8601(now));
  json.end_object();
  co_return json_answer(json.take());
}

asio::awaitable<WebResponse> answer_replay(Control& control, WebRequest request) {
  DeliveryFilter filter = delivery_filter(request);
  filter.limit = limit_of(request, most_rows);
  const std::string id = parameter(request, "id");
  const std::string receiver = filter.receiver;
  filter.id = id;
  if (id.empty() && filter.alert.empty() && filter.receiver.empty() && !filter.since) {
    co_return error_answer(400, "say which deliveries: id, alert, receiver or since");
  }
  // Of a receiver that left the config there may be messages.
  const std::vector<std::string> known = receiver_names(control.snapshot().get());
  bool receiver_known =
      receiver.empty() || std::find(known.begin(), known.end(), receiver) != known.end();
  std::function<std::vector<DeliveryRow>(Reader&)> query = [filter](Reader& reader) {
    DeliveryFilter wanted = filter;
    if (!wanted.alert.empty()) {
      const auto alert = reader.alert(wanted.alert);
      if (!alert) return std::vector<DeliveryRow>();
      wanted.alert = alert->state.id;
    }
    return reader.deliveries(wanted);
  };
  std::vector<DeliveryRow> rows = co_await control.store().read_aside(std::move(query));
  if (rows.empty() && !receiver_known) {
    std::function<bool(Reader&)> any = [receiver](Reader& reader) {
      DeliveryFilter of_receiver;
      of_receiver.receiver = receiver;
      of_receiver.limit = 1;
      return !reader.deliveries(of_receiver).empty();
    };
    const bool stored = co_await control.store().read_aside(std::move(any));
    receiver_known = stored;
  }
  if (rows.empty()) {
    co_return error_answer(
        404, receiver_known ? "no delivery fits that" : no_such("receiver", receiver, known));
  }
  const Result<std::size_t> replayed = co_await control.replay(std::move(rows));
  if (!replayed) co_return error_answer(503, replayed.error().text);
  JsonWriter json;
  json.begin_object();
  json.member("replayed", *replayed);
  json.end_object();
  co_return json_answer(json.take());
}

asio::awaitable<WebResponse> answer_release(Control& control, WebRequest request) {
  const std::string drop = parameter(request, "drop");
  const std::string feed = parameter(request, "name");
  std::string name = feed;
  const Result<std::size_t> released = co_await control.release(std::move(name), !drop.empty());
  if (!released) {
    const bool unknown = released.error().kind == ErrorKind::not_found;
    if (!unknown) co_return error_answer(503, released.error().text);
    co_return error_answer(404, no_such("feed", feed, feed_names(control.snapshot().get())));
  }
  JsonWriter json;
  json.begin_object();
  json.member(drop.empty() ? "released" : "dropped", *released);
  json.end_object();
  co_return json_answer(json.take());
}

asio::awaitable<WebResponse> answer_change(Control& control, WebRequest request) {
  if (!may_change(request)) {
    co_return error_answer(403, "only root and the daemon's own user may change things");
  }
  if (request.path == "/v1/reload") {
    WebResponse reloaded = co_await answer_reload(control);
    co_return reloaded;
  }
  if (request.path == "/v1/clock") {
    WebResponse stepped = co_await answer_clock(control, std::move(request));
    co_return stepped;
  }
  if (request.path == "/v1/deliveries/replay") {
    WebResponse replayed = co_await answer_replay(control, std::move(request));
    co_return replayed;
  }
  if (request.path == "/v1/feeds/release") {
    WebResponse released = co_await answer_release(control, std::move(request));
    co_return released;
  }
  if (request.path == "/v1/feeds/poll") {
    const std::string name = parameter(request, "name");
    if (!control.poll_now(name)) {
      co_return error_answer(404, no_such("feed", name, feed_names(control.snapshot().get())));
    }
    co_return json_answer("{\"polling\":true}");
  }
  if (changes_alerts(request.path)) {
    WebResponse changed = co_await change_alerts(control, std::move(request));
    co_return changed;
  }
  co_return error_answer(404, fmt::format("nothing to change at {}", request.path));
}

// The question that a path asks the store; empty for a path that asks none.
std::function<std::optional<std::string>(Reader&)> question(
    const WebRequest& request, const std::shared_ptr<const Snapshot>& snapshot, Instant now) {
  const std::string alerts = "/v1/alerts/";
  const std::string stories = "/v1/stories/";
  const std::string& path = request.path;
  if (path.starts_with(alerts)) {
    return [id = path.substr(alerts.size())](Reader& reader) { return alert_json(reader, id); };
  }
  if (path == "/v1/deliveries") {
    return [filter = delivery_filter(request)](Reader& reader) {
      return std::optional(deliveries_json(reader, filter));
    };
  }
  if (path == "/v1/silences") {
    return [now, snapshot](Reader& reader) {
      return std::optional(silences_json(reader, snapshot.get(), now));
    };
  }
  if (path == "/v1/items") {
    return [text = parameter(request, "text"), limit = limit_of(request, 100)](Reader& reader) {
      return std::optional(items_json(reader, text, limit));
    };
  }
  if (path == "/v1/why" && !parameter(request, "item").empty()) {
    return [text = parameter(request, "item")](Reader& reader) { return why_json(reader, text); };
  }
  if (path.starts_with(stories)) {
    return [id = path.substr(stories.size())](Reader& reader) { return story_json(reader, id); };
  }
  return {};
}

// What to say when the store has no answer.
std::string nothing_found(const WebRequest& request) {
  if (request.path.starts_with("/v1/alerts")) {
    return "no alert has an id that begins so, or several do";
  }
  const std::string stories = "/v1/stories/";
  if (request.path.starts_with(stories)) return no_story(request.path.substr(stories.size()));
  return no_item(parameter(request, "item"));
}

}  // namespace

asio::awaitable<WebResponse> answer_api(Control& control, WebRequest request) {
  if (const auto wrong = wrong_parameter(request)) co_return error_answer(400, *wrong);
  if (request.method == "POST") {
    WebResponse changed = co_await answer_change(control, std::move(request));
    co_return changed;
  }
  if (request.method != "GET") co_return error_answer(405, "only GET, HEAD and POST are known");
  if (request.path == "/v1/status") {
    WebResponse status = co_await answer_status(control);
    co_return status;
  }
  if (request.path == "/v1/feeds") {
    const std::string only = parameter(request, "only");
    WebResponse feeds = co_await answer_feeds(control, only);
    co_return feeds;
  }
  if (request.path == "/v1/alerts") {
    AlertFilter filter = alert_filter(request);
    std::string rule = parameter(request, "rule");
    WebResponse alerts = co_await answer_alerts(control, std::move(filter), std::move(rule));
    co_return alerts;
  }
  if (request.path == "/v1/why" && parameter(request, "item").empty()) {
    co_return error_answer(400, "say which item: item=ID, a link, or words of its title");
  }
  auto query = question(request, control.snapshot(), control.status().now);
  if (!query) co_return error_answer(404, fmt::format("there is nothing at {}", request.path));
  std::string nothing = nothing_found(request);
  WebResponse found = co_await ask_store(control, std::move(query), std::move(nothing));
  co_return found;
}

}  // namespace wirewatch::daemon
