#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "feeds/hash.h"
#include "feeds/identity/identity.h"
#include "feeds/identity/keys.h"
#include "feeds/identity/publisher.h"

namespace wirewatch::feeds {
namespace {

// design.md, "GUID reuse": below this another link makes another item.
constexpr double kOtherText = 0.2;
// About seven words: a shorter text ("Live", "Weather for today") comes again for other things, so
// alone it does not join two items that both have an id or a link of their own.
constexpr std::size_t kTellingSketch = 12;
// Of the known items under one key, so that a key which thousands share costs no more than others.
constexpr std::size_t kCandidates = 8;

enum Kind : std::size_t { kGuid, kLink, kContent };

std::uint64_t key_of(const ItemKeys& keys, Kind kind) {
  return kind == kGuid ? keys.guid : kind == kLink ? keys.link : keys.content;
}

// What is known of one key: who has it, and whether these agree on the text.
struct KeyUse {
  std::vector<std::size_t> known;  // indices, at most kCandidates
  bool in_document = false;
  std::uint64_t document_content = 0;
  bool ambiguous = false;  // several different texts in this document, or in the past
};

struct Match {
  std::size_t known = 0;
  int strength = 0;  // how many keys agree; more wins when two items claim one known item
  bool same_text = false;
  bool formerly = false;  // the same by ItemKeys::former, which others may share
  const char* reason = "";
};

class Identifier {
 public:
  Identifier(const std::string& feed_key, const std::vector<Item>& items,
             const std::vector<KnownItem>& known, const Publisher& publisher,
             const std::vector<ItemKeys>& keys)
      : feed_key_(feed_key),
        items_(items),
        known_(known),
        publisher_(publisher),
        keys_of_(keys),
        sketches_(items.size()) {}

  std::vector<Identified> run();

 private:
  void index_known();
  void index_document();
  bool usable(const ItemKeys& item, Kind kind) const;
  bool steady(Kind kind) const;
  bool refuses(const ItemKeys& item, const KnownItem& known) const;
  bool same_text(const ItemKeys& item, const KnownItem& known) const;
  const TextSketch& sketch_of(const ItemKeys& item) const;
  std::vector<Match> matches_of(const ItemKeys& item) const;
  Match match_of(const ItemKeys& item, std::size_t known) const;
  void claim_known();
  bool take_best(std::size_t index, const std::vector<Match>& matches);
  std::string fresh_id(std::size_t index, std::string& reason) const;
  bool repeats_text(std::size_t index);
  void add_fresh(std::size_t index);
  std::vector<std::size_t> order_of_decision() const;

  const std::string& feed_key_;
  const std::vector<Item>& items_;
  const std::vector<KnownItem>& known_;
  const Publisher& publisher_;
  const std::vector<ItemKeys>& keys_of_;
  mutable std::vector<std::optional<TextSketch>>
      sketches_;  // by item, of those that were asked for
  std::unordered_map<std::uint64_t, KeyUse> uses_[3];
  std::unordered_set<std::string> ids_;                     // of known items, and given out here
  std::unordered_map<std::string, std::uint64_t> decided_;  // id → content, in this document
  std::unordered_map<std::uint64_t, std::size_t> texts_;    // content → first fresh item with it
  std::vector<Identified> results_;                         // by item; empty id: a repeat
};

void Identifier::index_known() {
  for (std::size_t i = 0; i < known_.size(); ++i) {
    ids_.insert(known_[i].id);
    for (const Kind kind : {kGuid, kLink, kContent}) {
      const std::uint64_t key = key_of(known_[i].keys, kind);
      if (key == 0) continue;
      KeyUse& use = uses_[kind][key];
      for (const std::size_t other : use.known) {
        const bool two = known_[other].id != known_[i].id;
        if (two && known_[other].keys.content != known_[i].keys.content) use.ambiguous = true;
      }
      if (use.known.size() < kCandidates) use.known.push_back(i);
    }
  }
}

void Identifier::index_document() {
  for (const ItemKeys& keys : keys_of_) {
    for (const Kind kind : {kGuid, kLink, kContent}) {
      const std::uint64_t key = key_of(keys, kind);
      if (key == 0) continue;
      KeyUse& use = uses_[kind][key];
      if (use.in_document && use.document_content != keys.content) use.ambiguous = true;
      use.in_document = true;
      use.document_content = keys.content;
    }
  }
  for (auto& [key, use] : uses_[kContent]) use.ambiguous = false;  // the text is the text
}

// `item` is one of keys_of_.
const TextSketch& Identifier::sketch_of(const ItemKeys& item) const {
  const auto index = static_cast<std::size_t>(&item - keys_of_.data());
  std::optional<TextSketch>& sketch = sketches_[index];
  if (!sketch) sketch = sketch_item(items_[index]);
  return *sketch;
}

bool Identifier::usable(const ItemKeys& item, Kind kind) const {
  const std::uint64_t key = key_of(item, kind);
  // An item without a text has nothing else to be known by.
  const bool shared = item.content != 0 && ((kind == kGuid && publisher_.guid_shared.set) ||
                                            (kind == kLink && publisher_.link_shared.set));
  return key != 0 && !shared && !uses_[kind].at(key).ambiguous;
}

// Does another value of this field mean another item?
bool Identifier::steady(Kind kind) const {
  return !(kind == kGuid && publisher_.guid_unsteady.set) &&
         !(kind == kLink && publisher_.link_unsteady.set);
}

// The store may answer with an older text's key when another item of this document has that text;
// then the sketch, which is the newest text's, decides.
bool Identifier::same_text(const ItemKeys& item, const KnownItem& known) const {
  if (item.content == known.keys.content || item.content == 0) return true;
  if (item.former == known.keys.content) return true;
  const auto use = uses_[kContent].find(known.keys.content);
  const bool elsewhere = use != uses_[kContent].end() && use->second.in_document;
  return elsewhere && sketch_of(item) == known.sketch;
}

// One id or link agrees, the other is another one, and so is the text.
bool Identifier::refuses(const ItemKeys& item, const KnownItem& known) const {
  if (item.content == 0 || known.sketch.empty()) return false;
  return sketch_similarity(sketch_of(item), known.sketch) < kOtherText;
}

Match Identifier::match_of(const ItemKeys& item, std::size_t index) const {
  const KnownItem& known = known_[index];
  const auto agrees = [&](Kind kind) {
    return usable(item, kind) && key_of(item, kind) == key_of(known.keys, kind);
  };
  const auto differs = [&](Kind kind) {
    return usable(item, kind) && steady(kind) && key_of(known.keys, kind) != 0 &&
           key_of(item, kind) != key_of(known.keys, kind);
  };
  Match match;
  match.known = index;
  match.same_text = same_text(item, known);
  match.formerly = item.content != known.keys.content && item.former == known.keys.content;
  const bool guid = agrees(kGuid);
  const bool link = agrees(kLink);
  const bool content = agrees(kContent) || (match.formerly && item.former != 0U);
  const int keys = (guid ? 2 : 0) + (link ? 2 : 0) + (content ? (match.formerly ? 1 : 3) : 0);
  if (guid || link) {
    const bool other = guid ? differs(kLink) : differs(kGuid);
    if (other && !match.same_text && refuses(item, known)) return match;
    match.strength = keys;
    match.reason = guid && link ? "same guid and link"
                   : guid       ? (other ? "same guid, other link" : "same guid")
                                : (other ? "same link, other guid" : "same link");
    return match;
  }
  if (!content) return match;
  const bool named_apart = differs(kGuid) || differs(kLink);
  if (named_apart && (match.formerly || sketch_of(item).size() < kTellingSketch)) return match;
  match.strength = keys;
  match.reason = named_apart ? "same text under another guid and link" : "same text";
  return match;
}

// Best first.
std::vector<Match> Identifier::matches_of(const ItemKeys& item) const {
  std::vector<Match> matches;
  const auto consider = [&](const std::vector<std::size_t>& candidates) {
    for (const std::size_t known : candidates) {
      const bool had = std::any_of(matches.begin(), matches.end(),
                                   [&](const Match& m) { return m.known == known; });
      const Match match = had ? Match{} : match_of(item, known);
      if (match.strength > 0) matches.push_back(match);
    }
  };
  for (const Kind kind : {kGuid, kLink, kContent}) {
    if (usable(item, kind)) consider(uses_[kind].at(key_of(item, kind)).known);
  }
  const auto former = uses_[kContent].find(item.former.value_or(0));
  if (former != uses_[kContent].end()) consider(former->second.known);
  std::stable_sort(matches.begin(), matches.end(),
                   [](const Match& a, const Match& b) { return a.strength > b.strength; });
  return matches;
}

// Gives `index` to the first of its matches that nobody else of this document has. A repeat of
// what another item already said disappears. False: all were taken by other texts.
bool Identifier::take_best(std::size_t index, const std::vector<Match>& matches) {
  const ItemKeys& item = keys_of_[index];
  for (const Match& match : matches) {
    const KnownItem& known = known_[match.known];
    const auto [taken, is_new] = decided_.try_emplace(known.id, item.content);
    if (!is_new) {
      if (taken->second == item.content || (match.same_text && !match.formerly)) return true;
      continue;
    }
    Identified& result = results_[index];
    result.id = known.id;
    result.change = match.same_text ? ItemChange::seen : ItemChange::edited;
    if (match.same_text) result.sketch = known.sketch;
    result.revision = match.same_text ? known.revision : known.revision + 1;
    result.reason = match.same_text ? match.reason : std::string(match.reason) + ", text changed";
    return true;
  }
  return false;
}

// Those who share most with a known item choose first.
void Identifier::claim_known() {
  std::vector<std::vector<Match>> matches(items_.size());
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    matches[i] = matches_of(keys_of_[i]);
    order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const int strength_a = matches[a].empty() ? 0 : matches[a].front().strength;
    const int strength_b = matches[b].empty() ? 0 : matches[b].front().strength;
    return strength_a > strength_b;
  });
  for (const std::size_t i : order) {
    if (!take_best(i, matches[i])) add_fresh(i);
  }
}

std::string Identifier::fresh_id(std::size_t index, std::string& reason) const {
  const ItemKeys& item = keys_of_[index];
  const ItemNames names = item_names(items_[index]);
  const std::string content = std::to_string(item.content);
  const auto known_under = [&](Kind kind) {
    return !uses_[kind].at(key_of(item, kind)).known.empty();
  };
  std::string id;
  const bool by_link = !steady(kGuid) && usable(item, kLink) && !known_under(kLink);
  if (usable(item, kGuid) && !by_link) {
    if (!known_under(kGuid)) {
      reason = usable(item, kLink) && known_under(kLink) ? "same link, other guid and other text"
                                                         : "new guid";
      id = id_of({feed_key_, "guid", names.guid});
    } else {
      reason = "guid reused for another text";
    }
  } else if (usable(item, kLink) && !known_under(kLink)) {
    reason = names.guid.empty() ? "new link"
             : by_link          ? "new link, guids change"
                                : "new link, guid shared by several items";
    id = id_of({feed_key_, "link", names.link});
  } else {
    reason = names.guid.empty() && names.link.empty() ? "new text" : "new text, no key of its own";
    if (item.content != 0) id = id_of({feed_key_, "content", content});
  }
  // An id that something else has already, whatever the way there: all that there is makes one.
  if (id.empty() || ids_.count(id) != 0) {
    id = id_of({feed_key_, "guid+link+content", names.guid, names.link, content});
  }
  return id;
}

// The same text a second time in one document, unless it is a short one under other names.
bool Identifier::repeats_text(std::size_t index) {
  const ItemKeys& item = keys_of_[index];
  if (item.content == 0) return false;
  const auto [first, is_new] = texts_.try_emplace(item.content, index);
  if (is_new) return false;
  const ItemKeys& other = keys_of_[first->second];
  const bool apart = (usable(item, kGuid) && other.guid != 0 && other.guid != item.guid) ||
                     (usable(item, kLink) && other.link != 0 && other.link != item.link);
  const bool shared = (usable(item, kGuid) && other.guid == item.guid) ||
                      (usable(item, kLink) && other.link == item.link);
  return shared || !apart || sketch_of(item).size() >= kTellingSketch;
}

void Identifier::add_fresh(std::size_t index) {
  const ItemKeys& item = keys_of_[index];
  const bool empty = item.guid == 0 && item.link == 0 && item.content == 0;
  if (empty || repeats_text(index)) return;
  std::string reason;
  const std::string id = fresh_id(index, reason);
  // Under the longest id already there: the same guid, link and text once more.
  if (!decided_.try_emplace(id, item.content).second) return;
  Identified& result = results_[index];
  const auto known = ids_.find(id);
  if (known != ids_.end()) {
    result.change = ItemChange::seen;
    result.sketch = sketch_of(item);
    reason = "same guid, link and text";
  }
  result.id = id;
  result.reason = reason;
}

// Oldest first where every item has a date that can be true, else the last in the document first:
// feeds show the newest at the top.
std::vector<std::size_t> Identifier::order_of_decision() const {
  using namespace std::chrono;
  constexpr Instant kFirst{sys_days(year(1990) / 1 / 1)};
  constexpr Instant kLast{sys_days(year(2100) / 1 / 1)};
  std::vector<std::size_t> order;
  bool dated = !publisher_.dates_lie.set;
  for (std::size_t i = items_.size(); i-- > 0;) {
    if (results_[i].id.empty()) continue;
    order.push_back(i);
    const auto& published = items_[i].published;
    dated = dated && published && *published >= kFirst && *published < kLast;
  }
  if (dated) {
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return *items_[a].published < *items_[b].published;
    });
  }
  return order;
}

std::vector<Identified> Identifier::run() {
  index_known();
  index_document();
  results_.resize(items_.size());
  claim_known();
  std::vector<Identified> ordered;
  for (const std::size_t i : order_of_decision()) {
    Identified& result = results_[i];
    result.index = i;
    result.keys = keys_of_[i];
    if (result.change != ItemChange::seen) result.sketch = sketch_of(keys_of_[i]);
    ordered.push_back(std::move(result));
  }
  return ordered;
}

}  // namespace

std::vector<Identified> identify(const std::string& feed_key, const std::vector<Item>& items,
                                 const std::vector<KnownItem>& known, const Publisher& publisher,
                                 const std::vector<ItemKeys>& keys) {
  return Identifier(feed_key, items, known, publisher, keys).run();
}

std::vector<Identified> identify(const std::string& feed_key, const std::vector<Item>& items,
                                 const std::vector<KnownItem>& known, const Publisher& publisher) {
  return identify(feed_key, items, known, publisher, item_keys(items));
}

std::vector<Identified> identify(const std::string& feed_key, const std::vector<Item>& items,
                                 const std::vector<KnownItem>& known) {
  return identify(feed_key, items, known, Publisher());
}

}  // namespace wirewatch::feeds
