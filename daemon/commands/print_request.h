// A receiver's request as the verbs print it.
#pragma once

#include "daemon/loop/network.h"

namespace wirewatch::daemon {

// The exact request on standard output: by HTTP its method, address, headers and body, by SMTP the
// envelope and the message. Credentials stay out of it: of the address only the host is shown
// unless `shows_address`, and of headers with secrets their names.
void print_request(const HttpRequest& request, bool shows_address);

}  // namespace wirewatch::daemon
