// What reading the database throws when the disk or the file fails: to answer "nothing there"
// instead would make old items new again.
#pragma once

#include <stdexcept>

#include "feeds/result.h"

namespace wirewatch::daemon {

// `error` says it in users' words; its kind is `temporary` for a full or failing disk, `invalid`
// for a damaged file.
class StoreFailure : public std::runtime_error {
 public:
  explicit StoreFailure(Error error, bool disk_full = false)
      : std::runtime_error(error.text), error_(std::move(error)), disk_full_(disk_full) {}
  const Error& error() const { return error_; }
  bool disk_full() const { return disk_full_; }

 private:
  Error error_;
  bool disk_full_;
};

}  // namespace wirewatch::daemon
