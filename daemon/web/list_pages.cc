#include <fmt/format.h>

#include <algorithm>

#include "daemon/receivers/alert_view.h"
#include "daemon/receivers/message.h"
#include "daemon/web/markup.h"
#include "daemon/web/page_parts.h"
#include "daemon/web/pages.h"
#include "feeds/ascii.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t most_feeds = 2000;
constexpr std::size_t most_deliveries = 500;

std::string delivery_row(const DeliveryRow& delivery, Instant now) {
  const std::string_view kind = delivery.state == DeliveryState::delivered ? "good"
                                : delivery.state == DeliveryState::dead    ? "bad"
                                                                           : "wait";
  const bool waits =
      delivery.state == DeliveryState::held || delivery.state == DeliveryState::collected;
  const std::string when = delivery.finished ? time_element(*delivery.finished, now)
                           : waits ? "goes out " + time_element(delivery.next_attempt, now)
                           : delivery.attempts > 0
                               ? "next attempt " + time_element(delivery.next_attempt, now)
                               : "waiting";
  return fmt::format(
      "<tr><td>{}</td><td class=\"number\" data-label=\"Revision\">{}</td><td>{}</td>"
      "<td class=\"number\" data-label=\"Attempts\">{}</td><td>{}</td><td>{}</td></tr>\n",
      escaped(delivery.receiver), delivery.revision, badge(kind, to_string(delivery.state)),
      delivery.attempts, when, feed_text(delivery.answer));
}

std::string marked_passage(const AlertView& view) {
  std::string html;
  for (const Piece& piece : clean_pieces(passage_pieces(view))) {
    const std::string text = escaped_lines(piece.text);  // keeps blanks at its ends
    html += piece.marked ? "<mark>" + text + "</mark>" : text;
  }
  return html;
}

std::string deliveries_section(const std::vector<DeliveryRow>& deliveries, Instant now) {
  if (deliveries.empty()) return "<p>Nothing was sent for it.</p>\n";
  std::string rows;
  const std::size_t shown = std::min(deliveries.size(), most_deliveries);
  for (std::size_t i = 0; i < shown; ++i) rows += delivery_row(deliveries[i], now);
  std::string out = fmt::format(
      "<h2>What was sent</h2>\n<div class=\"wide\"><table>\n<thead><tr><th>Receiver</th>"
      "<th class=\"number\">Revision</th><th>State</th><th class=\"number\">Attempts</th>"
      "<th>When</th><th>Answer</th></tr></thead>\n<tbody>\n{}</tbody></table></div>\n",
      rows);
  if (deliveries.size() > shown) {
    out += fmt::format("<p class=\"dim\">and {} more</p>\n", deliveries.size() - shown);
  }
  return out;
}

std::string verdicts_section(const std::vector<VerdictRow>& verdicts, Instant now) {
  if (verdicts.empty()) return "";
  std::string list;
  for (const VerdictRow& verdict : verdicts) {
    list += fmt::format("<li>{} {} <span class=\"dim\">{} {}</span></li>\n",
                        badge(verdict.good ? "good" : "bad", verdict.good ? "right" : "wrong"),
                        feed_text(verdict.note, 500), escaped(verdict.who, 100),
                        time_element(verdict.at, now));
  }
  return fmt::format("<h2>Verdicts</h2>\n<ul class=\"alerts\">\n{}</ul>\n", list);
}

std::string reports_section(const AlertView& view, Instant now) {
  if (view.sources.empty()) return "";
  std::string list;
  for (const AlertSource& source : view.sources) {
    list += fmt::format("<li>{} <span class=\"dim\">{} · {}</span></li>\n",
                        outside_link(source.url, source.title), feed_text(source.name),
                        time_element(source.time, now));
  }
  return fmt::format("<h2>Reports</h2>\n<ol class=\"reports\">\n{}</ol>\n", list);
}

}  // namespace

std::string alerts_page(const std::vector<AlertRow>& alerts, const std::string& rule, Instant now) {
  std::string body = "<h1>Alerts</h1>\n";
  if (!rule.empty()) {
    body += fmt::format("<p>Of the rule {} · <a href=\"/alerts\">all rules</a></p>\n",
                        escaped(rule, 100));
  }
  if (alerts.empty()) {
    body += "<p>No alert yet.</p>\n";
  } else {
    body += "<ul class=\"alerts\">\n";
    for (const AlertRow& alert : alerts) body += alert_entry(alert, now);
    body += "</ul>\n";
  }
  return page("Alerts", body);
}

std::string digest_page(const std::vector<AlertRow>& alerts, Instant now) {
  std::string body = fmt::format("<h1>{} {} in one digest</h1>\n<ul class=\"alerts\">\n",
                                 alerts.size(), alerts.size() == 1 ? "alert" : "alerts");
  for (const AlertRow& alert : alerts) body += alert_entry(alert, now);
  return page("Digest", body + "</ul>\n");
}

std::string alert_page(const AlertRow& alert, const std::vector<DeliveryRow>& deliveries,
                       const std::vector<VerdictRow>& verdicts, Instant now) {
  const Result<AlertView> view = alert_view_from_json(alert.view);
  std::string body = fmt::format(
      "<h1>{}</h1>\n<p class=\"dim\">{} <a href=\"/alerts?rule={}\">{}</a> · {} · revision {} · "
      "<a href=\"/stories/{}\">the story</a></p>\n",
      outside_link(alert.url, alert.headline.empty() ? "(no title)" : alert.headline),
      severity_badge(alert.severity), feeds::percent_encoded(alert.state.rule),
      escaped(alert.state.rule), time_element(alert.created, now), alert.state.revision,
      feeds::percent_encoded(alert.state.story));
  if (view && !view->passage.empty()) {
    body += fmt::format("<blockquote dir=\"auto\">{}</blockquote>\n", marked_passage(*view));
  }
  if (!alert.reason.empty()) {
    body += fmt::format("<p>Decided last: {}.</p>\n", escaped(alert.reason, 300));
  }
  if (view) body += reports_section(*view, now);
  body += deliveries_section(deliveries, now);
  body += verdicts_section(verdicts, now);
  body += fmt::format("<p class=\"dim\">Alert <code>{}</code></p>\n", escaped(alert.state.id, 100));
  return page(alert.headline, body);
}

std::string feeds_page(const std::vector<FeedHealth>& feeds, Instant now) {
  std::vector<const FeedHealth*> ordered;
  for (const FeedHealth& feed : feeds) {
    if (needs_a_look(feed.state)) ordered.push_back(&feed);
  }
  const std::size_t failing = ordered.size();
  for (const FeedHealth& feed : feeds) {
    if (!needs_a_look(feed.state)) ordered.push_back(&feed);
  }
  ordered.resize(std::min(ordered.size(), most_feeds));
  std::string body = fmt::format(
      "<h1>Feeds</h1>\n<p>{} {}, {} of them {} a look: failing, paused, stale or with gaps.</p>\n",
      feeds.size(), feeds.size() == 1 ? "feed" : "feeds", failing, failing == 1 ? "needs" : "need");
  body += feeds_table(ordered, now);
  if (feeds.size() > ordered.size()) {
    body += fmt::format("<p class=\"dim\">and {} more: <code>wirewatch feeds list</code></p>\n",
                        feeds.size() - ordered.size());
  }
  return page("Feeds", body);
}

std::string message_page(std::string_view title, std::string_view text) {
  return page(title, fmt::format("<h1>{}</h1>\n<p>{}</p>", escaped(title), escaped(text, 500)));
}

}  // namespace wirewatch::daemon
