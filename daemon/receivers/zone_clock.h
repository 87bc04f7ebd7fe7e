// Instants as people of one time zone read them.
#pragma once

#include <memory>
#include <string>

#include "feeds/time.h"

namespace wirewatch::daemon {

class ZoneClock {
 public:
  // `zone`: an IANA name; empty: the system's.
  explicit ZoneClock(const std::string& zone);
  ~ZoneClock();
  ZoneClock(const ZoneClock&) = delete;
  ZoneClock& operator=(const ZoneClock&) = delete;

  // "14:02", with the day before it ("3 Mar 14:02", "3 Mar 2025 14:02") when that is not the day,
  // or not the year, of `shown_at`.
  std::string text(Instant time, Instant shown_at) const;
  bool same_day(Instant left, Instant right) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wirewatch::daemon
