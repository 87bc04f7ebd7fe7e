// What polls and hubs have to tell each other about a feed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/config/snapshot.h"
#include "daemon/store/rows.h"
#include "feeds/poll/websub.h"

namespace wirewatch::daemon {

// The poller's view of the subscriptions.
class Hubs {
 public:
  virtual ~Hubs() = default;
  // Does a hub bring what this feed publishes? Then it is polled seldom.
  virtual bool deliver(const std::string& feed_key) const = 0;
  // A poll read a whole document: where its hub is (none: empty), and how many of its items were
  // not known yet, none of which the hub had brought.
  virtual void polled(const FeedConfig& feed, const feeds::HubLinks& links, std::size_t fresh) = 0;
  // Feeds go on under other keys: their hubs know them as before.
  virtual void keys_changed(const std::vector<FeedKeyChange>& changes) = 0;
};

// A feed document that came by itself.
struct PushedDocument {
  std::string body;
  std::string content_type;
  std::string content_encoding;
  std::shared_ptr<const void> room;  // its body's, WebRequest::room
};

enum class PushOutcome : std::uint8_t {
  taken,    // committed
  empty,    // no feed, or no items in it: the feed is polled soon instead
  busy,     // too much waits already, or the disk is full: the hub should come again
  unknown,  // no such feed (any more), or it was never read by a poll
};

}  // namespace wirewatch::daemon
