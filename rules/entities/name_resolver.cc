#include "rules/entities/name_resolver.h"

#include <algorithm>

namespace wirewatch::rules {
namespace {

constexpr std::size_t keys_of_listed = 8;
constexpr std::size_t keys_of_asked = 4;
constexpr std::size_t most_candidates = 4000;
constexpr std::size_t most_looked_through = 50000;
constexpr float least_score = 0.33F;

std::vector<NameKey> unit_keys(const NameText& name, std::size_t most) {
  std::vector<NameKey> keys;
  for (const NameUnit& unit : name.units) {
    if (unit.number != 0) {
      keys.push_back(unit.number);
      continue;
    }
    for (const Sounds& reading : unit.readings) {
      for (const NameKey key : keys_of(reading, most)) keys.push_back(key);
    }
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace

void NameResolver::add(const std::string& id, const std::string& name) {
  NameText text = read_name(name);
  if (text.units.empty()) return;
  const auto index = static_cast<std::uint32_t>(names_.size());
  for (const NameKey key : unit_keys(text, keys_of_listed)) by_key_[key].push_back(index);
  names_.push_back({id, std::move(text)});
}

std::vector<std::uint32_t> NameResolver::candidates(const NameText& name) const {
  boost::unordered_flat_map<std::uint32_t, std::uint32_t> votes;
  for (const NameKey key : unit_keys(name, keys_of_asked)) {
    const auto at = by_key_.find(key);
    if (at == by_key_.end()) continue;
    for (const std::uint32_t index : at->second) ++votes[index];
  }
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ranked;
  for (const auto& vote : votes) ranked.emplace_back(vote.second, vote.first);
  std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  std::vector<std::uint32_t> found;
  for (std::size_t i = 0; i < std::min(ranked.size(), most_candidates); ++i) {
    found.push_back(ranked[i].second);
  }
  return found;
}

std::vector<NameResolver::Answer> NameResolver::resolve(const std::string& name,
                                                        std::size_t most) const {
  const NameText asked = read_name(name);
  std::vector<Answer> answers;
  if (asked.units.empty()) return answers;
  boost::unordered_flat_map<std::string, std::size_t> by_id;
  const auto consider = [&](const Named& listed) {
    const NameComparison compared = compare_names(asked, listed.name);
    if (compared.score < least_score) return;
    const std::size_t parts = std::min(asked.units.size(), listed.name.units.size());
    const auto [at, fresh] = by_id.try_emplace(listed.id, answers.size());
    if (fresh) answers.emplace_back();
    Answer& answer = answers[at->second];
    if (!fresh && answer.score >= compared.score) return;
    answer = {listed.id, listed.name.text, compared.score, compared.way,
              name_verdict(compared, parts)};
  };
  for (const std::uint32_t index : candidates(asked)) consider(names_[index]);
  const bool sure = std::any_of(answers.begin(), answers.end(), [](const Answer& answer) {
    return answer.verdict == NameVerdict::same;
  });
  // Letters that keys do not forgive: look through all, where that takes no minutes.
  if (!sure && names_.size() <= most_looked_through) {
    for (const Named& listed : names_) consider(listed);
  }
  std::stable_sort(answers.begin(), answers.end(),
                   [](const Answer& a, const Answer& b) { return a.score > b.score; });
  if (answers.size() > most) answers.resize(most);
  return answers;
}

}  // namespace wirewatch::rules
