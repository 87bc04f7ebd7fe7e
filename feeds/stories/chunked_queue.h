// A queue of large entries that stay where they are.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace wirewatch::feeds {

// Entries in chunks of 64. A std::deque has one entry of such a size in a chunk, and of a hundred
// thousand chunks each has to be waited for twice: where it is, and what is in it.
template <typename Entry>
class ChunkedQueue {
 public:
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  const Entry& operator[](std::size_t index) const {
    const std::size_t at = first_ + index;
    return (*chunks_[at / chunk_size])[at % chunk_size];
  }
  Entry& operator[](std::size_t index) { return const_cast<Entry&>(std::as_const(*this)[index]); }
  const Entry& front() const { return (*this)[0]; }
  const Entry& back() const { return (*this)[size_ - 1]; }

  Entry& push_back(Entry entry) {
    if (first_ + size_ == chunks_.size() * chunk_size) chunks_.push_back(std::make_unique<Chunk>());
    return (*this)[size_++] = std::move(entry);
  }

  void pop_front() {
    (*this)[0] = Entry{};
    --size_;
    if (++first_ < chunk_size) return;
    first_ = 0;
    chunks_.erase(chunks_.begin());
  }

 private:
  static constexpr std::size_t chunk_size = 64;
  using Chunk = std::array<Entry, chunk_size>;

  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::size_t first_ = 0;  // in the first chunk
  std::size_t size_ = 0;
};

}  // namespace wirewatch::feeds
