// One story turns out to be two: what becomes of its alerts.
#pragma once

#include "daemon/pipeline/decide.h"
#include "feeds/document.h"

namespace wirewatch::daemon {

// Under each rule that alerts once per story, what was told and heard is parted between the two:
// the alert stays with the report that it was told for, whichever story that is in now, and nobody
// is told. The other story has one that nobody was told of, which has heard the reports that the
// rule held for and is told with the next one, if only the newcomer; where an alert was told for
// one of these before their stories were merged, it counts as told. What is told once per text or
// article goes with its text. Who follows the story follows both; a mute holds for both if a report
// that leaves was there when it was made. Appends to `commit`.
void split_alerts(const DecideContext& context, const feeds::StorySplit& split,
                  const feeds::Document& newcomer, AlertBook& book, Commit& commit);

}  // namespace wirewatch::daemon
