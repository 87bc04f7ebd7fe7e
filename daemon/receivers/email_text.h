// What an alert says in a mail: as plain text and as HTML.
#pragma once

#include <string>

#include "daemon/receivers/message.h"
#include "daemon/receivers/zone_clock.h"

namespace wirewatch::daemon {

// Lines end in "\n"; links stand whole.
std::string email_plain(const Message& message, const ZoneClock& clock);
// One document without scripts, images, or anything that is fetched when it is read. What the
// reports say carries its direction (`dir`) and `language`, which is the first report's.
std::string email_html(const Message& message, const std::string& language, const ZoneClock& clock);

}  // namespace wirewatch::daemon
