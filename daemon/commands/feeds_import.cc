// `feeds import FILE.opml` and `feeds add URL`.
#include <fmt/format.h>

#include <filesystem>

#include "daemon/commands/feeds_folder.h"
#include "daemon/commands/feeds_verbs.h"
#include "daemon/config/draft.h"
#include "daemon/config/units.h"
#include "feeds/json_writer.h"
#include "feeds/url.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t kShown = 20;  // feeds listed as text, of each kind

std::string called(const FeedConfig& feed) {
  return feed.name.empty() ? feed.url : fmt::format("{}  {}", feed.name, feed.url);
}

void list(std::string_view what, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  fmt::print("{} {}:\n", lines.size(), what);
  for (std::size_t i = 0; i < lines.size() && i < kShown; ++i) fmt::print("  {}\n", lines[i]);
  if (lines.size() > kShown) fmt::print("  and {} more\n", lines.size() - kShown);
}

std::vector<std::string> called_each(const std::vector<FeedConfig>& feeds) {
  std::vector<std::string> lines;
  lines.reserve(feeds.size());
  for (const FeedConfig& feed : feeds) lines.push_back(called(feed));
  return lines;
}

void print_json(const std::string& file, const FeedsToAdd& sorted,
                const std::vector<std::string>& skipped) {
  JsonWriter w;
  w.begin_object();
  w.member_if("file", file);
  std::vector<std::string> urls;
  for (const FeedConfig& feed : sorted.fresh) urls.push_back(feed.url);
  w.member("new", urls);
  urls.clear();
  for (const FeedConfig& feed : sorted.known) urls.push_back(feed.url);
  w.member("already_there", urls);
  w.member("skipped", skipped);
  w.end_object();
  fmt::print("{}\n", w.take());
}

// Tags of --tag: "wire" or "wire, arabic".
Result<std::vector<std::string>> tags_of(const CommandLine& line) {
  std::vector<std::string> tags;
  std::string rest = line.value_or("tag", "");
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    std::string tag = rest.substr(0, comma);
    rest.erase(0, comma + 1);
    const std::size_t begin = tag.find_first_not_of(' ');
    if (begin == std::string::npos) continue;
    tag = tag.substr(begin, tag.find_last_not_of(' ') - begin + 1);
    if (!valid_label(tag))
      return Error{ErrorKind::invalid, fmt::format("{} is no tag", in_quotes(tag))};
    tags.push_back(std::move(tag));
  }
  return tags;
}

}  // namespace

int feeds_import(const CommandLine& line) {
  if (line.words().size() < 2) {
    return complain("feeds", "import what? feeds import FILE.opml", exit_misuse);
  }
  const std::string& path = line.words()[1];
  const auto tags = tags_of(line);
  if (!tags) return complain("feeds", tags.error().text, exit_misuse);
  auto text = read_input(path);
  if (!text) return complain("feeds", text.error().text);
  if (text->size() > kMaxConfigFile) {
    return complain("feeds", fmt::format("\"{}\" is larger than 16 MiB", path));
  }
  const auto folder = open_feeds_folder(line);
  if (!folder) return complain("feeds", folder.error().text);

  const SourceFile file(path, std::move(*text));
  Problems problems;
  Draft draft;
  FeedConfig like;
  like.tags = *tags;
  read_opml(file, problems, like, draft);
  std::vector<std::string> skipped;
  for (const ConfigMessage& message : problems.take({path})) {
    if (message.error) return complain("feeds", to_line(message));
    skipped.push_back(to_line(message));
  }
  std::vector<FeedConfig> wanted;
  for (FeedDraft& feed : draft.feeds) wanted.push_back(std::move(feed.config));
  const FeedsToAdd sorted = sort_out(*folder->snapshot, std::move(wanted));
  std::string written;
  if (!sorted.fresh.empty()) {
    const std::string name =
        path == "-" ? "imported" : std::filesystem::path(path).filename().string();
    const std::string stem = path == "-" ? name : std::filesystem::path(path).stem().string();
    auto made =
        write_feeds(*folder, stem, fmt::format("Imported from {}.", in_quotes(name)), sorted.fresh);
    if (!made) return complain("feeds", made.error().text);
    written = std::move(*made);
  }
  if (line.has("json")) {
    print_json(written, sorted, skipped);
    return exit_ok;
  }
  if (written.empty()) {
    fmt::print("nothing new\n");
  } else {
    fmt::print("{} new in {}\n", sorted.fresh.size(), written);
  }
  list("there already", called_each(sorted.known));
  list("left out", skipped);
  return exit_ok;
}

int feeds_add(const CommandLine& line) {
  if (line.words().size() < 2) return complain("feeds", "add what? feeds add URL", exit_misuse);
  FeedConfig feed;
  feed.url = line.words()[1];
  const auto good = check_url(feed.url);
  if (!good)
    return complain("feeds", fmt::format("this is no URL of a feed: {}", good.error().text));
  if (url_has_password(feed.url)) {
    return complain("feeds",
                    "a feed's URL may not hold a user or a password: write "
                    "`basic: {user: NAME, password_file: PATH}` for it into the config");
  }
  feed.name = line.value_or("name", "");
  if (line.has("name") && !valid_label(feed.name)) {
    return complain(
        "feeds", fmt::format("{} is no name: one line of at most 200 bytes", in_quotes(feed.name)),
        exit_misuse);
  }
  auto tags = tags_of(line);
  if (!tags) return complain("feeds", tags.error().text, exit_misuse);
  feed.tags = std::move(*tags);
  const auto folder = open_feeds_folder(line);
  if (!folder) return complain("feeds", folder.error().text);
  for (const FeedConfig& other : folder->snapshot->feeds) {
    if (!feed.name.empty() && other.name == feed.name && other.url != feed.url) {
      return complain(
          "feeds", fmt::format("another feed is called {}: {}", in_quotes(feed.name), other.url));
    }
  }
  const std::string stem = feed.name.empty() ? feeds::host_of(feed.url) : feed.name;
  const FeedsToAdd sorted = sort_out(*folder->snapshot, {feed});
  std::string written;
  if (!sorted.fresh.empty()) {
    auto made = write_feeds(*folder, stem, "Added by hand.", sorted.fresh);
    if (!made) return complain("feeds", made.error().text);
    written = std::move(*made);
  }
  if (line.has("json")) {
    print_json(written, sorted, {});
  } else if (written.empty()) {
    fmt::print("it is there already\n");
  } else {
    fmt::print("added in {}\n", written);
  }
  return exit_ok;
}

}  // namespace wirewatch::daemon
