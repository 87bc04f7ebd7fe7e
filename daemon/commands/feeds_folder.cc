#include "daemon/commands/feeds_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>

#include "daemon/config/check.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

constexpr int kMostNumbers = 1000;  // "list.yaml", "list-2.yaml" … in one folder

// A text in double quotes as YAML 1.2 reads it, which takes JSON's.
std::string quoted(const std::string& text) {
  JsonWriter w;
  w.begin_array().value(text).end_array();
  const std::string list = w.take();
  return list.substr(1, list.size() - 2);
}

std::string yaml_of(const std::string& heading, const std::vector<FeedConfig>& feeds) {
  std::string yaml = fmt::format(
      "# {}\n# This file is yours to edit; it is never written again.\nfeeds:\n", heading);
  for (const FeedConfig& feed : feeds) {
    yaml += fmt::format("  - url: {}\n", quoted(feed.url));
    if (!feed.name.empty()) yaml += fmt::format("    name: {}\n", quoted(feed.name));
    if (feed.tags.empty()) continue;
    std::string tags;
    for (const std::string& tag : feed.tags) tags += (tags.empty() ? "" : ", ") + quoted(tag);
    yaml += fmt::format("    tags: [{}]\n", tags);
  }
  return yaml;
}

// Letters, digits, dots and dashes: a file's name everywhere, never a hidden one.
std::string tidy_stem(const std::string& stem) {
  std::string tidy;
  for (const char c : stem.substr(0, 80)) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (good || (c == '.' && !tidy.empty())) {
      tidy += c;
    } else if (!tidy.empty() && tidy.back() != '-') {
      tidy += '-';
    }
  }
  while (!tidy.empty() && (tidy.back() == '-' || tidy.back() == '.')) tidy.pop_back();
  return tidy.empty() ? "feeds" : tidy;
}

Error failed(const std::string& path) {
  return {ErrorKind::refused, fmt::format("cannot write \"{}\": {}", path, std::strerror(errno))};
}

// Creates `path` with `text`; false when a file of that name is there already.
Result<bool> create(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0) {
    if (errno == EEXIST) return false;
    return failed(path);
  }
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t count = ::write(file, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) break;
    written += static_cast<std::size_t>(count);
  }
  const bool whole = written == text.size() && ::fsync(file) == 0;
  const Error error = failed(path);
  ::close(file);
  if (whole) return true;
  ::unlink(path.c_str());
  return error;
}

}  // namespace

Result<FeedsFolder> open_feeds_folder(const CommandLine& line) {
  const std::string config = line.value_or("config", default_config());
  if (config.empty()) return Error{ErrorKind::not_found, "no config: name one with --config FILE"};
  std::error_code code;
  if (!std::filesystem::exists(config, code)) {
    return Error{ErrorKind::not_found, fmt::format("there is no config \"{}\"", config)};
  }
  FeedsFolder folder;
  const auto home = std::filesystem::absolute(config).lexically_normal().parent_path();
  folder.path = (home / "feeds.d").string();
  const LoadOutcome loaded = load_config(config);
  if (!loaded.snapshot) {
    std::string text = "the config is refused; `wirewatch check` says why";
    for (const ConfigMessage& message : loaded.messages) {
      if (!message.error) continue;
      text = fmt::format("the config is refused: {}", to_line(message));
      break;
    }
    return Error{ErrorKind::invalid, text};
  }
  folder.snapshot = loaded.snapshot;
  bool is_read = false;
  for (const std::string& read : loaded.snapshot->folders) {
    is_read =
        is_read || read == folder.path || std::filesystem::equivalent(read, folder.path, code);
  }
  if (!is_read) {
    return Error{
        ErrorKind::refused,
        fmt::format("the config does not read \"{}\" yet: write \"include: [feeds.d]\" into "
                    "{}, then ask again",
                    folder.path, folder.snapshot->config_file)};
  }
  return folder;
}

FeedsToAdd sort_out(const Snapshot& snapshot, std::vector<FeedConfig> wanted) {
  std::set<std::string> urls;
  std::set<std::string> names;
  for (const FeedConfig& feed : snapshot.feeds) {
    urls.insert(address_of(feed.url));
    names.insert(feed.name);
  }
  FeedsToAdd sorted;
  for (FeedConfig& feed : wanted) {
    if (!urls.insert(address_of(feed.url)).second) {
      sorted.known.push_back(std::move(feed));
      continue;
    }
    // Names are unique; a feed whose name is taken goes by its host or URL.
    if (!feed.name.empty() && !names.insert(feed.name).second) feed.name.clear();
    sorted.fresh.push_back(std::move(feed));
  }
  return sorted;
}

Result<std::string> write_feeds(const FeedsFolder& folder, const std::string& stem,
                                const std::string& heading, const std::vector<FeedConfig>& feeds) {
  const std::string tidy = tidy_stem(stem);
  const std::string yaml = yaml_of(heading, feeds);
  std::error_code code;
  std::filesystem::create_directories(folder.path, code);
  if (code) {
    return Error{ErrorKind::refused,
                 fmt::format("cannot make \"{}\": {}", folder.path, code.message())};
  }
  for (int number = 1; number <= kMostNumbers; ++number) {
    const std::string name = number == 1 ? tidy : fmt::format("{}-{}", tidy, number);
    const std::string path = fmt::format("{}/{}.yaml", folder.path, name);
    const auto created = create(path, yaml);
    if (!created) return created.error();
    if (!*created) continue;
    const LoadOutcome again = load_config(folder.snapshot->config_file);
    if (again.snapshot) return path;
    ::unlink(path.c_str());
    std::string why;
    for (const ConfigMessage& message : again.messages) {
      if (message.error && why.empty()) why = to_line(message);
    }
    return Error{ErrorKind::invalid, "nothing was written: the config would be refused: " + why};
  }
  return Error{ErrorKind::too_big,
               fmt::format("\"{}\" holds too many files \"{}-….yaml\"", folder.path, tidy)};
}

}  // namespace wirewatch::daemon
