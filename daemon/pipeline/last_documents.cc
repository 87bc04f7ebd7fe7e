#include "daemon/pipeline/last_documents.h"

#include <algorithm>
#include <random>

namespace wirewatch::daemon {
namespace {

constexpr Span idle = std::chrono::hours(1);

}  // namespace

LastDocument::LastDocument(std::vector<SettledItem> items) : items_(std::move(items)) {
  std::sort(items_.begin(), items_.end(), [](const SettledItem& a, const SettledItem& b) {
    return a.fingerprint < b.fingerprint;
  });
}

const SettledItem* LastDocument::find(const feeds::Fingerprint& fingerprint) const {
  const auto at = std::lower_bound(
      items_.begin(), items_.end(), fingerprint,
      [](const SettledItem& item, const feeds::Fingerprint& f) { return item.fingerprint < f; });
  return at != items_.end() && at->fingerprint == fingerprint ? &*at : nullptr;
}

std::size_t LastDocument::bytes() const {
  std::size_t bytes = sizeof(LastDocument) + items_.capacity() * sizeof(SettledItem);
  constexpr std::size_t counts_and_heads = 64;  // of three blocks of memory
  for (const SettledItem& item : items_) {
    bytes += sizeof(KnownRow) + item.row->item.id.capacity() + counts_and_heads +
             item.row->item.sketch.capacity() * sizeof(item.row->item.sketch[0]);
  }
  return bytes;
}

LastDocuments::LastDocuments(std::size_t most_bytes) : most_bytes_(most_bytes) {
  std::random_device random;
  seed_ = std::uint64_t{random()} << 32U | random();
}

std::unique_ptr<LastDocument> LastDocuments::take(const std::string& feed) {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(feed);
  if (found == kept_.end()) return nullptr;
  std::unique_ptr<LastDocument> document = std::move(found->second.document);
  kept_.erase(found);
  bytes_ -= document->bytes();
  return document;
}

void LastDocuments::keep(const std::string& feed, std::unique_ptr<LastDocument> document,
                         Instant now) {
  const std::size_t bytes = document->bytes();
  const std::lock_guard lock(mutex_);
  if (bytes_ + bytes > most_bytes_) drop_idle(now);
  if (bytes_ + bytes > most_bytes_) return;
  const auto [place, is_new] = kept_.try_emplace(feed, Kept{std::move(document), now});
  if (is_new) bytes_ += bytes;
}

std::size_t LastDocuments::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

void LastDocuments::drop_idle(Instant now) {
  for (auto one = kept_.begin(); one != kept_.end();) {
    const bool fresh = now - one->second.since < idle && one->second.since <= now;
    if (!fresh) bytes_ -= one->second.document->bytes();
    one = fresh ? std::next(one) : kept_.erase(one);
  }
}

}  // namespace wirewatch::daemon
