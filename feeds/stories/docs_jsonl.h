// DOCS.jsonl in, the lines of `wirewatch stories --json` out. Formats: docs/architecture.md.
#pragma once

#include <string>
#include <string_view>

#include "feeds/document.h"
#include "feeds/result.h"
#include "feeds/stories/near_pairs.h"
#include "feeds/stories/story_index.h"

namespace wirewatch::feeds {

// One line: {"id", "published"?, "lang"?, "source"?, "url"?, "title"?, "text"?, "tags"?}; other
// keys are ignored. `tags`, of the feed, is a text or a list of texts. `published` is ISO 8601, UTC
// unless it says otherwise; where it is absent the time is Instant{}, which the story index takes
// as unknown: near to every other.
// `id` is that of a line without one. Errors (invalid): no JSON object; no id; a key of the wrong
// type; a date that is none, unless `doubt` is given: then the error's text goes there, and the
// time is unknown.
Result<DocumentInput> read_document_line(std::string_view line, std::string_view id = {},
                                         std::string* doubt = nullptr);

// {"id","story","copy_group","relation","of","similarity","why"} without a line break; "of" is
// null for a new story, `similarity` has at most four decimals.
std::string placement_line(std::string_view id, const Placement& placement);

// {"merge":{"story","into"}}: the documents of `story` belong to `into` from here on.
std::string merge_line(const StoryMerge& merge);

// {"split":{"story","from","documents"}}: these documents, by id, were of `from` and belong to
// `story` from here on.
std::string split_line(const StorySplit& split);

// {"id","of","similarity"}, four decimals: two texts that resemble each other.
std::string near_line(const NearPair& pair);

}  // namespace wirewatch::feeds
