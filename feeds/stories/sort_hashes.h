// Sorting what is sorted by hashes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace wirewatch::feeds {

// Sorts by key_of(entry), hashes that are spread evenly below `end`. Each is put where it may be
// expected and moved by a place or two from there: std::sort asks seven questions of each of a
// hundred, all of them coin tosses. Where many are expected at one place, as words may be chosen
// for, it is the standard's sort after all. Equal ones keep their order.
template <typename Entry, typename KeyOf>
void sort_hashes(std::vector<Entry>& entries, KeyOf key_of, std::uint32_t end = 0xFFFFFFFF) {
  if (entries.size() < 2) return;
  static thread_local std::vector<std::uint32_t> starts;
  const std::uint64_t count = entries.size();
  const std::uint64_t scale = (count << 32) / (std::uint64_t{end} + 1);
  const auto place = [&](const Entry& entry) {
    const std::uint64_t at = key_of(entry) * scale >> 32;
    return static_cast<std::size_t>(std::min(at, count - 1));
  };
  starts.assign(entries.size() + 1, 0);
  for (const Entry& entry : entries) ++starts[place(entry) + 1];
  constexpr std::uint32_t crowd = 32;
  if (*std::max_element(starts.begin(), starts.end()) > crowd) {
    std::stable_sort(entries.begin(), entries.end(),
                     [&key_of](const Entry& a, const Entry& b) { return key_of(a) < key_of(b); });
    return;
  }
  for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
  std::vector<Entry> sorted(entries.size());
  for (const Entry& entry : entries) sorted[starts[place(entry)]++] = entry;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    const Entry entry = sorted[i];
    std::size_t at = i;
    for (; at > 0 && key_of(entry) < key_of(sorted[at - 1]); --at) sorted[at] = sorted[at - 1];
    sorted[at] = entry;
  }
  entries = std::move(sorted);
}

}  // namespace wirewatch::feeds
