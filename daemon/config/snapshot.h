// What the config files say, checked and compiled: immutable, swapped whole.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/credentials.h"
#include "daemon/loop/network.h"
#include "daemon/receivers/receiver.h"
#include "daemon/store/options.h"
#include "feeds/article/choose.h"
#include "feeds/stories/story_index.h"
#include "rules/match/rule_set.h"

namespace wirewatch::feeds {
struct JsonMap;  // feeds/parse/json_map.h
}

namespace wirewatch::daemon {

struct SourceSet;  // daemon/config/source.h
class Trust;       // daemon/loop/trust.h

// How a feed is asked, where that differs from the settings.
struct FeedRequest {
  std::string user_agent;  // empty: settings.user_agent
  feeds::Headers headers;  // not secret
  std::vector<std::pair<std::string, SecretRef>> secret_headers;
  BasicAuth basic;
  std::optional<ProxyConfig> proxy;  // instead of settings.proxy
  bool operator==(const FeedRequest&) const = default;
};

// There may be 100,000 of them: what few feeds have stands apart.
struct FeedConfig {
  std::string key;     // `id:` when given, else the URL (or "replay:<path>"): names its state
  std::string name;    // as people know it; the host when none was given
  std::string url;     // empty for replay sources
  std::string replay;  // file of a replay source, absolute
  std::optional<Span> every;
  std::optional<Span> every_least;  // bounds of what its rhythm chooses
  std::optional<Span> every_most;
  std::vector<std::string> tags;
  feeds::FetchArticle fetch_article = feeds::FetchArticle::never;
  bool websub = true;  // may subscribe at its hub, where settings.callback_url is set
  std::shared_ptr<const FeedRequest> own_request;  // null: asked as the settings say
  std::shared_ptr<const feeds::JsonMap> json;      // null: a feed that says itself what it is

  const FeedRequest& request() const {
    static const FeedRequest as_all;
    return own_request ? *own_request : as_all;
  }
};

// How the pages of items are fetched, for feeds with `fetch_article`.
struct ArticleSettings {
  Span timeout =
      std::chrono::seconds(30);      // after its item was stored; then the feed's text counts
  std::size_t short_words = 120;     // below them the feed's own text is short
  std::size_t body_cap = 4U << 20U;  // bytes of a page, as sent and decoded
  std::size_t at_once = 16;          // pages under way together …
  std::size_t per_host = 2;          // … and from one host
};

// Lets someone else notice when this daemon is dead: a GET now and then.
struct Heartbeat {
  SecretRef url;
  Span every{};  // zero: none
  std::vector<std::string> allow;
};

// How many polls all feeds together may have.
struct Polling {
  std::uint64_t polls = 3'600'000;
  Span window = std::chrono::hours(1);
};

struct Settings {
  std::string state_folder;               // empty: $STATE_DIRECTORY, then XDG
  std::string listen = "127.0.0.1:8420";  // "off": no pages
  std::string public_url;
  std::string time_zone;  // IANA name; empty: the system's
  std::string log_level = "info";
  std::string user_agent;
  NetworkRules network;
  HttpLimits http;
  ProxyConfig proxy;
  std::shared_ptr<const Trust> trust;  // authorities beside the system's; null: none
  std::string callback_url;            // hubs send to this and "/TOKEN"; empty: WebSub is off
  Polling polling;
  std::size_t body_cap = 15U << 20U;  // decompressed bytes of a feed document
  Span http_deadline = std::chrono::seconds(60);
  ArticleSettings article;
  feeds::StoryLimits stories;
  Retention archive;
  std::size_t pool_threads = 2;
  Span stop_within = std::chrono::seconds(10);
  std::vector<std::string> operators;  // receivers that hear of what needs a hand
  Heartbeat heartbeat;
};

// A message about a file, as a compiler gives it.
struct ConfigMessage {
  bool error = true;
  std::string file;
  std::uint32_t line = 0;    // from 1; 0: the whole file
  std::uint32_t column = 0;  // from 1
  std::string text;
  std::string hint;
  std::string rule;  // the rule it is about, if any
};
// "rules.yaml:12:9: error: …" and, when the file can be read, the line with a caret below.
std::string to_text(const ConfigMessage& message);
// The same on one line, where a level is told already: without the source, the hint in parentheses.
std::string to_line(const ConfigMessage& message);
bool has_error(const std::vector<ConfigMessage>& messages);

struct Value;  // yaml.h

struct Snapshot {
  std::uint64_t generation = 0;
  std::string config_file;  // absolute
  Settings settings;
  std::vector<FeedConfig> feeds;
  rules::Gazetteer gazetteer;
  std::size_t entities = 0;  // that the files define; the gazetteer knows countries as well
  rules::RuleSet rules;
  std::vector<std::string> held_back;  // rules running in their last good version
  std::vector<ReceiverConfig> receivers;
  std::vector<std::string> files;            // every file that was read, absolute
  std::vector<std::string> folders;          // every folder that was included, absolute
  std::shared_ptr<const SourceSet> sources;  // what stood in them
  // Of included files, by path, as far as load.h keeps them: the next load parses the others.
  std::map<std::string, std::shared_ptr<const Value>> trees;
};

struct LoadOutcome {
  std::shared_ptr<const Snapshot> snapshot;  // null when the whole was refused
  std::vector<ConfigMessage> messages;       // errors and warnings, in file order
  std::string state_folder;  // the config's `state:`, also of a refused one that could be read
  // What was looked at, also by a refused load, and what could not be read: mended there, it is to
  // be loaded again. Absolute; of folders the "*.yaml" files count.
  std::vector<std::string> files;
  std::vector<std::string> folders;
};

// Reads `config_file` and everything it includes. With `previous`, a rule that does not compile or
// fails its example keeps its version there and the rest goes live; without, such a rule is an
// error of its own and left out. Structural errors refuse the whole.
LoadOutcome load_config(const std::string& config_file, const Snapshot* previous = nullptr);

// The last good generation: a copy of its files in the state folder, for a start with broken ones.
Result<void> keep_last_good(const Snapshot& snapshot, const std::string& state_folder);
LoadOutcome load_last_good(const std::string& state_folder);
// Whether the generation that is kept there read files of this included folder (absolute).
bool last_good_had_files(const std::string& state_folder, const std::string& folder);

}  // namespace wirewatch::daemon
