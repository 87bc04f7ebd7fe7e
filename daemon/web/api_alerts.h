// What people do with alerts over the control socket: silences, followed and muted stories,
// verdicts.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "daemon/control.h"
#include "daemon/web/server.h"

namespace wirewatch::daemon {

bool changes_alerts(const std::string& path);
// Of a POST to one of these, by somebody who may change things.
asio::awaitable<WebResponse> change_alerts(Control& control, WebRequest request);
// {"silences":[…],"followed":[…]}: those that have not ended at `now`, the newest first.
std::string silences_json(Reader& reader, const Snapshot* snapshot, Instant now);

}  // namespace wirewatch::daemon
