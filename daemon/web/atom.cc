#include "daemon/web/atom.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/receivers/alert_view.h"
#include "daemon/web/markup.h"
#include "feeds/ascii.h"

namespace wirewatch::daemon {
namespace {

// Plain text: the passage, then who reported it.
std::string summary_of(const AlertRow& alert) {
  const Result<AlertView> view = alert_view_from_json(alert.view);
  std::string text = view ? escaped(view->passage, 2000) : std::string();
  std::string sources;
  for (const std::string& source : alert.state.sources) {
    sources += (sources.empty() ? "" : ", ") + escaped(source, 100);
  }
  if (!sources.empty()) text += (text.empty() ? "" : " — ") + sources;
  if (!alert.reason.empty()) text += (text.empty() ? "" : " — ") + escaped(alert.reason, 200);
  return text;
}

std::string entry(const AlertRow& alert, const std::string& base) {
  const std::string article = safe_href(alert.url);
  const std::string ours =
      base.empty() ? "" : escaped(base + "alerts/" + feeds::percent_encoded(alert.state.id));
  std::string links;
  if (!article.empty()) links += fmt::format("<link rel=\"alternate\" href=\"{}\"/>\n", article);
  if (!ours.empty()) {
    links += fmt::format("<link rel=\"{}\" href=\"{}\"/>\n",
                         article.empty() ? "alternate" : "related", ours);
  }
  return fmt::format(
      "<entry>\n<id>urn:wirewatch:alert:{}</id>\n<title>{}</title>\n<published>{}</published>\n"
      "<updated>{}</updated>\n{}<category term=\"{}\"/>\n<category term=\"{}\" "
      "scheme=\"urn:wirewatch:severity\"/>\n<summary>{}</summary>\n</entry>\n",
      feeds::percent_encoded(alert.state.id),
      escaped(alert.headline.empty() ? "(no title)" : alert.headline, 300),
      to_iso8601(alert.created), to_iso8601(std::max(alert.created, alert.updated)), links,
      escaped(alert.state.rule), escaped(alert.severity), summary_of(alert));
}

}  // namespace

std::string alerts_atom(const std::vector<AlertRow>& alerts, const std::string& base,
                        Instant otherwise) {
  Instant updated{};
  for (const AlertRow& alert : alerts) updated = std::max({updated, alert.created, alert.updated});
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n"
      "<id>urn:wirewatch:alerts</id>\n<title>wirewatch alerts</title>\n<updated>{}</updated>\n"
      "<author><name>wirewatch</name></author>\n",
      to_iso8601(alerts.empty() ? otherwise : updated));
  if (!base.empty()) {
    out += fmt::format(
        "<link rel=\"self\" href=\"{0}alerts.atom\"/>\n"
        "<link rel=\"alternate\" type=\"text/html\" href=\"{0}alerts\"/>\n",
        escaped(base));
  }
  for (const AlertRow& alert : alerts) out += entry(alert, base);
  return out + "</feed>\n";
}

}  // namespace wirewatch::daemon
