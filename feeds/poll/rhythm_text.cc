#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "feeds/poll/limits.h"
#include "feeds/poll/rhythm_shape.h"

namespace wirewatch::feeds {
namespace {

constexpr double kMostly = 0.8;         // of the items
constexpr std::size_t kMostHours = 16;  // a longer stretch is no habit worth a word
constexpr double kItemsToTell = 10;     // fewer say nothing about hours and days
constexpr char kPackVersion = 2;
// A version, two instants, seconds from `since` to `at`, the numbers.
constexpr std::size_t kPackSize =
    1 + 2 * sizeof(std::int64_t) + sizeof(std::uint32_t) + 43 * sizeof(float);
static_assert(kPackSize < 200);

std::string number_words(double value) {
  if (value >= 9.5) return fmt::format("{:.0f}", value);
  const std::string text = fmt::format("{:.1f}", value);
  return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

std::string rate_words(double a_day) {
  if (a_day >= 48) return fmt::format("about {} an hour", number_words(a_day / 24));
  if (a_day >= 0.95) return fmt::format("about {} a day", number_words(a_day));
  if (a_day * 7 >= 0.95) return fmt::format("about {} a week", number_words(a_day * 7));
  if (a_day * 30 >= 0.95) return fmt::format("about {} a month", number_words(a_day * 30));
  return "less than one a month";
}

// The shortest stretch of hours that holds most items: " mostly 06–20 UTC", or nothing.
std::string hours_words(const std::array<double, 24>& hours) {
  for (std::size_t length = 1; length <= kMostHours; ++length) {
    std::size_t best = 0;
    double most = 0;
    for (std::size_t start = 0; start < 24; ++start) {
      double sum = 0;
      for (std::size_t i = 0; i < length; ++i) sum += hours[(start + i) % 24];
      if (sum > most) best = start;
      most = std::max(most, sum);
    }
    if (most >= kMostly * 24) {
      return fmt::format("mostly {:02}–{:02} UTC", best, (best + length) % 24);
    }
  }
  return {};
}

std::string days_words(const std::array<double, 7>& days) {
  constexpr std::array<const char*, 7> kNames = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::size_t kMostDays = 5;
  std::array<std::size_t, 7> order = {0, 1, 2, 3, 4, 5, 6};
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return days[a] > days[b]; });
  std::array<bool, 7> in{};
  double sum = 0;
  std::size_t count = 0;
  while (sum < kMostly * 7 + 0.2 && count < 7) {
    sum += days[order[count]];
    in[order[count++]] = true;
  }
  if (count > kMostDays) return {};
  if (count == 5 && !in[0] && !in[6]) return "mostly Mon–Fri";
  std::string text;
  for (const std::size_t day : std::array<std::size_t, 7>{1, 2, 3, 4, 5, 6, 0}) {
    if (in[day]) text += (text.empty() ? "mostly on " : ", ") + std::string(kNames[day]);
  }
  return text;
}

template <class T>
void put(std::string& out, T value) {
  std::array<char, sizeof(T)> bytes{};
  std::memcpy(bytes.data(), &value, sizeof(T));
  if constexpr (std::endian::native == std::endian::big) std::reverse(bytes.begin(), bytes.end());
  out.append(bytes.data(), bytes.size());
}

template <class T>
void get(std::string_view& in, T& value) {
  std::array<char, sizeof(T)> bytes{};
  in.copy(bytes.data(), sizeof(T));
  in.remove_prefix(sizeof(T));
  if constexpr (std::endian::native == std::endian::big) std::reverse(bytes.begin(), bytes.end());
  std::memcpy(&value, bytes.data(), sizeof(T));
}

// Calls `each` with every number, in the order in which they are packed.
template <class R, class Each>
void every_number(R& rhythm, Each each) {
  for (auto* one : {&rhythm.items, &rhythm.events, &rhythm.missed, &rhythm.longest, &rhythm.rise,
                    &rhythm.rise_items, &rhythm.rise_hours, &rhythm.fall}) {
    each(*one);
  }
  for (auto& one : rhythm.quick) each(one);
  for (auto& one : rhythm.share) each(one);
  for (auto& one : rhythm.hours) each(one);
  for (auto& one : rhythm.days) each(one);
}

}  // namespace

std::string rhythm_words(const Rhythm& rhythm, Instant now) {
  if (rhythm.last_item == Instant{}) return "nothing yet";
  std::string text = rate_words(items_a_day(rhythm, now));
  if (static_cast<double>(rhythm.items) < kItemsToTell) return text;
  const RhythmShape shape(rhythm);
  for (const std::string& habit : {hours_words(shape.hours), days_words(shape.days)}) {
    if (!habit.empty()) text += ", " + habit;
  }
  return text;
}

std::string pack_rhythm(const Rhythm& rhythm) {
  if (rhythm.at == Instant{}) return {};
  std::string out(1, kPackVersion);
  put(out, to_unix_micros(rhythm.at));
  put(out, to_unix_micros(rhythm.last_item));
  const double watched = std::clamp(seconds_of(rhythm.at - rhythm.since), 0.0, 4e9);
  put(out, static_cast<std::uint32_t>(std::lround(watched)));
  every_number(rhythm, [&](float one) { put(out, one); });
  return out;
}

Rhythm unpack_rhythm(std::string_view bytes) {
  Rhythm rhythm;
  if (bytes.size() != kPackSize || bytes[0] != kPackVersion) return {};
  bytes.remove_prefix(1);
  for (Instant* one : {&rhythm.at, &rhythm.last_item}) {
    std::int64_t micros = 0;
    get(bytes, micros);
    *one = from_unix_micros(micros);
  }
  std::uint32_t watched = 0;
  get(bytes, watched);
  rhythm.since = rhythm.at - std::chrono::seconds(watched);
  bool sound = true;
  every_number(rhythm, [&](float& one) {
    get(bytes, one);
    sound = sound && std::isfinite(one) && one >= 0;
  });
  return sound ? rhythm : Rhythm{};
}

}  // namespace wirewatch::feeds
