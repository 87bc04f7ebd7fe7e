#include "rules/policy/silence.h"

#include <fmt/format.h>

#include <algorithm>

namespace wirewatch::rules {
namespace {

bool fits(const std::string& matcher, const std::string& value) {
  return matcher.empty() || matcher == value;
}

bool fits_rule(const std::string& matcher, const SilenceFacts& facts) {
  return fits(matcher, facts.rule) ||
         std::find(facts.was.begin(), facts.was.end(), matcher) != facts.was.end();
}

bool holds(const Silence& silence, const SilenceFacts& facts, Instant now) {
  return silence.until > now && facts.severity <= silence.up_to && fits_rule(silence.rule, facts) &&
         fits(silence.story, facts.story) && fits(silence.feed, facts.feed);
}

std::string reason_of(const Silence& silence) {
  const std::string until = "silenced until " + to_iso8601(silence.until);
  return silence.comment.empty() ? until : until + ": " + silence.comment;
}

}  // namespace

std::string silenced(const std::vector<Silence>& silences, const SilenceFacts& facts, Instant now) {
  for (const Silence& silence : silences) {
    if (silence.receiver.empty() && holds(silence, facts, now)) return reason_of(silence);
  }
  return {};
}

std::string silenced_for(const std::vector<Silence>& silences, const SilenceFacts& facts,
                         const std::string& receiver, Instant now) {
  for (const Silence& silence : silences) {
    if (silence.receiver == receiver && holds(silence, facts, now)) return reason_of(silence);
  }
  return {};
}

}  // namespace wirewatch::rules
