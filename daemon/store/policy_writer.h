// Writes what policies remember: silences, followed stories, verdicts, volumes.
#pragma once

#include "daemon/store/rows.h"
#include "daemon/store/sqlite.h"

namespace wirewatch::daemon {

class PolicyWriter {
 public:
  explicit PolicyWriter(Connection& connection);
  void apply(const Commit& commit);

 private:
  Statement silence_;
  Statement follow_;
  Statement unfollow_;
  Statement verdict_;
  Statement hour_;
  Statement known_;
};

}  // namespace wirewatch::daemon
