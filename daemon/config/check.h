// What only shows when all files are read: names that meet, names that are missing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/draft.h"

namespace wirewatch::daemon {

// A key for comparing, under which two feeds are asked at one address, whatever its spelling: a
// query may choose the feed, so all of it counts, and of another port than the usual one so does
// the scheme.
std::string address_of(std::string_view url);

// Refuses feeds of the same source, id or name (of OPML files: leaves the later one out, with a
// warning), warns of two that are asked at one address, and names those that have no name: by their
// host, or where that is taken by their URL.
void name_feeds(std::vector<FeedDraft>& feeds, Problems& problems);

// Entities, rules and receivers of the same name; `was:` names that rules have today or that two
// rules claim.
void check_names(const Draft& draft, Problems& problems);

// Every name in `alert:` is a receiver; a rule without any alerts all of them.
void check_receivers(Draft& draft, Problems& problems);

// Compiler messages about entities, at the place of each.
void report_entities(const std::vector<rules::Diagnostic>& diagnostics,
                     const std::vector<EntityDraft>& entities, Problems& problems);

// Compiler messages about rules, moved to their places in the files.
void report_rules(const std::vector<rules::Diagnostic>& diagnostics,
                  const std::vector<RuleDraft>& rules, Problems& problems);

// The version in `last` of a rule, under its name or one that it had; nullptr when there is none.
const rules::RuleDef* last_version(const rules::RuleDef& rule,
                                   const std::vector<rules::RuleDef>& last);

// Makes `rule` run as `version`, under its present name; receivers that are gone are replaced by
// those that the file names now.
void take_over(RuleDraft& rule, const rules::RuleDef& version, const Draft& draft);

}  // namespace wirewatch::daemon
