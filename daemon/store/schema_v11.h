// Version 11: a silence of a story that was merged is one of the story that it went into.
#pragma once

namespace wirewatch::daemon {

// Until then a merge left the row under the id that nobody asks for any more.
inline constexpr const char* version_11 = R"sql(
UPDATE silences SET story=(SELECT into_story FROM merged_stories WHERE story=silences.story)
WHERE story IN (SELECT story FROM merged_stories);
)sql";

}  // namespace wirewatch::daemon
