// The state folder: created, locked against a second daemon, with a little space in reserve.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "feeds/result.h"

namespace wirewatch::daemon {

// One thread at a time, except free_bytes().
class StateFolder {
 public:
  // Creates `folder` (mode 0700) where missing and takes flock(2) on `<folder>/lock`, which holds
  // our pid. Errors: not creatable, or in use by another process, which is named.
  static Result<std::unique_ptr<StateFolder>> open(const std::string& folder,
                                                   std::uint64_t ballast_bytes);
  // Whether a process holds that lock; true as well where this user may not look.
  static bool in_use(const std::string& folder);
  ~StateFolder();
  StateFolder(const StateFolder&) = delete;
  StateFolder& operator=(const StateFolder&) = delete;

  std::uint64_t free_bytes() const;  // for us on its disk, statvfs(3)

  // A file of that many bytes, kept to be given up when the disk is full: a full disk refuses even
  // DELETE and checkpoints.
  void keep_ballast();  // makes it where missing and three times its size is free
  bool drop_ballast();  // false: there was none
  bool has_ballast() const { return ballast_; }

 private:
  StateFolder(std::string folder, int lock, std::uint64_t ballast_bytes)
      : folder_(std::move(folder)), lock_(lock), ballast_bytes_(ballast_bytes) {}
  std::string ballast_path() const { return folder_ + "/ballast"; }

  std::string folder_;
  int lock_;
  std::uint64_t ballast_bytes_;
  bool ballast_ = false;
};

}  // namespace wirewatch::daemon
