// What an edit changed in what people were told.
#pragma once

#include <string>

#include "daemon/pipeline/alert_book.h"
#include "rules/entities/gazetteer.h"
#include "rules/match/rule_set.h"

namespace wirewatch::daemon {

// Was this alert made from that item, and told?
bool told_by(const BookedAlert& alert, const std::string& item);

// "the headline was: …", or that the text changed where it matched; empty: nothing that matters.
// Case and punctuation do not, nor does a label that the headline got or lost: "Updated: …", "… |
// Site". `match` without spans: the rule does not match any more.
std::string correction_in(const feeds::Document& document, const rules::RuleMatch& match,
                          const BookedAlert& told);

// Which entities a corrected headline names that the one before did not, and the other way round;
// empty: the same ones.
std::string names_changed(const rules::Gazetteer& gazetteer, const std::string& before,
                          const std::string& after);

}  // namespace wirewatch::daemon
