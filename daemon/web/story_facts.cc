#include "daemon/web/story_facts.h"

#include <algorithm>

#include "feeds/text/document.h"

namespace wirewatch::daemon {

feeds::Independence independence_of(const std::vector<DocumentRow>& rows) {
  std::vector<feeds::Document> documents;
  const std::size_t most = std::min(rows.size(), most_story_facts);
  documents.reserve(most);
  for (std::size_t i = 0; i < most; ++i) documents.push_back(feeds::make_document(rows[i].input));
  std::vector<feeds::StoryReport> reports;
  for (std::size_t i = 0; i < most; ++i)
    reports.push_back({&documents[i], rows[i].placement.copy_group});
  return feeds::independence(reports);
}

void write_independence(JsonWriter& json, const std::vector<DocumentRow>& documents,
                        const feeds::Independence& facts) {
  json.key("independence").begin_object();
  json.member("texts", static_cast<std::uint64_t>(facts.texts));
  json.member("sources", facts.sources);
  json.member("countries", facts.countries);
  json.member("origins", facts.origins);
  json.member("first", documents[facts.first].input.id);
  json.end_object();
}

void write_part(JsonWriter& json, const feeds::ReportPart& part) {
  if (!part.added.empty()) json.member("added", part.added);
  if (!part.origins.empty()) json.member("origins", part.origins);
  json.member_if("country", part.country);
}

}  // namespace wirewatch::daemon
