// Messages that waited for quiet hours to end, for a digest or for their receiver, and whether they
// still go out.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/snapshot.h"
#include "daemon/store/reader.h"
#include "rules/policy/silence.h"

namespace wirewatch::daemon {

// One of them, with what its alert is about by now: rules are renamed, stories become one or part.
struct HeldMessage {
  DeliveryRow row;
  std::string rule;   // empty where the alert is not stored, as of a digest
  std::string story;  // likewise
  rules::AlertSeverity severity = rules::AlertSeverity::normal;
};
HeldMessage with_its_alert(Reader& reader, DeliveryRow row);

// Those of `messages` that go out now, under the config and the silences of now. Of the others
// `commit` gets what becomes of them: quiet hours that hold at `now` hold them on, and what was
// silenced since is not sent. What an operator sends again by hand goes out whatever holds.
std::vector<DeliveryRow> still_to_send(std::vector<HeldMessage> messages, const Snapshot& snapshot,
                                       const std::vector<rules::Silence>& silences, Instant now,
                                       Commit& commit);

// Takes out of `messages`, which are pending, those that were silenced since, and answers what
// becomes of them. What an operator sends again by hand stays, and what is of no stored alert:
// digests and the operator's own messages.
std::vector<DeliveryMark> take_silenced(std::vector<HeldMessage>& messages,
                                        const Snapshot& snapshot,
                                        const std::vector<rules::Silence>& silences, Instant now);

}  // namespace wirewatch::daemon
