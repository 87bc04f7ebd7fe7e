// What is learned of a feed's publisher beyond one document: which fields name an item, whether its
// dates can be believed, and how much it usually brings.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "feeds/identity/identity.h"
#include "feeds/time.h"

namespace wirewatch::feeds {

// A field's fault with hysteresis: two faulty documents close to each other set it, one does not,
// and sixteen sound ones in a row lift it again. Documents that say nothing change nothing.
struct Fault {
  static constexpr std::uint8_t per_document = 4;
  static constexpr std::uint8_t sets_at = 8;
  static constexpr std::uint8_t most = 16;
  std::uint8_t blame = 0;  // 0 … most
  bool set = false;
  void faulty();
  void sound();
  friend bool operator==(const Fault&, const Fault&) = default;
};

// A date of the last document, to see whether it moves: the item's id as hash64, its date.
using DatedItem = std::pair<std::uint64_t, Instant>;

// About 200 bytes a feed. All zero: nothing is known yet, every field is trusted.
struct Publisher {
  static constexpr std::size_t most_dates = 8;

  Fault guid_shared;    // one guid for several items, at once or one after the other (45, 46)
  Fault guid_unsteady;  // an item's guid is another one at every fetch (43)
  Fault link_shared;    // every item leads to the same page
  Fault link_unsteady;  // an item's link is another one at every fetch
  Fault dates_lie;      // in the future, moving on with each fetch, or the same for all items (54)

  std::uint32_t documents = 0;  // taken so far, the baseline included
  Instant last_document{};      // when the last was taken
  Instant newest{};             // the newest date that can be true of an item it showed
  std::uint32_t shown = 0;      // items that it showed, decaying maximum
  double largest = 0;           // new items that one document brought, decaying maximum
  double per_hour = 0;          // new items an hour, moving average; 0 unknown
  std::vector<DatedItem> dates;
  friend bool operator==(const Publisher&, const Publisher&) = default;
};

// After one document. `identified` as identify() gave it for `items` and `known`; `baseline`: the
// feed's first, whose items say nothing of its pace but by their dates. `counted`: the new items
// that were no republication.
Publisher learn(Publisher publisher, const std::vector<Item>& items,
                const std::vector<KnownItem>& known, const std::vector<Identified>& identified,
                bool baseline, std::size_t counted, Instant now);

// The operator let `count` items through that looked like too many: so many are usual here.
Publisher allow(Publisher publisher, std::size_t count);

// How many new items a document taken at `now` would bring by what is known: the most that one
// ever brought (old ones count less and less) or the pace since the last, whichever is more.
double usual_new(const Publisher& publisher, Instant now);

// In users' words, for lists: "guid, link and text", "text alone: guid and link are shared by
// several items", "link and text: guids change".
std::string identified_by(const Publisher& publisher);

}  // namespace wirewatch::feeds
