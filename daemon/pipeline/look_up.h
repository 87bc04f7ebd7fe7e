// What is new in a document, and what matches it: the work of the pool before anybody's turn.
#pragma once

#include <chrono>

#include "daemon/pipeline/last_documents.h"
#include "daemon/pipeline/prepare.h"
#include "daemon/store/lease.h"

namespace wirewatch::daemon {

struct LookedUp {
  PreparedDocument document;
  std::size_t items = 0;  // of the document as it came
  std::chrono::steady_clock::duration identify{};
  std::chrono::steady_clock::duration match{};
};

// Asks the store for what `input` leaves open: keys, known, publisher, recent. All of it at one go:
// a change of threads costs as much as a look into the store. Throws StoreFailure.
LookedUp look_up_and_prepare(PrepareInput& input, ReaderLease& lease, LastDocuments& last);

}  // namespace wirewatch::daemon
