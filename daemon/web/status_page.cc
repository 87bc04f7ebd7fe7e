#include <fmt/format.h>

#include <algorithm>

#include "daemon/web/markup.h"
#include "daemon/web/page_parts.h"
#include "daemon/web/pages.h"
#include "feeds/ascii.h"

namespace wirewatch::daemon {
namespace {

constexpr int refresh_s = 15;
constexpr std::size_t most_rules = 200;
constexpr std::size_t most_problems = 50;

std::string count_of(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string figure(std::uint64_t value, std::string_view label, bool loud = false) {
  return fmt::format("<div class=\"figure{}\"><strong>{}</strong> {}</div>", loud ? " loud" : "",
                     value, label);
}

std::string figures(const StatusFacts& facts) {
  const std::size_t failing = facts.feeds.totals.to_look_at;
  const StoreCounts& counts = facts.counts;
  const auto some = [](std::uint64_t value, std::string_view one, std::string_view many) {
    return figure(value, value == 1 ? one : many);
  };
  return "<div class=\"figures\">" + some(facts.feeds.totals.feeds, "feed", "feeds") +
         figure(failing, failing == 1 ? "needs a look" : "need a look", failing > 0) +
         some(facts.status.rules, "rule", "rules") + some(counts.items, "item", "items") +
         some(counts.stories, "story", "stories") + some(counts.alerts, "alert", "alerts") +
         figure(counts.pending, "waiting to be sent") +
         figure(counts.held, "held for a digest or quiet hours") +
         figure(counts.dead, counts.dead == 1 ? "dead letter" : "dead letters", counts.dead > 0) +
         "</div>\n";
}

std::string lead(const DaemonStatus& status, const StatusFacts& facts) {
  return fmt::format(
      "<p>Watching {} with {}. Started {}, generation {} of <code>{}</code>."
      "</p>\n",
      count_of(facts.feeds.totals.feeds, "feed", "feeds"), count_of(status.rules, "rule", "rules"),
      time_element(status.started, status.now), status.generation,
      escaped(status.config_file, 300));
}

// What the operator should know before anything else.
std::string notices(const StatusFacts& facts) {
  const DaemonStatus& status = facts.status;
  std::string out;
  const auto notice = [&out](const std::string& text) {
    out += fmt::format("<p class=\"notice\" role=\"status\">{}</p>\n", text);
  };
  if (!status.ready) notice("Not ready: starting or stopping.");
  if (status.on_last_good) {
    notice("The config files are broken: running on the last good generation.");
  }
  if (status.held_by_disk) notice("Not polling: the disk of the state folder is nearly full.");
  for (const FeedHealth& feed : facts.feeds.held) {
    notice(fmt::format("{} of {} look republished and are held since {}.",
                       count_of(feed.held, "item", "items"), feed_text(feed.name, 100),
                       time_element(feed.held_since, status.now)));
  }
  for (const FrequentRule& one : status.frequent) {
    notice(
        fmt::format("The rule {} held for {} of the past week's {} documents: more than 5 % is "
                    "rarely what is meant.",
                    escaped(one.rule, 100), one.matched, one.documents));
  }
  std::string held;
  for (const std::string& rule : status.held_back) {
    held += (held.empty() ? "" : ", ") + escaped(rule, 100);
  }
  if (!held.empty()) notice("Rules that run in their last good version: " + held + ".");
  return out;
}

std::string problems(const DaemonStatus& status) {
  if (status.problems.empty()) return "";
  std::string out = "<section>\n<h2>Problems in the config</h2>\n";
  std::size_t shown = 0;
  for (const std::string& problem : status.problems) {
    if (++shown > most_problems) break;
    out += fmt::format("<pre>{}</pre>\n", escaped_lines(problem));
  }
  if (status.problems.size() > most_problems) {
    out += fmt::format("<p class=\"dim\">and {} more: <code>wirewatch check</code></p>\n",
                       status.problems.size() - most_problems);
  }
  return out + "</section>\n";
}

std::string receivers_section(const std::vector<ReceiverHealth>& receivers, Instant now) {
  if (receivers.empty()) return "";
  std::string rows;
  for (const ReceiverHealth& receiver : receivers) {
    std::string state = badge("good", "up");
    if (receiver.down_since) {
      state = badge("bad", "down") + " began " + time_element(*receiver.down_since, now);
    } else if (receiver.refusing_since) {
      state =
          badge("bad", "takes nothing") + " began " + time_element(*receiver.refusing_since, now);
    } else if (receiver.delivered + receiver.failed + receiver.dead == 0) {
      state = badge("wait", "not tried since the start");
    }
    if (receiver.kind == "removed") state = badge("bad", "no longer in the config");
    if (!receiver.last_answer.empty()) {
      state += fmt::format("<p class=\"dim\">{}</p>", feed_text(receiver.last_answer));
    }
    rows += fmt::format(
        "<tr><td>{}<br><span class=\"dim\">{}</span></td><td>{}</td>"
        "<td class=\"number\" data-label=\"Delivered\">{}</td>"
        "<td class=\"number\" data-label=\"Waiting\">{}</td>"
        "<td class=\"number\" data-label=\"Failed attempts\">{}</td>"
        "<td class=\"number\" data-label=\"Dead letters\">{}</td></tr>\n",
        escaped(receiver.name), escaped(receiver.kind), state, receiver.delivered,
        std::max<std::uint64_t>(receiver.waiting, receiver.pending), receiver.failed,
        receiver.dead_letters);
  }
  return fmt::format(
      "<section>\n<h2>Receivers</h2>\n<div class=\"wide\"><table>\n<thead><tr><th>Receiver</th>"
      "<th>State</th><th class=\"number\">Delivered</th><th class=\"number\">Waiting</th>"
      "<th class=\"number\">Failed attempts</th><th class=\"number\">Dead letters</th></tr>"
      "</thead>\n<tbody>\n{}</tbody></table></div>\n</section>\n",
      rows);
}

std::string alerts_section(const StatusFacts& facts) {
  std::string out = "<section>\n<h2>Newest alerts</h2>\n";
  if (facts.alerts.empty()) return out + "<p>No alert yet.</p>\n</section>\n";
  out += "<ul class=\"alerts\">\n";
  for (const AlertRow& alert : facts.alerts) out += alert_entry(alert, facts.status.now);
  return out + "</ul>\n<p><a href=\"/alerts\">All alerts</a></p>\n</section>\n";
}

std::string failing_section(const FeedGlance& feeds, Instant now) {
  if (feeds.noted.empty()) return "";
  std::vector<const FeedHealth*> failing;
  for (const FeedHealth& feed : feeds.noted) failing.push_back(&feed);
  const std::size_t all = feeds.totals.to_look_at;
  std::string out = "<section>\n<h2>Feeds that need a look</h2>\n" + feeds_table(failing, now);
  if (all > failing.size()) {
    out += fmt::format("<p><a href=\"/feeds\">and {} more</a></p>\n", all - failing.size());
  }
  return out + "</section>\n";
}

std::string silences_section(const std::vector<rules::Silence>& silences, Instant now) {
  if (silences.empty()) return "";
  std::string list;
  for (const rules::Silence& silence : silences) {
    std::string what;
    const auto add = [&what](const char* key, const std::string& value) {
      if (!value.empty()) what += fmt::format("{}{} {}", what.empty() ? "" : ", ", key, value);
    };
    add("rule", silence.rule);
    add("story", silence.story.substr(0, 12));
    add("feed", silence.feed);
    add("receiver", silence.receiver);
    list += fmt::format("<li>{} up to {}, until {} <span class=\"dim\">{} {}</span></li>\n",
                        escaped(what, 300), rules::to_string(silence.up_to),
                        time_element(silence.until, now), feed_text(silence.comment, 500),
                        escaped(silence.who, 100));
  }
  return fmt::format("<section>\n<h2>Silences</h2>\n<ul class=\"alerts\">\n{}</ul>\n</section>\n",
                     list);
}

std::string rules_section(const std::vector<std::string>& rules) {
  if (rules.empty()) return "";
  std::string list;
  std::size_t shown = 0;
  for (const std::string& rule : rules) {
    if (++shown > most_rules) break;
    list += fmt::format("<li><a href=\"/alerts?rule={}\">{}</a></li>", feeds::percent_encoded(rule),
                        escaped(rule, 100));
  }
  if (rules.size() > most_rules)
    list += fmt::format("<li>and {} more</li>", rules.size() - most_rules);
  return fmt::format("<section>\n<h2>Rules</h2>\n<ul class=\"sources\">{}</ul>\n</section>\n",
                     list);
}

}  // namespace

std::string status_page(const StatusFacts& facts) {
  const DaemonStatus& status = facts.status;
  std::string body = "<h1>Status</h1>\n" + notices(facts) + lead(status, facts);
  body += figures(facts);
  body += problems(status);
  body += alerts_section(facts);  // what people come for; a red figure above leads to the failing
  body += failing_section(facts.feeds, status.now);
  body += receivers_section(facts.receivers, status.now);
  body += silences_section(facts.silences, status.now);
  body += rules_section(facts.rules);
  body += fmt::format("<footer class=\"dim\">wirewatch {} · state in <code>{}</code> · {}</footer>",
                      escaped(status.version), escaped(status.state_folder, 300),
                      to_iso8601(status.now));
  return page("Status", body, refresh_s);
}

}  // namespace wirewatch::daemon
