// What stories remember of documents, and which stories became one.
#pragma once

namespace wirewatch::daemon {

inline constexpr const char* stories_tables = R"sql(
CREATE TABLE story_features (               -- so that a restart need not read texts again
  document INTEGER PRIMARY KEY REFERENCES documents(row) ON DELETE CASCADE,
  features BLOB NOT NULL                    -- feeds/stories/packed.h
);

CREATE TABLE merged_stories (               -- so that the id of a story that is no more leads on
  story TEXT PRIMARY KEY,
  into_story TEXT NOT NULL,                 -- never one that is itself in `story`
  merged INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX merged_stories_into ON merged_stories(into_story);
)sql";

}  // namespace wirewatch::daemon
