// A document that a hub brought, on the way that polls' documents take.
#pragma once

#include "daemon/polling/poll_once.h"

namespace wirewatch::daemon {

// The caller holds the feed's slot (`polling`), so that no poll of it runs beside this. Validators,
// due times and the baseline stay as they are.
asio::awaitable<void> take_push(PollTools tools, std::shared_ptr<const Snapshot> snapshot,
                                std::shared_ptr<FeedSlot> slot, std::shared_ptr<PushJob> job);

}  // namespace wirewatch::daemon
