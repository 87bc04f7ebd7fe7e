// What the files say, read but not yet checked against each other; and the readers of each part.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/query_lists.h"
#include "daemon/config/snapshot.h"
#include "daemon/config/yaml_reader.h"

namespace wirewatch::daemon {

inline constexpr std::size_t kMaxFeeds = 100000;
inline constexpr std::size_t kMaxRules = 20000;
inline constexpr std::size_t kMaxEntities = 200000;
inline constexpr std::size_t kMaxReceivers = 1000;
inline constexpr std::size_t kMaxTexts = 1000;  // names, tags, examples … of one thing
inline constexpr std::size_t kMaxRuleBytes = 64U << 10U;
inline constexpr std::size_t kMaxExampleBytes = 1U << 20U;

struct FeedDraft {
  FeedConfig config;
  Place place;
  bool named = false;      // by `name:`
  bool from_opml = false;  // a second mention is then only a warning
};

struct EntityDraft {
  rules::EntityDef def;
  Place place;
};

struct RuleDraft {
  rules::RuleDef def;
  Place place;
  Context context;
  std::vector<QueryPiece> pieces;                                    // of def.query
  std::vector<std::pair<ValuePtr, rules::Diagnostic>> piece_errors;  // of texts not in def.query
  std::vector<std::size_t> receiver_offsets;                         // as def.receivers
  std::vector<std::size_t> was_offsets;                              // as def.was
  std::vector<std::size_t> example_offsets;                          // as def.examples
};

struct ReceiverDraft {
  ReceiverConfig config;
  Place place;
};

struct Draft {
  Settings settings;
  std::vector<FeedDraft> feeds;
  std::vector<EntityDraft> entities;
  std::vector<RuleDraft> rules;
  std::vector<ReceiverDraft> receivers;
  std::vector<std::pair<std::string, Place>> operators;  // names as `operator` gives them
};

// Keys of the main file only.
void read_settings(const Context& context, Sources& sources, MapReader& map, Settings& settings);
// The value of each key below; null values say nothing.
void read_feeds(const Context& context, Sources& sources, const Value& list, Draft& draft);
void read_rules(const Context& context, Sources& sources, const Value& map, Draft& draft);
void read_receivers(const Context& context, const Value& map, Draft& draft);
// `budget`, `quiet` and `digest` of a rule or a receiver.
void read_send_policy(const Context& context, MapReader& map, rules::SendPolicy& policy);
// These, and what a rule waits for before it tells anybody.
void read_alert_policy(const Context& context, MapReader& map, rules::AlertPolicy& policy);
// The keys of one receiver's kind, which `receiver.kind` names already; `offset` is the kind's key.
void read_receiver_kind(const Context& context, MapReader& map, std::size_t offset,
                        ReceiverConfig& receiver);
// A whole file of entities.
void read_entities(const Context& context, const Value& map, Draft& draft);

// Feeds of an OPML document (opml.org/spec2.opml) with `like` as their pattern; only http and
// https. Outlines that hold others give their text as a tag.
void read_opml(const SourceFile& file, Problems& problems, const FeedConfig& like, Draft& draft);

// "NAME" of a text that is `${NAME}` and nothing else; empty for others.
std::string environment_name(const std::string& text);
// A warning where `text`, which is `what`, holds "${NAME}", though it is neither a path nor names a
// secret.
void warn_of_variable(const Context& context, std::size_t offset, const std::string& what,
                      const std::string& text);
// A path of the config made absolute; `${NAME}` in it is replaced from the environment. Where
// CREDENTIALS_DIRECTORY is not set (a shell, not the service) the path stays as written, for it can
// only be known in the service. nullopt and a report for other variables that are not set.
std::optional<std::string> expand_path(const Context& context, std::size_t offset,
                                       const std::string& path);
// KEY_file, KEY_env or KEY: at most one of them. `literal_allowed`: KEY may hold the value itself,
// else only `${NAME}`. Never quotes the value. `what` names the secret: "a Slack webhook's URL".
SecretRef read_secret_ref(const Context& context, MapReader& map, const std::string& key,
                          bool literal_allowed, const std::string& what);
// `json:` of a feed; null when there is none.
std::shared_ptr<const feeds::JsonMap> read_json_map(const Context& context, MapReader& feed);
// `headers:` of a feed or receiver; those that hold secrets only by reference.
void read_headers(const Context& context, MapReader& map, feeds::Headers& plain,
                  std::vector<std::pair<std::string, SecretRef>>* secret);
// `proxy:` of `http` and of a feed: a URL, a map, or "off", whose URL is empty. nullopt: not there.
std::optional<ProxyConfig> read_proxy(const Context& context, MapReader& map);
// `basic:` of a feed.
BasicAuth read_basic(const Context& context, MapReader& map);
// `ca_file:` of `http`; null when there is none.
std::shared_ptr<const Trust> read_authorities(const Context& context, Sources& sources,
                                              MapReader& map);
// `websub:`, once `public_url` is known.
void read_websub(const Context& context, MapReader& map, Settings& settings);
// CIDRs of `key`.
std::vector<std::string> read_networks(const Context& context, MapReader& map,
                                       const std::string& key);
// Texts of one line without control characters, at most 200 bytes: names and tags.
bool valid_label(const std::string& text);

}  // namespace wirewatch::daemon
