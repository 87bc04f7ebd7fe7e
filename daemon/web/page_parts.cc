#include "daemon/web/page_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/receivers/alert_view.h"
#include "daemon/web/markup.h"
#include "daemon/web/queries.h"
#include "feeds/ascii.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t sources_shown = 12;

std::string sources_line(const AlertRow& alert, Instant now) {
  const Result<AlertView> view = alert_view_from_json(alert.view);
  std::string out;
  std::size_t shown = 0;
  const auto add = [&](const std::string& entry) {
    if (shown++ < sources_shown) out += fmt::format("<li>{}</li>", entry);
  };
  std::vector<std::string> named;
  if (view) {
    for (const AlertSource& source : view->sources) {
      named.push_back(source.name);
      add(fmt::format("{} {}", outside_link(source.url, source.name),
                      time_element(source.time, now)));
    }
  }
  for (const std::string& source : alert.state.sources) {
    if (std::find(named.begin(), named.end(), source) == named.end()) add(feed_text(source));
  }
  if (shown > sources_shown) out += fmt::format("<li>and {} more</li>", shown - sources_shown);
  return out.empty() ? out : fmt::format("<ul class=\"sources\">{}</ul>", out);
}

std::string feed_row(const FeedHealth& feed, Instant now) {
  const std::string_view status = feed_status(feed.state);
  const std::string_view kind = status == "good" ? "good" : status == "failing" ? "bad" : "wait";
  std::string detail = fmt::format("<p class=\"dim\">{}</p>",
                                   escaped(feeds::rhythm_words(feed.state.rhythm, now), 200));
  if (is_stale(feed.state)) {
    detail += fmt::format("<p class=\"reason\">stale: noticed {}</p>",
                          time_element(feed.state.stale_since, now));
  }
  if (feed.state.gaps > 0) {
    detail += fmt::format("<p class=\"{}\">{}, the last {}: items were probably lost</p>",
                          has_recent_gap(feed.state) ? "reason" : "dim",
                          feed.state.gaps == 1 ? "a gap" : fmt::format("{} gaps", feed.state.gaps),
                          time_element(feed.state.last_gap, now));
  }
  if (!feed.state.failure.empty()) {
    detail += fmt::format("<p class=\"reason\">{}</p>", escaped(feed.state.failure, 400));
  }
  if (feed.state.failures > 1) {
    detail += fmt::format("<p class=\"dim\">{} times in a row</p>", feed.state.failures);
  }
  if (!feed.state.moved_to.empty()) {
    detail += fmt::format("<p class=\"dim\">has moved to {}</p>",
                          outside_link(feed.state.moved_to, feed.state.moved_to));
  }
  if (!feed.websub.empty()) {
    detail += fmt::format("<p class=\"dim\">hub: {}</p>", escaped(feed.websub));
  }
  if (feed.would_alert > 0) {
    detail += fmt::format("<p class=\"dim\">{} of the items it began with match a rule</p>",
                          feed.would_alert);
  }
  for (const std::string& warning : feed.warnings) {
    detail += fmt::format("<p class=\"dim\">{}</p>", escaped(warning, 300));
  }
  const std::string next = feed.polling        ? "now"
                           : feed.state.paused ? "paused"
                           : feed.finished     ? "finished"
                                               : time_element(feed.state.next_due, now);
  return fmt::format(
      "<tr><td>{}<br><span class=\"dim url\">{}</span></td><td>{}{}</td>"
      "<td data-label=\"Last answer\">{}</td><td data-label=\"Last news\">{}</td>"
      "<td data-label=\"Next poll\">{}</td></tr>\n",
      feed_text(feed.name), outside_link(feed.url, feed.url), badge(kind, status), detail,
      time_element(feed.state.last_success, now), time_element(feed.state.last_change, now), next);
}

}  // namespace

std::string page(std::string_view title, std::string_view body, int refresh_s) {
  const std::string refresh =
      refresh_s > 0 ? fmt::format("<meta http-equiv=\"refresh\" content=\"{}\">\n", refresh_s) : "";
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n{}"
      "<title>{} · wirewatch</title>\n<link rel=\"stylesheet\" href=\"/style.css\">\n"
      "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"Alerts\" "
      "href=\"/alerts.atom\">\n</head>\n<body>\n<header><a class=\"brand\" href=\"/\">wirewatch</a>"
      "<nav><a href=\"/alerts\">Alerts</a> <a href=\"/feeds\">Feeds</a></nav></header>\n"
      "<main>\n{}\n</main>\n</body>\n</html>\n",
      refresh, escaped(title, 120), body);
}

std::string badge(std::string_view kind, std::string_view text) {
  return fmt::format("<span class=\"badge {}\">{}</span>", kind, escaped(text, 60));
}

std::string severity_badge(std::string_view severity) {
  const bool loud = severity == "high" || severity == "critical";
  return badge(loud ? "bad" : "plain", severity);
}

std::string alert_entry(const AlertRow& alert, Instant now) {
  const std::string again = alert.updated > alert.created
                                ? fmt::format(", updated {}", time_element(alert.updated, now))
                                : std::string();
  return fmt::format(
      "<li class=\"alert\"><h3><a href=\"/alerts/{}\" dir=\"auto\">{}</a></h3>\n<p "
      "class=\"dim\">{} "
      "<a href=\"/alerts?rule={}\">{}</a> · {}{} · <a href=\"/stories/{}\">the story</a></p>\n{}"
      "</li>\n",
      feeds::percent_encoded(alert.state.id),
      escaped(alert.headline.empty() ? "(no title)" : alert.headline, 300),
      severity_badge(alert.severity), feeds::percent_encoded(alert.state.rule),
      escaped(alert.state.rule), time_element(alert.created, now), again,
      feeds::percent_encoded(alert.state.story), sources_line(alert, now));
}

std::string feeds_table(const std::vector<const FeedHealth*>& feeds, Instant now) {
  if (feeds.empty()) return "";
  std::string rows;
  for (const FeedHealth* feed : feeds) rows += feed_row(*feed, now);
  return fmt::format(
      "<div class=\"wide\"><table>\n<thead><tr><th>Feed</th><th>State</th><th>Last answer</th>"
      "<th>Last news</th><th>Next poll</th></tr></thead>\n<tbody>\n{}</tbody></table></div>\n",
      rows);
}

}  // namespace wirewatch::daemon
