// The store's bounds and figures, without its machinery: light enough for any header.
#pragma once

#include <cstdint>
#include <string>

#include "feeds/time.h"

namespace wirewatch::daemon {

struct StoreOptions {
  std::string folder;                    // state folder; the database is wirewatch.db in it
  std::size_t queue = 10000;             // commits waiting for the writer; beyond, commit() waits
  std::size_t group = 1000;              // commits joined in one transaction at most
  Span later = std::chrono::seconds(5);  // that what no one waits for may wait for a commit
  std::uint64_t low_water = 64U << 20U;  // free bytes on the disk below which polling should stop
  std::uint64_t ballast = 8U << 20U;     // bytes of a file that is given up when the disk is full
};

struct Retention {
  Span max_age = std::chrono::hours(24 * 90);
  std::uint64_t max_bytes = 2ULL << 30U;  // of the documents table
};

// Since the store was opened.
struct StoreStats {
  std::uint64_t commits = 0;       // stored
  std::uint64_t transactions = 0;  // that they took
  std::uint64_t failures = 0;      // transactions that failed
  Span last_commit{};              // what the last transaction took, its sync included
  std::size_t queue_depth = 0;     // commits and pruning steps that wait for the writer
  bool failed = false;             // commits are refused until recovered()
  std::uint64_t ballast_used = 0;  // how often a full disk took the ballast
};

}  // namespace wirewatch::daemon
