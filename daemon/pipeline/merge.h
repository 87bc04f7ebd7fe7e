// Two stories turn out to be one: what becomes of their alerts.
#pragma once

#include <set>
#include <string>

#include "daemon/pipeline/decide.h"

namespace wirewatch::daemon {

// The alert of the story that is no more, under each rule: where the other story has one too, it
// gets one last message that points there, and what it told counts as told by the other; where it
// has none, the alert goes on under the other story, and nobody is told. Who follows or mutes the
// story that is no more follows or mutes the other. Appends to `commit`.
void merge_alerts(const DecideContext& context, const feeds::StoryMerge& merge, AlertBook& book,
                  Commit& commit, std::set<std::string>& wake, DecideCounts& counts);

}  // namespace wirewatch::daemon
