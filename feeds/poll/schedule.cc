#include "feeds/poll/schedule.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "feeds/ascii.h"
#include "feeds/poll/http_date.h"
#include "feeds/poll/limits.h"
#include "feeds/poll/rhythm_shape.h"

namespace wirewatch::feeds {
namespace {

using L = PollLimits;

std::string lower_without_blanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '"') continue;
    out += lower(c);
  }
  return out;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::invalid_argument || end != text.data() + text.size() || value < 0) {
    return std::nullopt;
  }
  constexpr std::int64_t kMost = 1'000'000'000;  // what overflows is as good as for ever
  return error == std::errc() ? std::min(value, kMost) : kMost;
}

// Seconds of max-age; −1: there is none; 0 for no-cache and no-store.
std::int64_t max_age_of(std::string_view cache_control) {
  std::int64_t age = -1;
  const std::string directives = lower_without_blanks(cache_control.substr(0, 1024));
  std::string_view rest = directives;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    const std::string_view directive = rest.substr(0, end);
    if (directive == "no-cache" || directive == "no-store") return 0;
    constexpr std::string_view kMaxAge = "max-age=";
    if (directive.substr(0, kMaxAge.size()) == kMaxAge) {
      age = whole_number(directive.substr(kMaxAge.size())).value_or(age);
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return age;
}

bool is_network(TransportFailure failure) {
  return failure == TransportFailure::dns || failure == TransportFailure::connect ||
         failure == TransportFailure::timeout || failure == TransportFailure::cut ||
         failure == TransportFailure::other;
}

}  // namespace

bool sane_date(Instant date, Instant now) {
  using namespace std::chrono;
  return date >= Instant(sys_days(year(1990) / 1 / 1)) && date <= now + L::date_ahead;
}

Span freshness_of(const Headers& headers, Instant now) {
  using std::chrono::seconds;
  const std::int64_t max_age = max_age_of(header(headers, "Cache-Control"));
  if (max_age >= 0) {
    const std::int64_t age = whole_number(header(headers, "Age")).value_or(0);
    return std::max(Span(seconds(max_age - age)), Span(0));
  }
  const auto expires = parse_http_date(header(headers, "Expires"));
  if (!expires) return Span(0);
  const Instant date = parse_http_date(header(headers, "Date")).value_or(now);
  return std::max(*expires - date, Span(0));
}

Interval next_interval(const PollState& state, const PollWishes& wishes, Span hint, Instant now) {
  if (wishes.every) return {std::max(*wishes.every, L::wished_floor), false};
  const Span most = std::max(wishes.most.value_or(L::ceiling), L::wished_floor);
  const Span least = std::min(wishes.least.value_or(std::min(L::floor, most)), most);
  const double room = state.shown > 0 ? L::shown_share * state.shown : 1e9;
  const Wait wanted =
      wait_for_price(state.rhythm, now, wishes.price, std::max(room, 1.0), L::ceiling);
  Interval next{std::clamp(wanted.span, least, most), wanted.by_price};
  next.by_price = next.by_price && next.span == wanted.span && next.span < most;
  const auto at_most = [&next](Span bound) {
    next.by_price = next.by_price && next.span <= bound;
    next.span = std::min(next.span, bound);
  };
  const auto grown = [](Span span) { return std::chrono::duration_cast<Span>(span * L::growth); };
  if (state.rhythm.at - state.rhythm.since < L::young) {
    // Where the budget makes polls dear, new feeds cannot have them cheaper than the others.
    const double dear = std::sqrt(std::max(wishes.price / L::price, 1.0));
    const Span start = std::chrono::duration_cast<Span>(L::first_interval * dear);
    at_most(std::max(state.interval == Span(0) ? start : grown(state.interval), least));
  }
  const Span asked = std::min({hint > state.ttl ? hint : state.ttl, L::hint_cap, most});
  if (asked > next.span) next = {asked, false};
  if (state.catch_up > Span(0)) at_most(std::max(state.catch_up, least));
  return next;
}

Instant after_skipped(Instant due, std::uint32_t hours, std::uint8_t days, Instant now) {
  constexpr std::uint32_t kAllHours = (1U << 24U) - 1;
  constexpr std::uint8_t kAllDays = (1U << 7U) - 1;
  if ((hours & kAllHours) == kAllHours || (days & kAllDays) == kAllDays) return due;
  const Instant latest = now + L::ceiling;
  while (due < latest) {
    const HourOfWeek place = hour_of_week(due);
    const bool skipped = ((hours >> place.hour) & 1U) != 0 || ((days >> place.day) & 1U) != 0;
    if (!skipped) return due;
    due += span_of(place.left);
  }
  return std::max(std::min(due, latest), now);
}

Span back_off(const PollState& state, const PollWishes& wishes, const Verdict& verdict,
              TransportFailure failure, Instant now) {
  const Span interval = wishes.every               ? *wishes.every
                        : state.interval > Span(0) ? state.interval
                                                   : L::back_off_default;
  Span first = interval;
  if (verdict.status == 429 || verdict.status >= 500) {
    first = interval / 2;
  } else if (is_network(failure)) {
    first = interval / 4;
  }
  const Span floor = std::clamp(interval, L::wished_floor, L::back_off_floor);
  first = std::clamp(first, floor, L::back_off_first_cap);
  const bool fresh = state.last_success != Instant{} && now - state.last_success < L::fresh_outage;
  const Span cap = fresh ? L::back_off_first_cap : L::back_off_cap;
  Span wait = first;
  for (std::uint32_t n = 1; n < state.failures && wait < cap; ++n) wait *= 2;
  return std::min(wait, cap);
}

Span with_jitter(Span span, double jitter) {
  const double factor = 1 + L::jitter * (2 * jitter - 1);
  return std::chrono::duration_cast<Span>(span * factor);
}

}  // namespace wirewatch::feeds
