// Any Link header, any question of a hub, any signature: links are http(s), states stay sane.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "feeds/poll/websub.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wirewatch;
  using namespace wirewatch::feeds;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::string url = "https://news.example/feed";
  const HubLinks links =
      hub_links({{"Link", text}, {"Link", "<" + text + ">; rel=hub"}}, text, text, url);
  for (const std::string* const link : {&links.hub, &links.topic}) {
    if (!link->empty() && !link->starts_with("http://") && !link->starts_with("https://")) {
      std::abort();
    }
  }
  const Instant now = from_unix_micros(1'790'000'000'000'000);
  Subscription subscription;
  subscription.hub = "https://hub.example/";
  subscription.topic = url;
  subscription.callback = text;
  subscription.secret = "key";
  const std::string form = subscription_form(subscription);
  if (form.find_first_of("\r\n <") != form.npos) std::abort();
  subscription = *begin_step(subscription, now);
  for (const char* const mode : {"subscribe", "denied", "unsubscribe"}) {
    const Verification answer = verify_intent(subscription,
                                              {{"hub.mode", mode},
                                               {"hub.topic", url},
                                               {"hub.challenge", text},
                                               {"hub.lease_seconds", text},
                                               {"hub.reason", text}},
                                              now);
    const Span ahead = answer.subscription.next_step - now;
    if (ahead < std::chrono::seconds(45) || ahead > HubLimits::most_lease) std::abort();
  }
  if (signed_by_hub(subscription, text, text)) std::abort();
  return 0;
}
