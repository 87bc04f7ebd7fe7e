#include "daemon/config/policy_text.h"

#include <fmt/format.h>

#include "daemon/config/units.h"

namespace wirewatch::daemon {
namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

std::string minute_text(int minute) {
  return fmt::format("\"{:02}:{:02}\"", minute / 60, minute % 60);
}

std::string digest_text(const rules::DigestPlan& digest) {
  if (digest.every) return fmt::format("{{every: {}}}", span_text(*digest.every));
  std::string times;
  for (const int minute : digest.at) times += (times.empty() ? "" : ", ") + minute_text(minute);
  return fmt::format("{{at: [{}]}}", times);
}

std::string quiet_text(const rules::QuietHours& quiet) {
  const std::string except =
      quiet.except ? fmt::format(", except: {}", rules::to_string(*quiet.except)) : std::string();
  return fmt::format("{{from: {}, to: {}{}}}", minute_text(quiet.from), minute_text(quiet.until),
                     except);
}

void add_send(Lines& lines, const rules::SendPolicy& send) {
  if (send.digest) lines.emplace_back("digest", digest_text(*send.digest));
  if (send.quiet) lines.emplace_back("quiet", quiet_text(*send.quiet));
  if (!send.budget) return;
  lines.emplace_back("budget",
                     fmt::format("{}/{}", send.budget->messages, span_text(send.budget->per)));
}

}  // namespace

Lines policy_text(const rules::RuleDef& rule) {
  static constexpr const char* kOnce[] = {"story", "copy", "article"};
  static constexpr const char* kUpdates[] = {"none", "new-source", "material"};
  const rules::AlertPolicy& policy = rule.policy;
  Lines lines;
  if (policy.once_per != rules::OncePer::story) {
    lines.emplace_back("once_per", kOnce[static_cast<std::size_t>(policy.once_per)]);
  }
  if (rule.updates != rules::UpdatePolicy::new_source) {
    lines.emplace_back("updates", kUpdates[static_cast<std::size_t>(rule.updates)]);
  }
  if (policy.min_sources > 1)
    lines.emplace_back("min_sources", fmt::format("{}", policy.min_sources));
  if (policy.at_least > 1) lines.emplace_back("at_least", fmt::format("{}", policy.at_least));
  if (policy.within) lines.emplace_back("within", span_text(*policy.within));
  if (policy.rise) lines.emplace_back("rise", fmt::format("{}", *policy.rise));
  if (policy.catch_up) lines.emplace_back("catch_up", span_text(*policy.catch_up));
  add_send(lines, policy.send);
  return lines;
}

}  // namespace wirewatch::daemon
