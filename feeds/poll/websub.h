// The subscriber's side of WebSub (W3C Recommendation, 23 January 2018) as pure decisions: where a
// feed's hub is, what to ask it, what its answers and its questions mean. The daemon brings the
// network, the clock and the secrets.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "feeds/poll/poll.h"

namespace wirewatch::feeds {

struct HubLinks {
  std::string hub;    // empty: the feed has none
  std::string topic;  // the URL under which the hub knows the feed
};
// Section 4: Link headers (RFC 8288) come first, then what the document says (`hub`, `self`: see
// FeedInfo). `url`: where the document came from; relative links start there, and it is the topic
// of a feed that states none. Only http and https.
HubLinks hub_links(const Headers& headers, std::string_view hub, std::string_view self,
                   const std::string& url);

enum class SubscriptionState : std::uint8_t {
  wanted,   // to be asked for, for the first time or after a lease that ended
  asked,    // the hub has taken the request and will verify it
  active,   // verified; renewed in time
  denied,   // the hub refuses; asked again after a day
  leaving,  // to be ended: the feed, its hub or our address went away
};
std::string_view to_string(SubscriptionState state);

struct Subscription {
  std::string hub;
  std::string topic;
  std::string callback;  // whole URL, with a secret token as its last part
  std::string secret;    // hub.secret: what the hub signs with
  SubscriptionState state = SubscriptionState::wanted;
  bool awaiting = false;       // a request is out that the hub has not verified yet
  Instant expires{};           // end of the lease
  Instant next_step{};         // when something is to be done
  Instant last_push{};         // last content that was taken
  std::uint32_t failures = 0;  // requests in a row that came to nothing
  std::string reason;          // users' words: why it is not active
  bool trusted = false;        // it brings what is new: polls may be seldom
};

struct HubLimits {
  static constexpr Span lease = std::chrono::hours(24 * 7);        // asked for
  static constexpr Span least_lease = std::chrono::minutes(1);     // what hubs say, clamped …
  static constexpr Span most_lease = std::chrono::hours(24 * 30);  // … to these
  static constexpr Span renew_before = std::chrono::hours(24);     // at most a fifth of it
  static constexpr Span verify_within = std::chrono::minutes(15);  // then it is asked again
  static constexpr Span first_retry = std::chrono::minutes(1);     // doubles …
  static constexpr Span last_retry = std::chrono::hours(24);       // … up to this
  static constexpr Span denied_for = std::chrono::hours(24);
  static constexpr std::uint32_t goodbyes = 3;  // attempts at ending a subscription
  static constexpr std::size_t challenge_bytes = 4096;
  static constexpr std::int64_t slower = 4;  // polls beside a hub that delivers …
  static constexpr Span slow_floor = std::chrono::minutes(15);
  static constexpr Span slow_ceiling = std::chrono::hours(1);  // … but not slower than this
};

// Something is due at `now`: a request is to be sent. What comes back is the state to store before
// it goes out, since a hub may verify before it has answered; nullopt: nothing is due.
std::optional<Subscription> begin_step(Subscription subscription, Instant now);
// The body of that request, application/x-www-form-urlencoded (section 5.1).
std::string subscription_form(const Subscription& subscription);
// What the hub answered to it: 2xx, it will verify; anything else, a failure. `jitter` in [0, 1).
// Nullopt: given up, forget the subscription.
std::optional<Subscription> after_hub_answer(Subscription subscription, const Reply& reply,
                                             Instant now, double jitter);

// A subscription that was to be ended and whose hub does not answer: to be forgotten.
bool given_up(const Subscription& subscription);

// What a GET at the callback asks (section 5.3), and what is said to it.
struct Verification {
  int status = 404;
  std::string body;
  Subscription subscription;
  bool forget = false;  // the end of the subscription is confirmed
};
// `query`: decoded parameters. A confirmation needs a request of ours that is out for that very
// mode and topic; a denial (section 5.2) the topic. Anything else is 404 and changes nothing.
Verification verify_intent(Subscription subscription,
                           const std::map<std::string, std::string>& query, Instant now);

// Is this a content distribution of the hub's (section 7)? `signature`: X-Hub-Signature,
// "sha1=…", "sha256=…", "sha384=…" or "sha512=…" in hex over `body`. Compared in constant time.
bool signed_by_hub(const Subscription& subscription, std::string_view signature,
                   std::string_view body);

// The wait between polls while the hub delivers: four of the feed's own intervals, between a
// quarter and a whole hour, and never less than the interval itself.
Span beside_a_hub(Span interval);

}  // namespace wirewatch::feeds
