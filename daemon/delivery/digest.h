// Many alerts as one message.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/receivers/alert_view.h"
#include "daemon/store/rows.h"

namespace wirewatch::daemon {

// Alerts and the stories that they are of by now; of others their messages say it.
using StoryOf = std::map<std::string, std::string>;

// What `rows`, all of one receiver and not empty, say together: how many alerts there are (an alert
// with several revisions is one), since when, and the foremost ten: by severity, then by the number
// of their sources, then the earliest. `page`: the public address of our pages, may be empty. The
// digest's alert id is made of the receiver and its members, so equal inputs give equal digests.
AlertView digest_of(const std::vector<DeliveryRow>& rows, const std::string& page,
                    const std::string& time_zone, Instant now, const StoryOf& stories = {});

// What stands as the answer of what an operator sends again.
inline constexpr const char* replayed_by_hand = "replayed by hand";
// Whether it is such a delivery, also after attempts that failed.
bool is_by_hand(const DeliveryRow& row);

// What becomes of a delivery that waited: goes on waiting until `when`, is sent from then on, or is
// absorbed at that time.
DeliveryMark mark_of(const DeliveryRow& row, DeliveryState state, Instant when, std::string answer);

// What is due of one receiver's held and collected deliveries, put into a commit: up to
// `digest_from` held ones go out one by one, more of them, or several collected ones, as a digest.
inline constexpr std::size_t digest_from = 6;
void release_due(std::vector<DeliveryRow> rows, const std::string& page,
                 const std::string& time_zone, Instant now, Commit& commit,
                 const StoryOf& stories = {});

}  // namespace wirewatch::daemon
