// Choosing the few that count of many.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace wirewatch::feeds {

// The `most` entries of which none of the others is stronger, in no order. `class_of` says a number
// below 256, never less of a stronger one: how many entries have each tells that of the last one,
// and only those that share it are compared, as each comparison is a coin toss.
template <typename Entry, typename ClassOf, typename IsStronger>
std::vector<Entry> strongest(std::span<const Entry> entries, std::size_t most, ClassOf class_of,
                             IsStronger stronger) {
  if (entries.size() <= most) return {entries.begin(), entries.end()};
  if (most == 0) return {};
  std::array<std::uint32_t, 256> counts{};
  for (const Entry& entry : entries) ++counts[class_of(entry)];
  std::size_t last = counts.size() - 1;
  std::size_t above = 0;
  for (; above + counts[last] < most; --last) above += counts[last];
  std::vector<Entry> kept(above + counts[last] + 1);
  std::vector<Entry> doubtful(counts[last] + 1);
  std::size_t sure = 0;
  std::size_t doubts = 0;
  for (const Entry& entry : entries) {
    const std::size_t its_class = class_of(entry);
    kept[sure] = doubtful[doubts] = entry;
    sure += its_class > last ? 1 : 0;
    doubts += its_class == last ? 1 : 0;
  }
  const auto end = doubtful.begin() + static_cast<std::ptrdiff_t>(doubts);
  const auto missing = static_cast<std::ptrdiff_t>(most - sure);
  if (doubts > most - sure) {
    std::nth_element(doubtful.begin(), doubtful.begin() + missing, end, stronger);
  }
  std::copy_n(doubtful.begin(), missing, kept.begin() + static_cast<std::ptrdiff_t>(sure));
  kept.resize(most);
  return kept;
}

}  // namespace wirewatch::feeds
