#include "feeds/local_time.h"

#include <unicode/gregocal.h>
#include <unicode/timezone.h>

#include <algorithm>
#include <memory>

namespace wirewatch::feeds {
namespace {

constexpr std::int64_t kDay_ms = 86'400'000;

std::unique_ptr<icu::TimeZone> zone_of(const std::string& name) {
  return std::unique_ptr<icu::TimeZone>(
      name.empty() ? icu::TimeZone::createDefault()
                   : icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(name)));
}

std::int64_t milliseconds(Instant at) {
  return std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch().count();
}

// Local milliseconds since the epoch, as if the zone were UTC.
std::int64_t to_local(const icu::TimeZone& zone, std::int64_t utc_ms) {
  std::int32_t raw = 0;
  std::int32_t saving = 0;
  UErrorCode status = U_ZERO_ERROR;
  zone.getOffset(static_cast<UDate>(utc_ms), false, raw, saving, status);
  return utc_ms + raw + saving;
}

// The other way; what the clocks skip is read with the offset before the change, what they show
// twice with the one after it: as the second of the two.
std::int64_t to_utc(const icu::TimeZone& zone, std::int64_t local_ms) {
  std::int32_t raw = 0;
  std::int32_t saving = 0;
  UErrorCode status = U_ZERO_ERROR;
  zone.getOffset(static_cast<UDate>(local_ms), true, raw, saving, status);
  return local_ms - raw - saving;
}

std::int64_t midnight_before(std::int64_t local_ms) {
  const std::int64_t day = local_ms >= 0 ? local_ms / kDay_ms : (local_ms - kDay_ms + 1) / kDay_ms;
  return day * kDay_ms;
}

Instant instant_of(std::int64_t utc_ms) {
  return Instant(std::chrono::milliseconds(utc_ms));
}

}  // namespace

int local_minute(const std::string& zone, Instant at) {
  const std::int64_t local = to_local(*zone_of(zone), milliseconds(at));
  return static_cast<int>((local - midnight_before(local)) / 60'000);
}

Instant next_local_time(const std::string& zone, const std::vector<int>& minutes, Instant after) {
  const auto place = zone_of(zone);
  const std::int64_t today = midnight_before(to_local(*place, milliseconds(after)));
  Instant best = Instant::max();
  for (std::int64_t day = 0; day <= 2; ++day) {
    for (const int minute : minutes) {
      const Instant at = instant_of(to_utc(*place, today + day * kDay_ms + minute * 60'000LL));
      if (at > after) best = std::min(best, at);
    }
  }
  return best;
}

Instant next_shown(const std::string& zone, int minute, Instant after) {
  const auto place = zone_of(zone);
  const std::int64_t local = to_local(*place, milliseconds(after));
  const std::int64_t wanted = minute * 60'000LL;
  const std::int64_t ahead =
      (wanted - (local - midnight_before(local)) + kDay_ms - 1) % kDay_ms + 1;
  const Instant shown = instant_of(milliseconds(after) + ahead);
  const Instant next = next_local_time(zone, {minute}, after);
  return local_minute(zone, shown) == minute ? std::min(shown, next) : next;
}

Instant next_local_step(const std::string& zone, Span step, Instant after) {
  const auto place = zone_of(zone);
  const std::int64_t step_ms = std::max<std::int64_t>(step / std::chrono::milliseconds(1), 60'000);
  const std::int64_t local = to_local(*place, milliseconds(after));
  const std::int64_t today = midnight_before(local);
  const std::int64_t next = std::min(((local - today) / step_ms + 1) * step_ms, kDay_ms);
  const Instant at = instant_of(to_utc(*place, today + next));
  // Clocks that are set back show the same step once more: of steps up to an hour none is left out.
  const Instant shown = instant_of(milliseconds(after) + today + next - local);
  if (step <= std::chrono::hours(1)) return at > after ? std::min(at, shown) : shown;
  return at > after ? at : after + step;
}

}  // namespace wirewatch::feeds
