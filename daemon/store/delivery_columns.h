// How delivery rows are read, for the parts of the Reader.
#pragma once

#include <vector>

#include "daemon/store/rows.h"
#include "daemon/store/sqlite.h"

namespace wirewatch::daemon {

inline constexpr const char* delivery_columns =
    "SELECT id, alert, revision, receiver, state, attempts, created, next_attempt, finished, "
    "answer, payload, handle, unanswered, "
    "(SELECT key FROM feeds WHERE feeds.row=deliveries.feed) FROM deliveries ";

std::vector<DeliveryRow> all_deliveries(Statement& bound);  // of a query that begins so

}  // namespace wirewatch::daemon
