#include "daemon/receivers/zone_clock.h"

#include <unicode/calendar.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>

namespace wirewatch::daemon {

struct ZoneClock::Impl {
  std::unique_ptr<icu::TimeZone> zone;

  std::string format(Instant time, const char* pattern) const {
    UErrorCode status = U_ZERO_ERROR;
    icu::SimpleDateFormat format(icu::UnicodeString::fromUTF8(pattern), icu::Locale::getEnglish(),
                                 status);
    if (U_FAILURE(status)) return to_iso8601(time);
    format.setTimeZone(*zone);
    icu::UnicodeString shown;
    format.format(static_cast<UDate>(to_unix_micros(time)) / 1000.0, shown);
    std::string out;
    shown.toUTF8String(out);
    return out;
  }
};

ZoneClock::ZoneClock(const std::string& zone) : impl_(std::make_unique<Impl>()) {
  const auto id = icu::UnicodeString::fromUTF8(zone);
  impl_->zone.reset(zone.empty() ? icu::TimeZone::createDefault()
                                 : icu::TimeZone::createTimeZone(id));
}
ZoneClock::~ZoneClock() = default;

std::string ZoneClock::text(Instant time, Instant shown_at) const {
  const std::string clock = impl_->format(time, "HH:mm");
  if (same_day(time, shown_at)) return clock;
  const bool same_year = impl_->format(time, "y") == impl_->format(shown_at, "y");
  return impl_->format(time, same_year ? "d MMM" : "d MMM y") + " " + clock;
}

bool ZoneClock::same_day(Instant left, Instant right) const {
  return impl_->format(left, "d MMM y") == impl_->format(right, "d MMM y");
}

}  // namespace wirewatch::daemon
