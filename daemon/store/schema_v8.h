// Version 8: sends that nobody answered, and indexes of deliveries for what is asked of them.
#pragma once

namespace wirewatch::daemon {

// An index of all states by `state` led SQLite to walk through every pending delivery to find one
// receiver's next, and through every delivered one to find what an update follows. What is on its
// way stands in `deliveries_pending` and, once it was tried, in `deliveries_later`; what is over is
// found by its end, so that a mark adds to the end of one index.
inline constexpr const char* version_8 = R"sql(
ALTER TABLE deliveries ADD COLUMN unanswered INTEGER NOT NULL DEFAULT 0;  -- of the attempts
DROP INDEX deliveries_state;
CREATE INDEX deliveries_finished ON deliveries(finished, state) WHERE finished IS NOT NULL;
CREATE INDEX deliveries_dead ON deliveries(state) WHERE state = 2;
CREATE INDEX deliveries_later ON deliveries(receiver, next_attempt)
  WHERE state = 0 AND attempts > 0;
)sql";

}  // namespace wirewatch::daemon
