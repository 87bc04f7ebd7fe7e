// Which remembered items the items of a document may be.
#include <array>
#include <map>

#include "daemon/store/reader_impl.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t items_per_key = 100;

enum Kind : std::size_t { guid_key, link_key, content_key };
constexpr std::array kinds{guid_key, link_key, content_key};

std::uint64_t& key_of(feeds::ItemKeys& keys, Kind kind) {
  if (kind == guid_key) return keys.guid;
  return kind == link_key ? keys.link : keys.content;
}

struct Entry {
  std::shared_ptr<const KnownRow> row;
  feeds::KnownItem item;  // with the keys that were asked for
};

// One question: first which items they are, from the keys' own order; then each of these once,
// though most are found by all their keys.
class Question {
 public:
  Question(Statement& holder, Statement& stored, std::int64_t feed)
      : holder_(holder), stored_(stored), feed_(feed) {}

  void had(feeds::ItemKeys asked, const std::shared_ptr<const KnownRow>& row) {
    const auto [place, is_new] = known_.try_emplace(row->row);
    if (is_new) place->second = {row, row->item};
    for (const Kind kind : kinds) note(place->second, kind, asked);
  }

  // The one item that each of the keys leads to; else null.
  std::shared_ptr<const KnownRow> ask(feeds::ItemKeys asked) {
    std::int64_t only = 0;
    bool alone = true;
    holders_.clear();
    for (const Kind kind : kinds) {
      if (key_of(asked, kind) == 0) continue;
      holders_of(kind, key_of(asked, kind));
      alone = alone && holders_.size() == 1 && (only == 0 || only == holders_.front());
      for (const std::int64_t number : holders_) note(entry(only = number), kind, asked);
    }
    if (holders_.empty() && asked.former.value_or(0) != 0) {  // nobody has the text's own key
      holders_of(content_key, *asked.former);
      alone = alone && holders_.empty();
      for (const std::int64_t number : holders_) {
        Entry& one = entry(number);
        if (one.row->item.keys.content == *asked.former) one.item.keys.content = *asked.former;
      }
    }
    return alone && only != 0 ? known_.at(only).row : nullptr;
  }

  std::vector<feeds::KnownItem> take_items() {
    std::vector<feeds::KnownItem> items;
    items.reserve(known_.size());
    for (auto& [unused, entry] : known_) items.push_back(std::move(entry.item));
    return items;
  }

 private:
  static void note(Entry& entry, Kind kind, feeds::ItemKeys& asked) {
    const std::uint64_t key = key_of(asked, kind);
    if (key != 0) key_of(entry.item.keys, kind) = key;
  }

  void holders_of(Kind kind, std::uint64_t key) {
    holders_.clear();
    holder_.bind(feed_, static_cast<int>(kind), key, items_per_key).for_each([this] {
      holders_.push_back(holder_.integer(0));
    });
  }

  Entry& entry(std::int64_t number) {
    const auto added = known_.try_emplace(number);
    Entry& one = added.first->second;
    if (added.second) stored_.bind(number).for_each([&] { read(number, one); });
    return one;
  }

  void read(std::int64_t number, Entry& entry) const {
    auto row = std::make_shared<KnownRow>();
    row->row = number;
    feeds::KnownItem& item = row->item;
    item.id = stored_.text(0);
    item.keys = {stored_.as<std::uint64_t>(1), stored_.as<std::uint64_t>(2),
                 stored_.as<std::uint64_t>(3)};
    item.revision = stored_.as<std::uint32_t>(4);
    item.sketch = unpack_sketch(stored_.text(5));
    row->last_seen = stored_.instant(6);
    entry = {row, item};
  }

  Statement& holder_;
  Statement& stored_;
  std::int64_t feed_;
  std::map<std::int64_t, Entry> known_;  // by row: the order of arrival
  std::vector<std::int64_t> holders_;
};

}  // namespace

KnownItems Reader::known_items(const std::string& feed, const std::vector<feeds::ItemKeys>& keys,
                               const std::vector<std::shared_ptr<const KnownRow>>& had) {
  KnownItems found;
  found.alone.resize(keys.size());
  Transaction snapshot(impl_->connection, Transaction::Mode::read);
  std::optional<std::int64_t> feed_row;
  Statement& feed_of = impl_->statement("SELECT row FROM feeds WHERE key=?1");
  feed_of.bind(feed).for_each([&] { feed_row = feed_of.integer(0); });
  if (!feed_row) return found;

  Question question(
      impl_->statement("SELECT item FROM seen_keys WHERE feed=?1 AND kind=?2 AND key=?3 ORDER BY "
                       "item DESC LIMIT ?4"),
      impl_->statement("SELECT id, guid_key, link_key, content_key, revision, sketch, last_seen "
                       "FROM items WHERE row=?1"),
      *feed_row);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i < had.size() && had[i]) {
      question.had(keys[i], found.alone[i] = had[i]);
    } else {
      found.alone[i] = question.ask(keys[i]);
    }
  }
  found.items = question.take_items();
  return found;
}

}  // namespace wirewatch::daemon
