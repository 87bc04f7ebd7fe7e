// The next entry of a replay source, on the way that polls' documents take.
#pragma once

#include "daemon/polling/poll_once.h"

namespace wirewatch::daemon {

// As poll_feed(): returns with slot->state moved on, the entry released unless its commit failed.
asio::awaitable<void> take_replay(PollTools tools, std::shared_ptr<const Snapshot> snapshot,
                                  std::shared_ptr<FeedSlot> slot);

}  // namespace wirewatch::daemon
