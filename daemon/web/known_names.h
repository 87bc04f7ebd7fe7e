// Names that people ask about: whether there is such a thing, and what they may have meant.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/snapshot.h"
#include "daemon/store/reader.h"
#include "rules/policy/silence.h"

namespace wirewatch::daemon {

// "there is no rule \"bordr\"; did you mean \"border\"?", or the known names where none is near and
// they are few. `what`: "rule". Control characters of `name` are replaced.
std::string no_such(std::string_view what, const std::string& name,
                    const std::vector<std::string>& known);

// Of the config; null: none.
std::vector<std::string> rule_names(const Snapshot* snapshot);
std::vector<std::string> feed_names(const Snapshot* snapshot);
std::vector<std::string> receiver_names(const Snapshot* snapshot);

// Under which the alerts of `rule` are stored: itself, its earlier names, and today's where it is
// an earlier one; only itself where the config (null: none) has no such rule.
std::vector<std::string> names_of_rule(const Snapshot* snapshot, const std::string& rule);

// What feeds are called, by their keys: of those that `silences` are of.
std::map<std::string, std::string> feed_names_in(const std::vector<rules::Silence>& silences,
                                                 const Snapshot* snapshot);

// What to say of `rule` where the config has no rule of that name, nor one that had it, and no
// alert of it is stored. nullopt: there is such a rule, or was, or without a config (null) nobody
// knows.
std::optional<std::string> unknown_rule(Reader& reader, const Snapshot* snapshot,
                                        const std::string& rule);

}  // namespace wirewatch::daemon
