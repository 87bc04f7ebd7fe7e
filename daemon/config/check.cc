#include "daemon/config/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "feeds/url.h"

namespace wirewatch::daemon {
namespace {

using Seen = std::unordered_map<std::string, Place>;

std::string where(const Place& first, const Place& now) {
  const std::uint32_t line = first.file->position(first.offset).line;
  if (first.file == now.file) return fmt::format("the first is in line {}", line);
  return fmt::format("the first is in {}:{}", first.file->path(), line);
}

// Reports `name` when it was seen before.
bool doubled(Seen& seen, const std::string& name, const Place& place, const std::string& what,
             Problems& problems) {
  const auto first = seen.emplace(name, place);
  if (first.second) return false;
  problems.error(place, fmt::format("{} {} is there twice", what, in_quotes(name)),
                 where(first.first->second, place));
  return true;
}

std::string host_in(std::string_view url) {
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) return {};
  std::string_view rest = url.substr(colon + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  const std::size_t bracket = rest.find(']');
  const std::size_t port = rest.find(':', bracket == std::string_view::npos ? 0 : bracket);
  rest = rest.substr(0, port);
  if (rest.rfind("www.", 0) == 0) rest.remove_prefix(4);
  return std::string(rest);
}

std::string file_name(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  return name.substr(0, name.rfind('.'));
}

void drop_doubled_sources(std::vector<FeedDraft>& feeds, Problems& problems) {
  Seen keys;
  std::vector<FeedDraft> kept;
  kept.reserve(feeds.size());
  for (FeedDraft& feed : feeds) {
    const auto first = keys.emplace(feed.config.key, feed.place);
    if (first.second) {
      kept.push_back(std::move(feed));
      continue;
    }
    const std::string text = fmt::format("feed {} is there twice", in_quotes(feed.config.key));
    if (feed.from_opml) {
      problems.warning(feed.place, text, where(first.first->second, feed.place));
    } else {
      problems.error(feed.place, text, where(first.first->second, feed.place));
    }
  }
  feeds = std::move(kept);
}

// Two spellings of one address, as "http://" and "https://", bring the same items twice. Feeds that
// ask with headers or a map of their own may mean to.
void warn_of_same_addresses(const std::vector<FeedDraft>& feeds, Problems& problems) {
  constexpr std::size_t most_told = 20;  // errors must find room beside them
  std::unordered_map<std::string, const FeedDraft*> addresses;
  std::size_t count = 0;
  for (const FeedDraft& feed : feeds) {
    const FeedConfig& config = feed.config;
    if (config.url.empty() || config.json || config.own_request) continue;
    const auto first = addresses.emplace(address_of(config.url), &feed);
    if (first.second || ++count > most_told) continue;
    const FeedDraft& earlier = *first.first->second;
    const bool same = earlier.config.url == config.url;
    problems.warning(
        feed.place,
        same ? fmt::format("feed {} is polled twice, under two ids", in_quotes(config.url))
             : fmt::format("feed {} looks like feed {} in another spelling", in_quotes(config.url),
                           in_quotes(earlier.config.url)),
        where(earlier.place, feed.place) + "; keep one of them");
  }
  if (count > most_told) {
    problems.warning(
        feeds.back().place,
        fmt::format("{} more feeds look like others in another spelling", count - most_told));
  }
}

// A failed example is quoted in the message, perhaps cut: the place of the one that is meant, or
// of the query.
std::size_t place_of(const rules::Diagnostic& diagnostic, const RuleDraft& rule) {
  static constexpr std::string_view kBegin = "the example '";
  const std::string& text = diagnostic.text;
  const std::size_t end = text.rfind("' must ");
  if (text.rfind(kBegin, 0) != 0 || end == std::string::npos) {
    return query_offset_in_file(*rule.place.file, rule.pieces, diagnostic.offset);
  }
  std::string shown = text.substr(kBegin.size(), end - kBegin.size());
  const std::size_t cut = shown.rfind("…");
  if (cut != std::string::npos) shown.erase(cut);
  const bool must_match = text.compare(end, 11, "' must not ") != 0;
  for (std::size_t i = 0; i < rule.example_offsets.size(); ++i) {
    const rules::Example& example = rule.def.examples[i];
    const std::string& whole = example.title.empty() ? example.text : example.title;
    if (example.must_match == must_match && whole.rfind(shown, 0) == 0) {
      return rule.example_offsets[i];
    }
  }
  return query_offset_in_file(*rule.place.file, rule.pieces, 0);
}

}  // namespace

std::string address_of(std::string_view url) {
  const std::size_t fragment = std::min(url.find('#'), url.size());
  const std::size_t query = std::min(url.find('?'), fragment);
  std::string address = feeds::canonical_url(url.substr(0, query));
  const bool has_port = address.substr(0, address.find('/')).find(':') != std::string::npos;
  if (has_port) address.insert(0, url.starts_with("http:") ? "http:" : "https:");
  return address.append(url.substr(query, fragment - query));
}

void name_feeds(std::vector<FeedDraft>& feeds, Problems& problems) {
  drop_doubled_sources(feeds, problems);
  warn_of_same_addresses(feeds, problems);
  Seen names;
  for (const FeedDraft& feed : feeds) {
    if (feed.named) doubled(names, feed.config.name, feed.place, "a feed named", problems);
  }
  for (FeedDraft& feed : feeds) {
    if (feed.named) continue;
    std::string name = feed.config.name;  // of an OPML file, perhaps
    if (name.empty()) {
      name = feed.config.replay.empty() ? host_in(feed.config.url) : file_name(feed.config.replay);
    }
    if (!names.emplace(name, feed.place).second) {
      name = feed.config.key;
      names.emplace(name, feed.place);
    }
    feed.config.name = std::move(name);
  }
}

void check_names(const Draft& draft, Problems& problems) {
  Seen entities;
  for (const EntityDraft& entity : draft.entities) {
    doubled(entities, entity.def.id, entity.place, "entity", problems);
  }
  Seen receivers;
  for (const ReceiverDraft& receiver : draft.receivers) {
    doubled(receivers, receiver.config.name, receiver.place, "receiver", problems);
  }
  Seen rules;
  for (const RuleDraft& rule : draft.rules) {
    doubled(rules, rule.def.name, rule.place, "rule", problems);
  }
  Seen earlier;
  for (const RuleDraft& rule : draft.rules) {
    for (std::size_t i = 0; i < rule.def.was.size(); ++i) {
      const std::string& name = rule.def.was[i];
      const Place place{rule.place.file, rule.was_offsets[i]};
      if (rules.count(name) != 0) {
        problems.error(
            place, fmt::format("{} cannot be an earlier name: a rule has it now", in_quotes(name)),
            where(rules.at(name), place));
      } else {
        doubled(earlier, name, place, "the earlier name", problems);
      }
    }
  }
}

void check_receivers(Draft& draft, Problems& problems) {
  std::vector<std::string> names;
  for (const ReceiverDraft& receiver : draft.receivers) names.push_back(receiver.config.name);
  std::vector<std::string> everyone = names;  // whom a rule without `alert` tells
  for (const auto& [name, place] : draft.operators) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      const std::string hint = hint_for(name, names);
      problems.error(place, fmt::format("the operator {} is no receiver", in_quotes(name)),
                     hint.empty() ? "there are no receivers" : hint);
      continue;
    }
    draft.settings.operators.push_back(name);
    if (names.size() > draft.operators.size()) std::erase(everyone, name);
  }
  bool told = false;  // with no receiver at all, once says it for every rule
  for (RuleDraft& rule : draft.rules) {
    if (rule.def.only_named) continue;
    if (rule.receiver_offsets.empty()) {
      rule.def.receivers = everyone;
      if (names.empty()) {
        problems.warning(
            rule.place,
            fmt::format("rule {} tells nobody: there are no receivers", in_quotes(rule.def.name)),
            "its alerts are kept and shown on the page; add `receivers:`", rule.def.name);
      }
      continue;
    }
    std::vector<std::string> checked;
    for (std::size_t i = 0; i < rule.def.receivers.size(); ++i) {
      const std::string& name = rule.def.receivers[i];
      const Place place{rule.place.file, rule.receiver_offsets[i]};
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        if (names.empty() && std::exchange(told, true)) continue;
        const std::string hint = hint_for(name, names);
        problems.error(place,
                       fmt::format("rule {} alerts {}, which is no receiver",
                                   in_quotes(rule.def.name), in_quotes(name)),
                       hint.empty() ? "there are no receivers" : hint, rule.def.name);
      } else if (std::find(checked.begin(), checked.end(), name) == checked.end()) {
        checked.push_back(name);
      }
    }
    rule.def.receivers = std::move(checked);
  }
}

void report_entities(const std::vector<rules::Diagnostic>& diagnostics,
                     const std::vector<EntityDraft>& entities, Problems& problems) {
  std::unordered_map<std::string, Place> places;
  for (const EntityDraft& entity : entities) places.emplace(entity.def.id, entity.place);
  for (const rules::Diagnostic& diagnostic : diagnostics) {
    const auto found = places.find(diagnostic.subject);
    if (found == places.end()) continue;
    if (diagnostic.severity == rules::Severity::error) {
      problems.error(found->second, diagnostic.text, diagnostic.hint);
    } else {
      problems.warning(found->second, diagnostic.text, diagnostic.hint);
    }
  }
}

void report_rules(const std::vector<rules::Diagnostic>& diagnostics,
                  const std::vector<RuleDraft>& rules, Problems& problems) {
  std::unordered_map<std::string, const RuleDraft*> by_name;
  for (const RuleDraft& rule : rules) by_name.emplace(rule.def.name, &rule);
  for (const rules::Diagnostic& diagnostic : diagnostics) {
    const auto found = by_name.find(diagnostic.subject);
    if (found == by_name.end()) continue;
    const RuleDraft& rule = *found->second;
    if (rule.def.query.empty()) continue;  // its "match" was reported
    Place place = rule.place;
    place.offset = place_of(diagnostic, rule);
    if (diagnostic.severity == rules::Severity::error) {
      problems.error(place, diagnostic.text, diagnostic.hint, diagnostic.subject);
    } else {
      problems.warning(place, diagnostic.text, diagnostic.hint, diagnostic.subject);
    }
  }
  for (const RuleDraft& rule : rules) {
    for (const auto& [value, error] : rule.piece_errors) {
      const std::size_t offset = offset_in_file(*rule.place.file, *value, error.offset);
      problems.error(Place{rule.place.file, offset}, error.text, error.hint, rule.def.name);
    }
  }
}

const rules::RuleDef* last_version(const rules::RuleDef& rule,
                                   const std::vector<rules::RuleDef>& last) {
  const auto named = [&last](const std::string& name) -> const rules::RuleDef* {
    const auto found = std::find_if(
        last.begin(), last.end(), [&name](const rules::RuleDef& def) { return def.name == name; });
    return found == last.end() ? nullptr : &*found;
  };
  const rules::RuleDef* version = named(rule.name);
  for (const std::string& was : rule.was) {
    if (version == nullptr) version = named(was);
  }
  return version;
}

void take_over(RuleDraft& rule, const rules::RuleDef& version, const Draft& draft) {
  rules::RuleDef def = version;
  def.name = rule.def.name;
  def.was = rule.def.was;
  const bool all_there =
      std::all_of(def.receivers.begin(), def.receivers.end(), [&draft](const std::string& name) {
        return std::any_of(
            draft.receivers.begin(), draft.receivers.end(),
            [&name](const ReceiverDraft& receiver) { return receiver.config.name == name; });
      });
  if (!all_there) def.receivers = rule.def.receivers;
  rule.def = std::move(def);
}

}  // namespace wirewatch::daemon
