// What the last document of a feed showed and the store knew already. Most items of a document were
// in the one before, and the look for each costs several questions to the store, a folded text and
// another question when it is committed: of what comes again as it was, all three are known.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/store/reader.h"
#include "feeds/identity/keys.h"

namespace wirewatch::daemon {

// An item of which nothing is left to store: seen under the keys that it is stored with, which no
// other item has, and lately enough.
struct SettledItem {
  feeds::Fingerprint fingerprint;  // with which it came
  feeds::ItemKeys keys;
  std::shared_ptr<const KnownRow> row;
};

class LastDocument {
 public:
  explicit LastDocument(std::vector<SettledItem> items);
  const SettledItem* find(const feeds::Fingerprint& fingerprint) const;
  std::size_t bytes() const;  // about, all that hangs on it

 private:
  std::vector<SettledItem> items_;  // by fingerprint
};

// Any thread. Bounded: where there is no room, those go that nobody asked for in the last hour, and
// otherwise the newcomer is not kept, so that feeds in turn do not push each other out.
class LastDocuments {
 public:
  explicit LastDocuments(std::size_t most_bytes);

  // Of all fingerprints here; another one in each process.
  std::uint64_t seed() const { return seed_; }

  // Takes it out: it is no longer true once the next document is committed. Null: none.
  std::unique_ptr<LastDocument> take(const std::string& feed);
  void keep(const std::string& feed, std::unique_ptr<LastDocument> document, Instant now);
  std::size_t bytes() const;

 private:
  struct Kept {
    std::unique_ptr<LastDocument> document;
    Instant since{};
  };

  void drop_idle(Instant now);

  std::size_t most_bytes_;
  std::uint64_t seed_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Kept> kept_;  // by the feed's key
  std::size_t bytes_ = 0;
};

}  // namespace wirewatch::daemon
