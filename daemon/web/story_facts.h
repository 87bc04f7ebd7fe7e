// How independent the reports of a story are, for its page and `wirewatch story`.
#pragma once

#include <vector>

#include "daemon/store/rows.h"
#include "feeds/json_writer.h"
#include "feeds/stories/independence.h"

namespace wirewatch::daemon {

// Of the first `most` documents: each is read again for it. Copy groups and texts are the store's.
inline constexpr std::size_t most_story_facts = 200;

feeds::Independence independence_of(const std::vector<DocumentRow>& documents);

// "independence":{"texts","sources":[…],"countries":[…],"origins":[…],"first"}, `first` being the
// id of the earliest report.
void write_independence(JsonWriter& json, const std::vector<DocumentRow>& documents,
                        const feeds::Independence& facts);
// "added":[…], "origins":[…], "country", each where there is something to say.
void write_part(JsonWriter& json, const feeds::ReportPart& part);

}  // namespace wirewatch::daemon
