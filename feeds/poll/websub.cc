#include "feeds/poll/websub.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "feeds/ascii.h"

namespace wirewatch::feeds {
namespace {

using L = HubLimits;

void append_field(std::string& form, std::string_view name, std::string_view value) {
  if (!form.empty()) form += '&';
  form.append(name).append("=").append(percent_encoded(value));
}

std::string_view value_of(const std::map<std::string, std::string>& query, const char* name) {
  const auto found = query.find(name);
  return found == query.end() ? std::string_view() : std::string_view(found->second);
}

// RFC wording aside, hubs leave the lease out or send nonsense: then it is the one we asked for.
Span lease_of(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool whole = error == std::errc() && end == text.data() + text.size() && !text.empty();
  if (!whole || seconds <= 0) return L::lease;
  constexpr std::int64_t most =
      std::chrono::duration_cast<std::chrono::seconds>(L::most_lease).count();
  return std::max<Span>(std::chrono::seconds(std::min(seconds, most)), L::least_lease);
}

Span retry_after_failures(std::uint32_t failures) {
  Span wait = L::first_retry;
  for (std::uint32_t n = 1; n < failures && wait < L::last_retry; ++n) wait *= 2;
  return std::min(wait, L::last_retry);
}

std::string one_line(std::string_view text) {
  std::string line(text.substr(0, 200));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c < 0x20 || c > 0x7e; }, '?');
  return line;
}

void activate(Subscription& subscription, Span lease, Instant now) {
  subscription.state = SubscriptionState::active;
  subscription.awaiting = false;
  subscription.failures = 0;
  subscription.reason.clear();
  subscription.expires = now + lease;
  subscription.next_step = subscription.expires - std::min<Span>(lease / 5, L::renew_before);
}

const EVP_MD* method_named(std::string_view name) {
  if (name == "sha1") return EVP_sha1();
  if (name == "sha256") return EVP_sha256();
  if (name == "sha384") return EVP_sha384();
  return name == "sha512" ? EVP_sha512() : nullptr;
}

}  // namespace

std::string_view to_string(SubscriptionState state) {
  constexpr std::array<std::string_view, 5> names = {"wanted", "asked", "active", "denied",
                                                     "leaving"};
  return names.at(static_cast<std::size_t>(state));
}

std::optional<Subscription> begin_step(Subscription subscription, Instant now) {
  if (subscription.next_step > now) return std::nullopt;
  const bool over = subscription.expires != Instant{} && subscription.expires <= now;
  if (subscription.state == SubscriptionState::active && over) {
    subscription.state = SubscriptionState::wanted;
    subscription.trusted = false;
    subscription.reason = "the lease ended before the hub renewed it";
  }
  if (subscription.awaiting) {  // taken, and then never verified
    ++subscription.failures;
    if (subscription.state != SubscriptionState::active) {
      subscription.reason = "the hub took the request and never verified it";
    }
  }
  if (subscription.state == SubscriptionState::denied) {
    subscription.state = SubscriptionState::wanted;
  }
  subscription.awaiting = true;
  subscription.next_step =
      now + std::max(L::verify_within, retry_after_failures(subscription.failures));
  return subscription;
}

std::string subscription_form(const Subscription& subscription) {
  const bool leaving = subscription.state == SubscriptionState::leaving;
  std::string form;
  append_field(form, "hub.callback", subscription.callback);
  append_field(form, "hub.mode", leaving ? "unsubscribe" : "subscribe");
  append_field(form, "hub.topic", subscription.topic);
  if (leaving) return form;
  const auto lease = std::chrono::duration_cast<std::chrono::seconds>(L::lease);
  append_field(form, "hub.lease_seconds", std::to_string(lease.count()));
  // The specification would rather have secrets go over TLS only. The callback's token goes the
  // same way, so a hub without TLS is no safer without this one, and its pushes are safer with it.
  append_field(form, "hub.secret", subscription.secret);
  return form;
}

std::optional<Subscription> after_hub_answer(Subscription subscription, const Reply& reply,
                                             Instant now, double jitter) {
  const bool taken = reply.status >= 200 && reply.status < 300;
  if (taken) {  // also when the verification came before this answer: then nothing is awaited
    if (subscription.awaiting && subscription.state == SubscriptionState::wanted) {
      subscription.state = SubscriptionState::asked;
    }
    return subscription;
  }
  subscription.awaiting = false;
  ++subscription.failures;
  if (given_up(subscription)) return std::nullopt;
  const Verdict verdict = interpret(reply, now);
  subscription.reason = "the hub did not take the request: " + verdict.reason;
  const Span wait = retry_after_failures(subscription.failures);
  subscription.next_step = now + std::chrono::duration_cast<Span>(wait * (1 + 0.1 * jitter));
  if (subscription.state == SubscriptionState::asked) {
    subscription.state = SubscriptionState::wanted;
  }
  return subscription;
}

bool given_up(const Subscription& subscription) {
  return subscription.state == SubscriptionState::leaving && subscription.failures >= L::goodbyes;
}

Verification verify_intent(Subscription subscription,
                           const std::map<std::string, std::string>& query, Instant now) {
  Verification answer;
  const std::string_view mode = value_of(query, "hub.mode");
  const std::string_view challenge = value_of(query, "hub.challenge");
  const bool leaving = subscription.state == SubscriptionState::leaving;
  answer.subscription = subscription;
  if (value_of(query, "hub.topic") != subscription.topic) return answer;
  if (mode == "denied") {
    if (leaving) {
      answer.forget = true;
    } else {
      subscription.state = SubscriptionState::denied;
      subscription.awaiting = false;
      subscription.trusted = false;
      subscription.expires = Instant{};
      subscription.next_step = now + L::denied_for;
      const std::string why = one_line(value_of(query, "hub.reason"));
      subscription.reason = "the hub refuses" + (why.empty() ? why : ": " + why);
    }
    answer.status = 200;
    answer.subscription = std::move(subscription);
    return answer;
  }
  const bool ours = mode == (leaving ? "unsubscribe" : "subscribe") && subscription.awaiting;
  if (!ours || challenge.empty() || challenge.size() > L::challenge_bytes) return answer;
  answer.status = 200;
  answer.body = challenge;
  answer.forget = leaving;
  if (!leaving) activate(subscription, lease_of(value_of(query, "hub.lease_seconds")), now);
  answer.subscription = std::move(subscription);
  return answer;
}

bool signed_by_hub(const Subscription& subscription, std::string_view signature,
                   std::string_view body) {
  const auto equals = signature.find('=');
  if (equals == signature.npos || subscription.secret.empty()) return false;
  const EVP_MD* const method = method_named(signature.substr(0, equals));
  if (method == nullptr) return false;
  std::array<unsigned char, EVP_MAX_MD_SIZE> wanted{};
  unsigned int size = 0;
  const auto* const bytes = reinterpret_cast<const unsigned char*>(body.data());
  if (HMAC(method, subscription.secret.data(), static_cast<int>(subscription.secret.size()), bytes,
           body.size(), wanted.data(), &size) == nullptr) {
    return false;
  }
  const std::string_view hex = signature.substr(equals + 1);
  if (hex.size() != 2 * static_cast<std::size_t>(size)) return false;
  std::array<unsigned char, EVP_MAX_MD_SIZE> given{};
  for (std::size_t i = 0; i < size; ++i) {
    const int high = hex_digit(hex[2 * i]);
    const int low = hex_digit(hex[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    given[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return CRYPTO_memcmp(given.data(), wanted.data(), size) == 0;
}

Span beside_a_hub(Span interval) {
  return std::max(interval, std::clamp(interval * L::slower, L::slow_floor, L::slow_ceiling));
}

}  // namespace wirewatch::feeds
