#include "daemon/pipeline/look_up.h"

#include <unordered_set>

#include "daemon/store/prune.h"
#include "feeds/identity/republication.h"

namespace wirewatch::daemon {
namespace {

using Clockwork = std::chrono::steady_clock;

bool same(const feeds::ItemKeys& a, const feeds::ItemKeys& b) {
  return a.guid == b.guid && a.link == b.link && a.content == b.content;
}

class LookUp {
 public:
  LookUp(PrepareInput& input, LastDocuments& last)
      : input_(input),
        items_(input.parsed->items),
        last_(last),
        before_(last.take(input.feed.key)),
        prints_(items_.size()),
        known_(items_.size()) {
    input_.keys.resize(items_.size());
    for (std::size_t i = 0; i < items_.size(); ++i) {
      prints_[i] = feeds::fingerprint(items_[i], last.seed());
      const SettledItem* had = before_ ? before_->find(prints_[i]) : nullptr;
      input_.keys[i] = had ? had->keys : feeds::item_keys(items_[i]);
      if (had) known_[i] = had->row;
    }
  }

  void ask(Reader& reader) {
    KnownItems found = reader.known_items(input_.feed.key, input_.keys, known_);
    input_.known = std::move(found.items);
    known_ = std::move(found.alone);
    input_.publisher = reader.publisher(input_.feed.key);
  }

  void keep(PreparedDocument& document) {
    for (Prepared& one : document.items) one.stored = is_stored(one.identified);
    std::unordered_set<std::uint64_t> moving = keys_that_move(document);
    std::vector<SettledItem> settled;
    for (const Prepared& one : document.items) {
      const feeds::ItemKeys& keys = one.identified.keys;
      const bool apart = moving.count(keys.guid) == 0 && moving.count(keys.link) == 0 &&
                         moving.count(keys.content) == 0;
      const std::size_t i = one.identified.index;
      if (one.stored && apart) settled.push_back({prints_[i], keys, known_[i]});
    }
    if (settled.empty()) return;
    last_.keep(input_.feed.key, std::make_unique<LastDocument>(std::move(settled)), input_.now);
  }

 private:
  // What the writer would find, who changes nothing then (Writer::note_seen).
  bool is_stored(const feeds::Identified& one) const {
    const std::shared_ptr<const KnownRow>& row = known_[one.index];
    return row && one.change == feeds::ItemChange::seen && one.id == row->item.id &&
           same(one.keys, row->item.keys) && input_.now - row->last_seen < last_seen_lags;
  }

  // The commit of this document may give these to another item: the next one has to ask. 0, which
  // is no key, is not among them.
  static std::unordered_set<std::uint64_t> keys_that_move(const PreparedDocument& document) {
    std::unordered_set<std::uint64_t> moving;
    for (const Prepared& one : document.items) {
      if (one.stored) continue;
      const feeds::ItemKeys& keys = one.identified.keys;
      moving.insert({keys.guid, keys.link, keys.content});
    }
    moving.erase(0);
    return moving;
  }

  PrepareInput& input_;
  const std::vector<feeds::Item>& items_;
  LastDocuments& last_;
  std::unique_ptr<LastDocument> before_;
  std::vector<feeds::Fingerprint> prints_;              // by item
  std::vector<std::shared_ptr<const KnownRow>> known_;  // by item; null: to be asked, or nobody
};

}  // namespace

LookedUp look_up_and_prepare(PrepareInput& input, ReaderLease& lease, LastDocuments& last) {
  LookedUp done;
  done.items = input.parsed->items.size();
  const auto started = Clockwork::now();
  LookUp look_up(input, last);
  lease.ask([&look_up](Reader& reader) { look_up.ask(reader); });
  const auto identified = Clockwork::now();
  done.document = prepare(input);
  if (done.document.needs_recent) {
    const std::string& feed = input.feed.key;
    input.recent = lease.ask([&feed](Reader& reader) {
      return reader.recent_texts(feed, feeds::RepublicationLimits::recent_texts);
    });
    done.document = prepare(input);
  }
  look_up.keep(done.document);
  done.identify = identified - started;
  done.match = Clockwork::now() - identified;
  return done;
}

}  // namespace wirewatch::daemon
