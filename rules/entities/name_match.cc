#include "rules/entities/name_match.h"

#include <algorithm>
#include <array>

#include "rules/entities/name_distance.h"

namespace wirewatch::rules {
namespace {

using Row = std::vector<float>;

// Parts in order, two of one side for one of the other where that is nearer; the least likeness of
// the best way. With `insertions`, parts of the longer side between the first and the last may
// stand alone.
float in_order(const std::vector<NameUnit>& a, const std::vector<NameUnit>& b, bool insertions) {
  std::vector<Row> best(a.size() + 1, Row(b.size() + 1, -1));
  best[0][0] = 1;
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (best[i][j] < 0) continue;
      const auto take = [&](std::size_t to_i, std::size_t to_j, float like) {
        best[to_i][to_j] = std::max(best[to_i][to_j], std::min(best[i][j], like));
      };
      const bool more_a = i < a.size();
      const bool more_b = j < b.size();
      if (more_a && more_b) take(i + 1, j + 1, unit_likeness(a[i], b[j]));
      if (i + 1 < a.size() && more_b)
        take(i + 2, j + 1, unit_likeness(together(a[i], a[i + 1]), b[j]));
      if (more_a && j + 1 < b.size())
        take(i + 1, j + 2, unit_likeness(a[i], together(b[j], b[j + 1])));
      if (!insertions || i == 0 || j == 0) continue;
      if (a.size() > b.size() && i + 1 < a.size() && a[i].number == 0) take(i + 1, j, 0.9F);
      if (b.size() > a.size() && j + 1 < b.size() && b[j].number == 0) take(i, j + 1, 0.9F);
    }
  }
  return std::max(0.0F, best[a.size()][b.size()]);
}

}  // namespace

const char* name_way(NameWay way) {
  constexpr std::array<const char*, 5> names = {"same", "spelling", "inserted name", "other order",
                                                "none"};
  return names[static_cast<std::size_t>(way)];
}

NameUnit together(const NameUnit& first, const NameUnit& second) {
  NameUnit unit;
  if (first.number != 0 || second.number != 0) {
    unit.readings.emplace_back();
    return unit;
  }
  Sounds sounds = first.readings[0];
  const Sounds& more = second.readings[0];
  for (std::size_t i = 0; i < more.length && sounds.length < max_sounds; ++i) {
    sounds.doubled |= ((more.doubled >> i) & 1U) << sounds.length;
    sounds.row[sounds.length++] = more.row[i];
  }
  unit.readings.push_back(sounds);
  return unit;
}

float unit_likeness(const NameUnit& a, const NameUnit& b) {
  float best = 0;
  if (a.number != 0 || b.number != 0) return a.number == b.number ? 1 : 0;
  for (std::size_t i = 0; i < a.readings.size(); ++i) {
    for (std::size_t j = 0; j < b.readings.size(); ++j) {
      // A reading without what is written onto the word is a little less sure.
      const float sure = i + j == 0 ? 1.0F : 0.97F;
      best = std::max(best, sure * likeness(a.readings[i], b.readings[j]));
    }
  }
  return best;
}

NameComparison compare_names(const NameText& a, const NameText& b) {
  NameComparison result;
  if (a.units.empty() || b.units.empty()) return result;
  if (a.words == b.words) return {1, NameWay::same};
  const auto consider = [&](float score, NameWay way) {
    if (score > result.score) result = {score, way};
  };
  consider(in_order(a.units, b.units, false), NameWay::spelling);
  if (a.units.size() != b.units.size() && a.units.size() > 1 && b.units.size() > 1) {
    consider(in_order(a.units, b.units, true), NameWay::inserted);
  }
  if (a.units.size() == b.units.size() && a.units.size() > 1) {
    const std::size_t count = a.units.size();
    for (const std::size_t turn : {std::size_t{1}, count - 1}) {
      float least = 0.9F;
      for (std::size_t i = 0; i < count; ++i) {
        least = std::min(least, unit_likeness(a.units[i], b.units[(i + turn) % count]));
      }
      consider(least, NameWay::order);
    }
  }
  return result;
}

NameVerdict name_verdict(const NameComparison& compared, std::size_t parts) {
  const float same = parts > 1 ? 0.5F : surely_one;
  const float unsure = parts > 1 ? 0.35F : 0.45F;
  return compared.score >= same     ? NameVerdict::same
         : compared.score >= unsure ? NameVerdict::unsure
                                    : NameVerdict::different;
}

const char* verdict_text(NameVerdict verdict) {
  return verdict == NameVerdict::same     ? "same"
         : verdict == NameVerdict::unsure ? "unsure"
                                          : "different";
}

}  // namespace wirewatch::rules
