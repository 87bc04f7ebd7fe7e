// The items that are known but not decided, in memory: what waits, for what, and since when.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/store/rows.h"

namespace wirewatch::daemon {

// Items of one feed that are held for the operator.
struct HeldItems {
  std::size_t count = 0;
  Instant since{};
};

// Loop thread only. Moves with each decision, like the alert book; the store has the texts.
class WaitingList {
 public:
  static constexpr std::size_t most_articles = 5000;  // beyond, the feed's own text counts
  static constexpr std::size_t most_held = 100000;    // beyond, held items are dropped

  void restore(const std::vector<WaitingEntry>& entries);
  // Null when it does not wait.
  const WaitingEntry* find(const std::string& item) const;
  void put(const WaitingRow& row);
  void remove(const std::string& item);
  void change_feed(const FeedKeyChange& change);

  std::size_t articles() const { return articles_; }
  std::size_t held() const { return entries_.size() - articles_; }
  const std::map<std::string, HeldItems>& held_by_feed() const { return by_feed_; }

 private:
  void add(WaitingEntry entry);

  std::unordered_map<std::string, WaitingEntry> entries_;  // by item
  std::map<std::string, HeldItems> by_feed_;               // only feeds that have some
  std::size_t articles_ = 0;
};

}  // namespace wirewatch::daemon
