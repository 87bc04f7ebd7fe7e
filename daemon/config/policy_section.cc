// When a rule or a receiver wants to be told: gates, budgets, quiet hours, digests.
#include <fmt/format.h>

#include <charconv>

#include "daemon/config/draft.h"
#include "daemon/config/units.h"
#include "rules/policy/policy.h"

namespace wirewatch::daemon {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr SpanBounds kBudgetSpan{minutes(1), rules::max_budget_span};
constexpr SpanBounds kDigestEvery{minutes(1), hours(24)};
constexpr SpanBounds kWithin{minutes(1), hours(24 * 90)};
constexpr SpanBounds kCatchUp{minutes(1), hours(24 * 30)};
constexpr std::size_t kMostDigestTimes = 24;
const std::vector<std::string> kSeverities = {"low", "normal", "high", "critical"};

// "07:30" → 450.
std::optional<int> minute_of(const std::string& text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  const bool shaped =
      text.size() == 5 && text[2] == ':' && digit(0) && digit(1) && digit(3) && digit(4);
  if (!shaped) return std::nullopt;
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (hour > 23 || minute > 59) return std::nullopt;
  return hour * 60 + minute;
}

std::optional<int> read_minute(MapReader& map, const std::string& key, const Located& value) {
  const auto minute = minute_of(value.text);
  if (!minute) {
    map.error(key, fmt::format("{} is no time of day", in_quotes(value.text)),
              "write hours and minutes with two digits, in quotes: \"07:30\"");
  }
  return minute;
}

// "20/1h": messages, and the stretch of time that they are counted in.
void read_budget(MapReader& map, rules::SendPolicy& policy) {
  const auto text = map.text("budget");
  if (!text) return;
  const std::size_t slash = text->find('/');
  const auto messages = parse_count(std::string_view(*text).substr(0, slash));
  const auto per = slash == std::string::npos
                       ? Result<Span>(Error{})
                       : parse_span(std::string_view(*text).substr(slash + 1));
  const bool good = messages && *messages >= 1 && *messages <= rules::max_budget && per &&
                    *per >= kBudgetSpan.least && *per <= kBudgetSpan.most;
  if (!good) {
    map.error("budget", fmt::format("{} is no budget", in_quotes(*text)),
              "messages and a time, like \"20/1h\": 1 to 1000 in 1m to 24h");
    return;
  }
  policy.budget = rules::Budget{static_cast<std::uint32_t>(*messages), *per};
}

void read_quiet(const Context& context, MapReader& map, rules::SendPolicy& policy) {
  const ValuePtr value = map.find("quiet");
  if (!value) return;
  MapReader quiet(context, *value, "\"quiet\"", "write `quiet: {from: \"22:00\", to: \"07:00\"}`");
  if (!quiet.is_map()) return;
  rules::QuietHours hours_of_quiet;
  bool whole = true;
  for (const auto& [key, minute] :
       {std::pair{"from", &hours_of_quiet.from}, std::pair{"to", &hours_of_quiet.until}}) {
    const std::vector<Located> times = quiet.texts(key);
    const auto at = times.empty() ? std::nullopt : read_minute(quiet, key, times.front());
    if (times.empty()) {
      quiet.error(key, fmt::format("\"quiet\" has no {}", in_quotes(key)),
                  "write `quiet: {from: \"22:00\", to: \"07:00\"}`");
    }
    whole = whole && at.has_value();
    if (at) *minute = *at;
  }
  const auto except = quiet.choice("except", kSeverities);
  if (except) hours_of_quiet.except = static_cast<rules::AlertSeverity>(*except);
  quiet.finish();
  if (whole && hours_of_quiet.from == hours_of_quiet.until) {
    context.problems.warning(
        Place{&context.file, quiet.find("to")->offset},
        "these quiet hours are the whole day: all that waits goes out at that minute",
        "two different times, or `digest: {at: …}`");
  }
  if (whole) policy.quiet = hours_of_quiet;
}

void read_digest(const Context& context, MapReader& map, rules::SendPolicy& policy) {
  const ValuePtr value = map.find("digest");
  if (!value) return;
  MapReader digest(context, *value, "\"digest\"",
                   "write `digest: {every: 1h}` or `digest: {at: \"07:30\"}`");
  if (!digest.is_map()) return;
  rules::DigestPlan plan;
  plan.every = digest.span("every", kDigestEvery);
  const std::vector<Located> times = digest.texts("at");
  for (const Located& time : times) {
    const auto minute = read_minute(digest, "at", time);
    if (minute && plan.at.size() < kMostDigestTimes) plan.at.push_back(*minute);
  }
  if (digest.has("every") == digest.has("at")) {
    digest.error("every", "a digest has either \"every\" or \"at\"",
                 "write `digest: {every: 1h}` or `digest: {at: \"07:30\"}`");
  }
  digest.finish();
  if (plan.every || !plan.at.empty()) policy.digest = std::move(plan);
}

std::uint32_t read_number(MapReader& map, const std::string& key, std::uint64_t most) {
  const auto value = map.count(key, CountBounds{1, most});
  return value ? static_cast<std::uint32_t>(*value) : 1U;
}

void read_rise(MapReader& map, rules::AlertPolicy& policy) {
  const auto text = map.text("rise");
  if (!text) return;
  double value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() ||
      !(value > 1 && value <= 1000)) {  // "nan" is a number to from_chars
    map.error("rise", fmt::format("{} is no rise", in_quotes(*text)),
              "how many times its usual volume a rule must match, like 3: above 1, at most 1000");
    return;
  }
  policy.rise = value;
}

}  // namespace

void read_send_policy(const Context& context, MapReader& map, rules::SendPolicy& policy) {
  read_budget(map, policy);
  read_quiet(context, map, policy);
  read_digest(context, map, policy);
}

void read_alert_policy(const Context& context, MapReader& map, rules::AlertPolicy& policy) {
  const auto once = map.choice("once_per", {"story", "copy", "article"});
  if (once) policy.once_per = static_cast<rules::OncePer>(*once);
  policy.min_sources = read_number(map, "min_sources", 100);
  const ValuePtr reports = map.find("at_least");  // a map: part of the query
  if (reports && reports->kind == Value::Kind::text) {
    policy.at_least = read_number(map, "at_least", rules::max_alert_heard);
  }
  policy.within = map.span("within", kWithin);
  policy.catch_up = map.span("catch_up", kCatchUp);
  read_rise(map, policy);
  if (policy.within && policy.min_sources == 1 && policy.at_least == 1) {
    map.error("within", "\"within\" says nothing without \"min_sources\" or \"at_least\"");
  }
  read_send_policy(context, map, policy.send);
}

}  // namespace wirewatch::daemon
