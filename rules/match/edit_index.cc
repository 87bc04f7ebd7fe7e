#include "rules/match/edit_index.h"

#include <algorithm>
#include <array>
#include <map>

#include "feeds/text/utf8.h"

namespace wirewatch::rules {
namespace {

constexpr std::uint64_t base = 0x9E3779B97F4A7C15ULL;

// Hashes of a word with letters left out, each in constant time: a polynomial over its letters.
class Forms {
 public:
  explicit Forms(std::u32string_view letters) : size_(letters.size()) {
    powers_[0] = 1;
    before_[0] = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      powers_[i + 1] = powers_[i] * base;
      before_[i + 1] = before_[i] * base + letters[i] + 1;
    }
  }

  // Calls take(hash) for the word, and for it without one letter (and without two).
  template <typename Take>
  void each(std::uint8_t left_out, Take take) const {
    take(before_[size_]);
    for (std::size_t i = 0; i < size_; ++i) {
      const std::uint64_t without = after(before_[i], i + 1, size_);
      take(without);
      if (left_out < 2) continue;
      for (std::size_t j = i + 1; j < size_; ++j) {
        take(after(after(before_[i], i + 1, j), j + 1, size_));
      }
    }
  }

 private:
  // The hash of what `hash` stands for, followed by letters begin to end.
  std::uint64_t after(std::uint64_t hash, std::size_t begin, std::size_t end) const {
    const std::uint64_t inside = before_[end] - before_[begin] * powers_[end - begin];
    return hash * powers_[end - begin] + inside;
  }

  std::size_t size_;
  std::array<std::uint64_t, EditIndex::most_letters + 1> powers_{};
  std::array<std::uint64_t, EditIndex::most_letters + 1> before_{};
};

}  // namespace

std::u32string letters_of(std::string_view folded) {
  std::u32string letters;
  for (std::size_t at = 0; at < folded.size();) {
    const auto decoded = feeds::unicode::decode(folded, at);
    letters.push_back(decoded.code);
    at += decoded.length;
  }
  return letters;
}

std::uint32_t edit_distance(std::u32string_view a, std::u32string_view b) {
  const std::size_t width = b.size() + 2;
  const auto far = static_cast<std::uint32_t>(a.size() + b.size());
  std::vector<std::uint32_t> cells((a.size() + 2) * width, far);
  const auto cell = [&](std::size_t i, std::size_t j) -> std::uint32_t& {
    return cells[i * width + j];
  };
  for (std::size_t i = 0; i <= a.size(); ++i) cell(i + 1, 1) = static_cast<std::uint32_t>(i);
  for (std::size_t j = 0; j <= b.size(); ++j) cell(1, j + 1) = static_cast<std::uint32_t>(j);
  std::map<char32_t, std::size_t> row_of;  // where in `a` a letter stood last
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t column = 0;  // where in `b` this letter of `a` stood last
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto known = row_of.find(b[j - 1]);
      const std::size_t row = known == row_of.end() ? 0 : known->second;
      const bool same = a[i - 1] == b[j - 1];
      const auto swapped = static_cast<std::uint32_t>((i - row - 1) + 1 + (j - column - 1));
      cell(i + 1, j + 1) = std::min({cell(i, j) + (same ? 0 : 1), cell(i + 1, j) + 1,
                                     cell(i, j + 1) + 1, cell(row, column) + swapped});
      if (same) column = j;
    }
    row_of[a[i - 1]] = i;
  }
  return cell(a.size() + 1, b.size() + 1);
}

void EditIndex::add(std::string_view folded, std::uint8_t edits, AtomId atom) {
  std::u32string letters = letters_of(folded);
  if (letters.size() > most_letters) return;
  const auto entry = static_cast<std::uint32_t>(entries_.size());
  Forms(letters).each(edits, [&](std::uint64_t form) {
    auto& list = forms_[form];
    if (list.empty() || list.back() != entry) list.push_back(entry);
  });
  most_edits_ = std::max(most_edits_, edits);
  shortest_ = std::min(shortest_, letters.size() - std::min<std::size_t>(letters.size(), edits));
  longest_ = std::max(longest_, letters.size() + edits);
  entries_.push_back({std::move(letters), edits, atom});
}

void EditIndex::find(std::string_view folded, std::vector<AtomId>& out) const {
  if (folded.size() < shortest_ || folded.size() > 4 * longest_) return;
  const std::u32string letters = letters_of(folded);
  if (letters.size() < shortest_ || letters.size() > std::min(longest_, most_letters)) return;
  std::vector<std::uint32_t> near;
  Forms(letters).each(most_edits_, [&](std::uint64_t form) {
    const auto at = forms_.find(form);
    if (at != forms_.end()) near.insert(near.end(), at->second.begin(), at->second.end());
  });
  std::sort(near.begin(), near.end());
  near.erase(std::unique(near.begin(), near.end()), near.end());
  for (const std::uint32_t entry : near) {
    const Entry& one = entries_[entry];
    if (edit_distance(one.letters, letters) <= one.edits) out.push_back(one.atom);
  }
}

}  // namespace wirewatch::rules
