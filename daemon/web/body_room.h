// A bound for what is held of bodies that others send.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace wirewatch::daemon {

// Bytes of callbacks' bodies that are in memory. Whoever sends them is known by a token alone until
// all has been read, so there must be an end to them. Atomic: bodies are parsed in the pool.
using BodyBytes = std::atomic<std::size_t>;

class BodyRoom {
 public:
  // Null: no room. A single body always has it, however big `most` lets it be.
  static std::shared_ptr<BodyRoom> take(const std::shared_ptr<BodyBytes>& all, std::size_t bytes,
                                        std::size_t most) {
    const std::size_t before = all->fetch_add(bytes);
    auto room = std::make_shared<BodyRoom>(all, bytes);
    return before > 0 && before + bytes > most ? nullptr : room;
  }
  BodyRoom(std::shared_ptr<BodyBytes> all, std::size_t bytes)
      : all_(std::move(all)), bytes_(bytes) {}
  ~BodyRoom() { all_->fetch_sub(bytes_); }
  BodyRoom(const BodyRoom&) = delete;
  BodyRoom& operator=(const BodyRoom&) = delete;
  // A body without a length turned out to be this big, which is less.
  void shrink(std::size_t bytes) {
    all_->fetch_sub(bytes_ - bytes);
    bytes_ = bytes;
  }

 private:
  std::shared_ptr<BodyBytes> all_;
  std::size_t bytes_;
};

}  // namespace wirewatch::daemon
