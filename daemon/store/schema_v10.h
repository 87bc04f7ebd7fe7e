// Version 10: one index where two were written for each new document and each new alert.
#pragma once

namespace wirewatch::daemon {

// What is new is at the end of all four of them, so each cost a commit a page. What was asked of
// the second of a pair (a document's date, an alert's last change) is asked at a start, of the
// archive, and in pruning: there the whole of the index is read, which has some 30 bytes a row.
inline constexpr const char* version_10 = R"sql(
DROP INDEX documents_first_seen;
DROP INDEX documents_time;
CREATE INDEX documents_times ON documents(first_seen, time, bytes);
DROP INDEX alerts_created;
DROP INDEX alerts_updated;
CREATE INDEX alerts_times ON alerts(created, updated);
)sql";

}  // namespace wirewatch::daemon
