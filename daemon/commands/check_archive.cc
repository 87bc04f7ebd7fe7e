#include "daemon/commands/check_archive.h"

#include <fmt/format.h>

#include <chrono>

#include "daemon/config/source.h"
#include "feeds/text/document.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t most_documents = 5000;
constexpr std::size_t fewest_documents = 100;
constexpr std::size_t most_percent = 5;

// The line on which the rule's name stands as a key.
void place(const Snapshot& snapshot, const std::string& rule, ConfigMessage& message) {
  message.file = snapshot.config_file;
  if (!snapshot.sources) return;
  for (const auto& [path, content] : snapshot.sources->files) {
    const SourceFile file(path, content);
    for (std::uint32_t number = 1; number <= file.lines(); ++number) {
      const std::string_view line = file.line(number);
      const std::size_t first = line.find_first_not_of(' ');
      if (first == std::string_view::npos || first == 0) continue;
      if (!line.substr(first).starts_with(rule + ":")) continue;
      message.file = path;
      message.line = number;
      message.column = static_cast<std::uint32_t>(first) + 1;
      return;
    }
  }
}

}  // namespace

std::vector<ConfigMessage> too_frequent_rules(const Snapshot& snapshot, Reader& store) {
  const auto& rules = snapshot.rules.rules();
  std::vector<std::size_t> held(rules.size());
  std::size_t documents = 0;
  const auto now = std::chrono::time_point_cast<Span>(std::chrono::system_clock::now());
  store.documents_since(now - std::chrono::hours(24 * 30), [&](const DocumentRow& row) {
    const feeds::Document document = feeds::make_document(row.input);
    const auto mentions = snapshot.gazetteer.find(document);
    const Span age = row.first_seen - document.time;
    for (const auto& match : snapshot.rules.match(document, mentions, age)) ++held[match.rule];
    return ++documents < most_documents;
  });
  std::vector<ConfigMessage> messages;
  if (documents < fewest_documents) return messages;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (held[i] * 100 <= documents * most_percent) continue;
    ConfigMessage& message = messages.emplace_back();
    message.error = false;
    message.rule = rules[i].name;
    message.text = fmt::format("rule \"{}\" holds for {} of the archive's {} documents",
                               rules[i].name, held[i], documents);
    message.hint = fmt::format(
        "more than {} % is rarely what is meant: add what must occur as well", most_percent);
    place(snapshot, rules[i].name, message);
  }
  return messages;
}

}  // namespace wirewatch::daemon
