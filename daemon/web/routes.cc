#include "daemon/web/routes.h"

#include <fmt/format.h>

#include <functional>

#include "daemon/loop/offload.h"
#include "daemon/polling/shared_address.h"
#include "daemon/web/api.h"
#include "daemon/web/atom.h"
#include "daemon/web/known_names.h"
#include "daemon/web/metrics.h"
#include "daemon/web/pages.h"

namespace wirewatch::daemon {
namespace {

constexpr const char* html_type = "text/html; charset=utf-8";
constexpr std::size_t alerts_on_status = 10;
constexpr std::size_t alerts_on_page = 100;

WebResponse made(std::string body, const char* type, int status = 200) {
  WebResponse response;
  response.status = status;
  response.content_type = type;
  response.body = std::move(body);
  return response;
}

WebResponse text(std::string body, int status = 200) {
  return made(std::move(body), "text/plain; charset=utf-8", status);
}

WebResponse not_found(std::string_view what) {
  return made(message_page("Not found", what), html_type, 404);
}

std::string parameter(const WebRequest& request, const std::string& name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string() : found->second;
}

// Where the pages are to the world, with its last slash; empty when nowhere.
std::string base_of(const Control& control) {
  const auto snapshot = control.snapshot();
  std::string base = snapshot ? snapshot->settings.public_url : std::string();
  if (base.empty()) base = control.status().page;
  if (!base.empty() && base.back() != '/') base += '/';
  return base;
}

std::vector<std::string> rule_names(const Control& control) {
  std::vector<std::string> names;
  const auto snapshot = control.snapshot();
  if (!snapshot) return names;
  for (const rules::RuleDef& rule : snapshot->rules.rules()) names.push_back(rule.name);
  return names;
}

struct CountsAndAlerts {
  StoreCounts counts;
  std::vector<AlertRow> alerts;
  std::vector<rules::Silence> silences;
};

asio::awaitable<WebResponse> answer_status(Control& control) {
  const Instant now = control.status().now;
  std::function<CountsAndAlerts(Reader&)> query = [now,
                                                   snapshot = control.snapshot()](Reader& reader) {
    AlertFilter filter;
    filter.limit = alerts_on_status;
    CountsAndAlerts found;
    found.counts = reader.counts();
    found.alerts = reader.alerts(filter);
    found.silences = reader.silences(now);
    const auto feeds = feed_names_in(found.silences, snapshot.get());
    for (rules::Silence& silence : found.silences) {
      if (!silence.feed.empty()) silence.feed = feeds.at(silence.feed);
    }
    return found;
  };
  CountsAndAlerts found = co_await control.store().read_aside(std::move(query));
  StatusFacts facts;
  facts.status = control.status();
  facts.feeds = control.glance();
  facts.receivers = control.receivers();
  add_stored(facts.receivers, found.counts.receivers);
  facts.rules = rule_names(control);
  facts.counts = std::move(found.counts);
  facts.alerts = std::move(found.alerts);
  facts.silences = std::move(found.silences);
  co_return made(status_page(facts), html_type);
}

asio::awaitable<std::vector<AlertRow>> newest_alerts(Control& control, std::string rule) {
  AlertFilter filter;
  filter.limit = alerts_on_page;
  if (!rule.empty()) filter.rules = names_of_rule(control.snapshot().get(), rule);
  std::function<std::vector<AlertRow>(Reader&)> query =
      [filter = std::move(filter)](Reader& reader) { return reader.alerts(filter); };
  std::vector<AlertRow> alerts = co_await control.store().read_aside(std::move(query));
  co_return alerts;
}

asio::awaitable<WebResponse> answer_alerts(Control& control, std::string rule) {
  const std::vector<AlertRow> alerts = co_await newest_alerts(control, rule);
  co_return made(alerts_page(alerts, rule, control.status().now), html_type);
}

asio::awaitable<WebResponse> answer_atom(Control& control) {
  const std::vector<AlertRow> alerts = co_await newest_alerts(control, std::string());
  const Instant started = control.status().started;
  co_return made(alerts_atom(alerts, base_of(control), started), atom_type);
}

struct AlertFound {
  AlertRow alert;
  std::vector<DeliveryRow> deliveries;
  std::vector<VerdictRow> verdicts;
};

asio::awaitable<WebResponse> answer_alert(Control& control, std::string id) {
  std::function<std::optional<AlertFound>(Reader&)> query = [id = std::move(id)](Reader& reader) {
    std::optional<AlertFound> found;
    auto alert = id.empty() ? std::nullopt : reader.alert(id);
    if (!alert) return found;
    DeliveryFilter filter;
    filter.alert = alert->state.id;
    found.emplace();
    found->deliveries = reader.deliveries(filter);
    found->verdicts = reader.verdicts(alert->state.id);
    found->alert = std::move(*alert);
    return found;
  };
  const std::optional<AlertFound> found = co_await control.store().read_aside(std::move(query));
  if (!found) co_return not_found("There is no alert of that id.");
  const Instant now = control.status().now;
  co_return made(alert_page(found->alert, found->deliveries, found->verdicts, now), html_type);
}

asio::awaitable<WebResponse> answer_digest(Control& control, std::string id) {
  std::function<std::vector<AlertRow>(Reader&)> query = [id = std::move(id)](Reader& reader) {
    return reader.alerts_in_digest(id);
  };
  const std::vector<AlertRow> alerts = co_await control.store().read_aside(std::move(query));
  if (alerts.empty()) co_return not_found("There is no digest of that id, or no longer.");
  const Instant now = control.status().now;
  co_return made(digest_page(alerts, now), html_type);
}

struct StoryFound {
  std::vector<DocumentRow> documents;
  std::vector<AlertRow> alerts;
};

asio::awaitable<WebResponse> answer_story(Control& control, std::string id) {
  std::function<StoryFound(Reader&)> query = [id = std::move(id)](Reader& reader) {
    StoryFound found;
    if (id.empty()) return found;
    found.documents = reader.story_documents(id);
    if (found.documents.empty()) return found;
    AlertFilter filter;
    filter.story = found.documents.front().placement.story;  // of the older, after a merge
    found.alerts = reader.alerts(filter);
    return found;
  };
  const StoryFound found = co_await control.store().read_aside(std::move(query));
  if (found.documents.empty()) co_return not_found("There is no story of that id.");
  const Instant now = control.status().now;
  co_return made(story_page(found.documents, found.alerts, now), html_type);
}

asio::awaitable<WebResponse> answer_metrics(Control& control) {
  std::function<StoreCounts(Reader&)> query = [](Reader& reader) { return reader.counts(); };
  const StoreCounts counts = co_await control.store().read_aside(std::move(query));
  MetricFacts facts;
  facts.status = control.status();
  facts.feeds = control.glance().totals;
  facts.receivers = control.receivers();
  facts.times = control.times();
  facts.store = control.store().stats();
  facts.free_bytes = control.store().free_bytes();
  facts.counts = counts;
  co_return made(metrics_text(facts), metrics_type);
}

asio::awaitable<WebResponse> answer_feeds(Control& control) {
  std::vector<FeedHealth> feeds = co_await control.feeds();
  const Instant now = control.status().now;
  auto work = [feeds = std::move(feeds), now]() mutable {
    warn_of_shared_addresses(feeds);
    return feeds_page(feeds, now);
  };
  std::string page = co_await offload(control.pool(), std::move(work));
  co_return made(std::move(page), html_type);
}

WebResponse answer_style() {
  WebResponse response = made(std::string(stylesheet()), "text/css; charset=utf-8");
  response.headers.emplace_back("Cache-Control", "max-age=3600");
  return response;
}

WebResponse answer_readiness(const DaemonStatus& status) {
  if (!status.ready) return text("not ready\n", 503);
  if (status.held_by_disk) {
    return text("not ready: the disk of the state folder is nearly full, nothing is polled\n", 503);
  }
  return text("ready\n");
}

// What is answered without asking the store; nullopt for every other path.
std::optional<WebResponse> answer_at_once(Control& control, const WebRequest& request) {
  if (request.method != "GET") {
    WebResponse refused = text("Pages are only read.\n", 405);
    refused.headers.emplace_back("Allow", "GET, HEAD");
    return refused;
  }
  const std::string& path = request.path;
  if (path == "/healthz") return text("ok\n");
  if (path == "/readyz") return answer_readiness(control.status());
  if (path == "/style.css") return answer_style();
  return std::nullopt;
}

// One of the coroutines above, for its path; an invalid one when there is none.
asio::awaitable<WebResponse> page_for(Control& control, const WebRequest& request) {
  const std::string alerts = "/alerts/";
  const std::string digests = "/digests/";
  const std::string stories = "/stories/";
  const std::string& path = request.path;
  if (path == "/") return answer_status(control);
  if (path == "/feeds") return answer_feeds(control);
  if (path == "/alerts") return answer_alerts(control, parameter(request, "rule"));
  if (path == "/alerts.atom") return answer_atom(control);
  if (path == "/metrics") return answer_metrics(control);
  if (path.starts_with(alerts)) return answer_alert(control, path.substr(alerts.size()));
  if (path.starts_with(digests)) return answer_digest(control, path.substr(digests.size()));
  if (path.starts_with(stories)) return answer_story(control, path.substr(stories.size()));
  return {};
}

asio::awaitable<WebResponse> route(Control& control, WebRequest request) {
  if (request.control && request.path.starts_with("/v1/")) {
    WebResponse answer = co_await answer_api(control, std::move(request));
    co_return answer;
  }
  std::optional<WebResponse> at_once = answer_at_once(control, request);
  if (at_once) co_return std::move(*at_once);
  auto page = page_for(control, request);
  if (!page.valid()) co_return not_found("There is no such page.");
  WebResponse answer = co_await std::move(page);
  co_return answer;
}

}  // namespace

WebHandler make_routes(Control& control) {
  return [&control](WebRequest request) { return route(control, std::move(request)); };
}

}  // namespace wirewatch::daemon
