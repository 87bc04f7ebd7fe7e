// What the deliverer needs of the store; tests give their own, with failing disks.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/config/snapshot.h"
#include "daemon/store/store.h"

namespace wirewatch::daemon {

class Outbox {
 public:
  virtual ~Outbox() = default;
  // See Reader::due; what was silenced since is in `kept_back`, for the caller to mark. Errors: the
  // database cannot be read now.
  virtual asio::awaitable<Result<DueDeliveries>> due(std::string receiver, Instant now,
                                                     std::size_t limit) = 0;
  // All of them, or none; durable when it returns without an error.
  virtual asio::awaitable<Result<void>> mark(std::vector<DeliveryMark> marks) = 0;
  // One, while the caller goes on: `done` is called later, from the loop.
  using Done = std::function<void(const Result<void>&)>;
  virtual void mark_behind(DeliveryMark mark, Done done) = 0;
  virtual asio::awaitable<Result<void>> remember(ReceiverNote note) = 0;
  // For receivers that edit or answer earlier messages.
  virtual asio::awaitable<Result<FollowUp>> follow_up(std::string alert, std::string receiver,
                                                      Instant now) = 0;
  // How many pending deliveries each receiver has, those that the config no longer names included.
  using Waiting = std::vector<std::pair<std::string, std::uint64_t>>;
  virtual asio::awaitable<Result<Waiting>> waiting() = 0;
  // Whose rules' earlier names silences go on for; before the first due().
  virtual void set_snapshot(std::shared_ptr<const Snapshot> /*snapshot*/) {}
};

// `store` must outlive it.
std::unique_ptr<Outbox> make_outbox(Store& store);

}  // namespace wirewatch::daemon
