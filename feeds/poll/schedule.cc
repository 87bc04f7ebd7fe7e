#include "feeds/poll/schedule.h"

#include <algorithm>
#include <charconv>

#include "feeds/poll/http_date.h"
#include "feeds/poll/limits.h"

namespace wirewatch::feeds {
namespace {

using L = PollLimits;

std::string lower_without_blanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '"') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
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

std::optional<Span> rhythm_of(const std::vector<Instant>& published, Instant now) {
  std::vector<Instant> dates;
  bool all_midnight = true;
  for (const Instant date : published) {
    if (!sane_date(date, now)) continue;
    dates.push_back(date);
    all_midnight = all_midnight && date == std::chrono::floor<std::chrono::days>(date);
  }
  if (all_midnight) return std::nullopt;
  std::sort(dates.begin(), dates.end(), std::greater<>());
  dates.erase(std::unique(dates.begin(), dates.end()), dates.end());
  if (dates.size() < L::rhythm_dates) return std::nullopt;
  if (dates.size() > L::rhythm_items) dates.resize(L::rhythm_items);
  std::vector<Span> gaps;
  for (std::size_t i = 1; i < dates.size(); ++i) gaps.push_back(dates[i - 1] - dates[i]);
  const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
  std::nth_element(gaps.begin(), middle, gaps.end());
  return *middle;
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

Span next_interval(const PollState& state, const PollWishes& wishes, Span hint, bool overlaps,
                   Instant now) {
  if (wishes.every) return std::max(*wishes.every, L::wished_floor);
  const bool first = state.interval == Span(0);
  Span wanted = first ? L::first_interval : L::default_interval;
  if (state.rhythm > Span(0)) wanted = std::clamp(state.rhythm / 2, L::floor, L::lively_ceiling);
  if (state.last_change != Instant{} && state.last_change < now) {
    wanted = std::max(wanted, std::min((now - state.last_change) / L::silence_share, L::ceiling));
  }
  const Span asked = std::min(std::max(hint, state.ttl), L::hint_cap);
  wanted = std::max(wanted, asked);
  if (!overlaps) return std::max(std::min(wanted, first ? wanted : state.interval) / 2, L::floor);
  const Span grown =
      first ? L::first_interval : std::chrono::duration_cast<Span>(state.interval * L::growth);
  return std::min(wanted, std::max({grown, asked, L::floor}));
}

Span back_off(const PollState& state, const PollWishes& wishes, const Verdict& verdict,
              TransportFailure failure, Instant now) {
  const Span interval = wishes.every               ? *wishes.every
                        : state.interval > Span(0) ? state.interval
                                                   : L::default_interval;
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
