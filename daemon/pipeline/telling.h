// What people are told of a decision: the message, and to whom it goes when.
#pragma once

#include <set>
#include <string>

#include "daemon/pipeline/decide.h"

namespace wirewatch::daemon {

// The title, or for items without one the first words of the text.
std::string headline_of(const feeds::Document& document);

// Address of a story's page; empty where the config has no `public_url`.
std::string story_page(const DecideContext& context, const std::string& story);

// The first of an entity's names, without the mark that asks for the exact spelling; else the id.
std::string display_name(const rules::Gazetteer& gazetteer, const std::string& id);

// The alert after this decision, as a message shows it. `current`: the alert before, null if none.
// `match` without spans: the rule does not match any more.
AlertView view_of(const DecideContext& context, const Prepared& prepared,
                  const rules::RuleMatch& match, const rules::Decision& decision,
                  const BookedAlert* current);

// One delivery to each receiver of the rule: at once, when quiet hours end, in a digest, or not at
// all, each with its named reason.
void add_deliveries(const DecideContext& context, const rules::RuleDef& rule, const AlertView& view,
                    Commit& commit, std::set<std::string>& wake, DecideCounts& counts);

}  // namespace wirewatch::daemon
