#include "feeds/identity/republication.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "feeds/poll/schedule.h"

namespace wirewatch::feeds {
namespace {

using L = RepublicationLimits;

// Which known text is nearest, through the hashes that they share: no pair is looked at in vain.
class KnownTexts {
 public:
  explicit KnownTexts(const std::vector<TextSketch>& sketches) : sketches_(sketches) {
    for (std::size_t i = 0; i < sketches.size(); ++i) {
      for (const std::uint32_t hash : sketches[i]) {
        std::vector<std::uint32_t>& holders = holders_[hash];
        if (holders.size() < kHolders) holders.push_back(static_cast<std::uint32_t>(i));
      }
    }
  }

  bool has_alike(const TextSketch& text) const {
    std::unordered_map<std::uint32_t, std::size_t> common;
    for (const std::uint32_t hash : text) {
      const auto holders = holders_.find(hash);
      if (holders == holders_.end()) continue;
      for (const std::uint32_t holder : holders->second) ++common[holder];
    }
    return std::any_of(common.begin(), common.end(), [&](const auto& entry) {
      return 4 * entry.second >= text.size() &&
             sketch_similarity(text, sketches_[entry.first]) >= L::alike;
    });
  }

 private:
  static constexpr std::size_t kHolders = 16;  // a word that more texts have tells nothing
  const std::vector<TextSketch>& sketches_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> holders_;
};

// The instant that at least half of the new items have, if there is one.
std::optional<Instant> common_date(const std::vector<Item>& items,
                                   const std::vector<Identified>& identified) {
  std::map<Instant, std::size_t> dates;
  std::size_t fresh = 0;
  for (const Identified& one : identified) {
    if (one.change != ItemChange::fresh) continue;
    ++fresh;
    if (items[one.index].published) ++dates[*items[one.index].published];
  }
  for (const auto& [date, count] : dates) {
    if (2 * count >= fresh) return date;
  }
  return std::nullopt;
}

}  // namespace

bool brings_too_many(const Publisher& publisher, std::size_t fresh, Instant now) {
  if (publisher.documents == 0 || publisher.shown == 0 || fresh < L::items) return false;
  return static_cast<double>(fresh) > L::times_usual * usual_new(publisher, now);
}

std::vector<std::string> republished(const Publisher& publisher, const std::vector<Item>& items,
                                     const std::vector<Identified>& identified,
                                     const std::vector<TextSketch>& recent, Instant now) {
  std::vector<std::string> reasons(identified.size());
  const auto fresh = static_cast<std::size_t>(
      std::count_if(identified.begin(), identified.end(),
                    [](const Identified& one) { return one.change == ItemChange::fresh; }));
  if (!brings_too_many(publisher, fresh, now)) return reasons;
  const KnownTexts known(recent);
  const std::optional<Instant> common = common_date(items, identified);
  // Undated ones could as well be what a lively feed wrote since: only where its usual is known.
  const bool flood =
      publisher.documents >= L::documents ||
      (fresh >= L::undated_flood && static_cast<double>(fresh) > L::times_usual * publisher.shown);
  for (std::size_t i = 0; i < identified.size(); ++i) {
    const Identified& one = identified[i];
    if (one.change != ItemChange::fresh) continue;
    const std::optional<Instant>& date = items[one.index].published;
    const bool believed =
        date && sane_date(*date, now) && date != common && !publisher.dates_lie.set;
    if (known.has_alike(one.sketch)) {
      reasons[i] = "its text is nearly one already known";
    } else if (date && sane_date(*date, now) && *date < std::min(publisher.newest, now) - L::old) {
      reasons[i] = "older than what the feed had shown before";
    } else if (!believed && flood) {
      reasons[i] = fmt::format("undated, and {} new items at once where about {} are usual", fresh,
                               static_cast<std::size_t>(usual_new(publisher, now) + 0.5));
    }
  }
  return reasons;
}

std::size_t renamed(const std::vector<Identified>& identified) {
  return static_cast<std::size_t>(
      std::count_if(identified.begin(), identified.end(), [](const Identified& one) {
        return one.reason.starts_with("same text under another guid and link");
      }));
}

}  // namespace wirewatch::feeds
