#include "feeds/article/feed_guesses.h"

#include <algorithm>

#include "feeds/parse/xml_text.h"
#include "feeds/url.h"

namespace wirewatch::feeds {
namespace {

struct Habit {
  std::string_view generator;  // what meta generator begins with, in lower case
  std::string_view path;
};

constexpr Habit habits[] = {{"wordpress", "/feed/"},
                            {"ghost", "/rss/"},
                            {"blogger", "/feeds/posts/default"},
                            {"drupal", "/rss.xml"},
                            {"hugo", "/index.xml"},
                            {"jekyll", "/feed.xml"},
                            {"gatsby", "/rss.xml"},
                            {"hexo", "/atom.xml"},
                            {"pelican", "/feeds/all.atom.xml"},
                            {"squarespace", "/?format=rss"},
                            {"substack", "/feed"},
                            {"medium", "/feed"},
                            {"typo3", "/feed.xml"},
                            {"joomla", "/?format=feed&type=rss"},
                            {"eleventy", "/feed.xml"},
                            {"discourse", "/latest.rss"},
                            {"mediawiki", "/index.php?title=Special:RecentChanges&feed=atom"}};

constexpr std::string_view common_paths[] = {
    "/feed",      "/rss",   "/rss.xml",       "/feed.xml",  "/atom.xml",  "/index.xml",
    "/feed.json", "/feeds", "/rss/index.xml", "/index.rdf", "/?feed=rss2"};
constexpr std::size_t most_guesses = 16;

// The page's address without query and fragment: "https://example.org/blog/x".
std::string_view without_query(std::string_view url) {
  return url.substr(0, url.find_first_of("?#"));
}

std::string_view path_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::size_t slash = url.find('/', scheme + 3);
  return slash == std::string_view::npos ? std::string_view() : url.substr(slash);
}

class Guesses {
 public:
  explicit Guesses(std::string_view base) : base_(base) {}
  void add(std::string_view reference) {
    const auto url = resolve_url(base_, reference);
    if (!url || list_.size() >= most_guesses) return;
    if (std::find(list_.begin(), list_.end(), *url) == list_.end()) list_.push_back(*url);
  }
  std::vector<std::string> take() { return std::move(list_); }

 private:
  std::string base_;
  std::vector<std::string> list_;
};

// Platforms whose addresses say what they are; `path` begins with "/".
void add_for_host(Guesses& guesses, std::string_view host, std::string_view path) {
  const std::string trimmed(path.ends_with('/') ? path.substr(0, path.size() - 1) : path);
  if (host == "youtube.com" && path.starts_with("/channel/")) {
    const std::string_view id = path.substr(9, path.substr(9).find('/'));
    guesses.add("/feeds/videos.xml?channel_id=" + std::string(id));
  }
  if (host == "reddit.com" || host == "old.reddit.com") guesses.add(trimmed + "/.rss");
  if (host == "github.com" && std::count(trimmed.begin(), trimmed.end(), '/') >= 2) {
    const std::size_t end = trimmed.find('/', trimmed.find('/', 1) + 1);
    guesses.add(trimmed.substr(0, end) + "/releases.atom");
    guesses.add(trimmed.substr(0, end) + "/commits.atom");
  }
  if (host == "medium.com" && trimmed.size() > 1) guesses.add("/feed" + trimmed);
  if (host.ends_with(".blogspot.com")) guesses.add("/feeds/posts/default");
  if (host.ends_with(".tumblr.com")) guesses.add("/rss");
  if (path.starts_with("/@")) guesses.add(trimmed + ".rss");  // Mastodon and its kin
}

}  // namespace

std::vector<std::string> guess_feeds(std::string_view url, std::string_view generator) {
  const std::string_view page = without_query(url);
  const std::string_view path = path_of(page);
  Guesses guesses(page);
  const std::string software = lower(trim(generator.substr(0, 100)));
  add_for_host(guesses, host_of(url), path);
  for (const Habit& habit : habits) {
    if (software.starts_with(habit.generator)) guesses.add(habit.path);
  }
  // A section's own feed, "/blog/" → "/blog/feed", before the site's.
  const std::string folder(path.ends_with('/') ? path.substr(0, path.size() - 1) : path);
  if (!folder.empty() && folder.rfind('.') == std::string::npos) {
    for (const std::string_view one : {"/feed", "/rss", "/index.xml"}) {
      guesses.add(folder + std::string(one));
    }
  }
  for (const std::string_view one : common_paths) guesses.add(one);
  return guesses.take();
}

}  // namespace wirewatch::feeds
