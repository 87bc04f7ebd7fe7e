#include "daemon/polling/replay.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <fstream>

namespace wirewatch::daemon {
namespace {

constexpr std::size_t most_entries = 100000;
constexpr std::size_t most_bad_lines_kept = 100;
constexpr double longest_pause_seconds = 86400;

std::string escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    if (c == '&')
      html += "&amp;";
    else if (c == '<')
      html += "&lt;";
    else if (c == '\n')
      html += "<br>";
    else
      html += c;
  }
  return html;
}

std::string text_of(const simdjson::dom::element& object, const char* key) {
  std::string_view value;
  if (object[key].get(value) != simdjson::SUCCESS) return {};
  return std::string(value);
}

Result<ReplayEntry> read_entry(const simdjson::dom::element& object, Span gap) {
  ReplayEntry entry;
  entry.item.title = text_of(object, "title");
  entry.item.content = escaped(text_of(object, "text"));
  entry.item.link = text_of(object, "url");
  entry.item.guid = text_of(object, "id");
  entry.item.language = text_of(object, "lang");
  entry.source = text_of(object, "source");
  entry.after = gap;
  if (entry.item.title.empty() && entry.item.content.empty()) {
    return Error{ErrorKind::invalid, "has neither \"title\" nor \"text\""};
  }
  double seconds = 0;
  const auto told = object["after"].get(seconds);
  if (told != simdjson::NO_SUCH_FIELD) {
    if (!(told == simdjson::SUCCESS && seconds >= 0 && seconds <= longest_pause_seconds)) {
      return Error{ErrorKind::invalid, "\"after\" is a number of seconds from 0 to 86400"};
    }
    entry.after = Span(static_cast<std::int64_t>(seconds * 1e6));
  }
  const std::string published = text_of(object, "published");
  if (!published.empty()) {
    entry.item.published = from_iso8601(published);
    if (!entry.item.published) {
      return Error{ErrorKind::invalid, fmt::format("\"published\": \"{}\" is no ISO 8601 instant "
                                                   "such as 2024-12-26T16:00:00Z",
                                                   published)};
    }
  }
  return entry;
}

}  // namespace

Result<Replay> read_replay(const std::string& path, Span gap) {
  std::error_code error;  // opening says it better
  const bool is_other = std::filesystem::exists(path, error) &&
                        !std::filesystem::is_regular_file(path, error);  // a pipe would hold us
  if (is_other) return Error{ErrorKind::invalid, fmt::format("\"{}\" is not a file", path)};
  std::ifstream file(path);
  if (!file) return Error{ErrorKind::not_found, fmt::format("cannot read \"{}\"", path)};
  Replay replay;
  const auto leave_out = [&replay](std::size_t number, std::string reason) {
    if (replay.bad.size() < most_bad_lines_kept) replay.bad.push_back({number, std::move(reason)});
    ++replay.bad_lines;
  };
  simdjson::dom::parser parser;
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    simdjson::dom::element object;
    if (parser.parse(line).get(object) != simdjson::SUCCESS || !object.is_object()) {
      leave_out(number, "not a JSON object");
      continue;
    }
    auto entry = read_entry(object, gap);
    if (!entry) {
      leave_out(number, entry.error().text);
      continue;
    }
    if (replay.entries.size() == most_entries) {
      return Error{ErrorKind::too_big,
                   fmt::format("\"{}\" has more than {} items", path, most_entries)};
    }
    replay.entries.push_back(std::move(*entry));
  }
  return replay;
}

Result<ReplayFile> refresh_replay(ReplayFile before, const std::string& path, Span gap) {
  std::error_code error;  // read_replay says it better
  const auto written = std::filesystem::last_write_time(path, error);
  const bool same = before.path == path && before.gap == gap && before.written == written;
  if (!error && same && before.replay) return before;
  auto replay = read_replay(path, gap);
  if (!replay) return replay.error();
  ReplayFile file;
  file.path = path;
  file.gap = gap;
  file.written = written;
  file.replay = std::make_shared<const Replay>(std::move(*replay));
  return file;
}

std::size_t go_on_at(const Replay& before, const Replay& now, std::size_t released) {
  const auto same = [](const feeds::Item& a, const feeds::Item& b) {
    return a.guid == b.guid && a.link == b.link && a.title == b.title && a.content == b.content;
  };
  std::size_t at = 0;
  while (at < released && at < before.entries.size() && at < now.entries.size() &&
         same(before.entries[at].item, now.entries[at].item)) {
    ++at;
  }
  return at;
}

std::vector<std::string> describe_bad_lines(const std::string& path, const Replay& replay) {
  constexpr std::size_t most = 5;
  std::vector<std::string> texts;
  for (const BadLine& bad : replay.bad) {
    if (texts.size() + 1 == most && replay.bad_lines > most) {
      texts.push_back(fmt::format("and {} more lines: `wirewatch check` names them",
                                  replay.bad_lines - texts.size()));
      break;
    }
    texts.push_back(fmt::format("{}:{}: {}; the line is left out", path, bad.line, bad.reason));
  }
  return texts;
}

}  // namespace wirewatch::daemon
