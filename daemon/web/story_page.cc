#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <map>

#include "daemon/web/markup.h"
#include "daemon/web/page_parts.h"
#include "daemon/web/pages.h"
#include "daemon/web/story_facts.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t most_documents = 1000;

using Titles = std::map<std::string, std::string>;  // by id

std::string relation_text(const DocumentRow& row, const Titles& titles) {
  const feeds::Placement& placement = row.placement;
  if (placement.relation == feeds::Relation::fresh) return badge("plain", "first report");
  const auto known = titles.find(placement.of);
  const std::string nearest = known == titles.end() ? placement.of : known->second;
  const bool copy = placement.relation == feeds::Relation::copy;
  return fmt::format("{} <span class=\"dim\">{:.0f} % like</span> {}",
                     badge(copy ? "wait" : "good", copy ? "copy" : "same story"),
                     placement.similarity * 100, feed_text(nearest));
}

std::string why_text(const std::vector<std::string>& why) {
  if (why.empty()) return "";
  std::string list;
  for (const std::string& feature : why) {
    list += fmt::format("<li dir=\"auto\">{}</li>", escaped(feature, 100));
  }
  return fmt::format("<ul class=\"why\">{}</ul>", list);
}

// What was decided under each rule that held, with its reason.
std::string decisions_text(const std::string& trace) {
  simdjson::dom::parser parser;
  simdjson::dom::array traced;
  if (parser.parse(trace).get(traced) != simdjson::SUCCESS) return "";
  std::string list;
  for (const simdjson::dom::element one : traced) {
    std::string_view rule, action, reason;
    if (one["rule"].get(rule) != simdjson::SUCCESS) continue;
    if (one["action"].get(action) != simdjson::SUCCESS) continue;
    if (one["reason"].get(reason) != simdjson::SUCCESS) continue;
    const bool told = action == "alert" || action == "update";
    list += fmt::format("<li>{} {}: {}</li>",
                        badge(told ? "good" : "plain", told ? "told" : "not told"),
                        escaped(rule, 100), feed_text(reason));
  }
  return list.empty() ? "" : fmt::format("<ul class=\"why\">{}</ul>", list);
}

std::string joined(const std::vector<std::string>& list) {
  constexpr std::size_t most = 30;
  std::string text;
  for (std::size_t i = 0; i < list.size() && i < most; ++i) {
    if (!text.empty()) text += ", ";
    text += feed_text(list[i]);
  }
  if (list.size() > most) text += fmt::format(" and {} more", list.size() - most);
  return text;
}

std::string part_text(const feeds::ReportPart& part) {
  std::string text;
  if (!part.added.empty()) text += "<p class=\"dim\">new in it: " + joined(part.added) + "</p>";
  if (!part.origins.empty())
    text += "<p class=\"dim\">names as its origin: " + joined(part.origins) + "</p>";
  return text;
}

std::string independence_text(const std::vector<DocumentRow>& documents,
                              const feeds::Independence& facts) {
  std::string text = fmt::format("<p>{} independent {} from {} {}", facts.texts,
                                 facts.texts == 1 ? "text" : "texts", facts.sources.size(),
                                 facts.sources.size() == 1 ? "source" : "sources");
  if (!facts.countries.empty()) text += " in " + joined(facts.countries);
  text += "; first " + feed_text(documents[facts.first].input.source) + ".";
  if (!facts.origins.empty()) text += " Origins named: " + joined(facts.origins) + ".";
  return text + "</p>\n";
}

std::string document_entry(const DocumentRow& row, const Titles& titles,
                           const feeds::ReportPart& part, Instant now) {
  const std::string edited =
      row.revision > 1 ? fmt::format(" · revision {}", row.revision) : std::string();
  return fmt::format(
      "<li><h3>{}</h3>\n<p class=\"dim\">{} · {}{}{}</p>\n<p>{}</p>{}{}{}</li>\n",
      outside_link(row.input.url, row.input.title.empty() ? "(no title)" : row.input.title),
      feed_text(row.input.source), time_element(row.input.time, now), edited,
      row.baseline ? " · there when the feed was first read" : "", relation_text(row, titles),
      why_text(row.placement.why), decisions_text(row.trace), part_text(part));
}

}  // namespace

std::string story_page(const std::vector<DocumentRow>& documents,
                       const std::vector<AlertRow>& alerts, Instant now) {
  Titles titles;
  for (const DocumentRow& row : documents) titles.emplace(row.input.id, row.input.title);
  const std::string title = documents.empty() ? "Story" : documents.front().input.title;
  std::string body = fmt::format("<h1 dir=\"auto\">{}</h1>\n<p>{} {}, in order of arrival.</p>\n",
                                 escaped(title.empty() ? "(no title)" : title, 300),
                                 documents.size(), documents.size() == 1 ? "report" : "reports");
  const feeds::Independence facts = independence_of(documents);
  if (!documents.empty()) body += independence_text(documents, facts);
  body += "<ol class=\"timeline\">\n";
  const std::size_t shown = std::min(documents.size(), most_documents);
  for (std::size_t i = 0; i < shown; ++i) {
    const bool read = i < facts.reports.size();
    const feeds::ReportPart part = read ? facts.reports[i] : feeds::ReportPart();
    body += document_entry(documents[i], titles, part, now);
  }
  body += "</ol>\n";
  if (documents.size() > shown) {
    body += fmt::format("<p class=\"dim\">and {} more: <code>wirewatch story</code></p>\n",
                        documents.size() - shown);
  }
  if (!alerts.empty()) {
    body += "<h2>Alerts about it</h2>\n<ul class=\"alerts\">\n";
    for (const AlertRow& alert : alerts) body += alert_entry(alert, now);
    body += "</ul>\n";
  }
  return page(title, body);
}

}  // namespace wirewatch::daemon
