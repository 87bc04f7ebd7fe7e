// Text of feeds made safe for HTML and XML, and times as people read them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "feeds/time.h"

namespace wirewatch::daemon {

// One line for element content or a double-quoted attribute, in HTML and in XML 1.0: cleaned as
// clean_line does (control, bidi and invisible characters go), then & < > " ' as references.
std::string escaped(std::string_view text);
// The same, cut to about `units` UTF-16 units with "…".
std::string escaped(std::string_view text, std::size_t units);
// The same with its line breaks and blanks, for <pre>.
std::string escaped_lines(std::string_view text);

// `url` as an escaped attribute value; empty when safe_link refuses it.
std::string safe_href(std::string_view url);
// A link that leaves us, its text in the reading direction of its own script; only the text when
// `url` may not be linked to.
std::string outside_link(std::string_view url, std::string_view text);
// A span that takes its reading direction from the text (HTML's dir="auto"), cut to `units` UTF-16
// units.
std::string feed_text(std::string_view text, std::size_t units = 300);

// "just now", "40 s ago", "3 min ago", "5 h ago", "12 days ago"; "in 3 min" for what is to come;
// "never" for the zero instant.
std::string age(Instant then, Instant now);
// "3 min", for spans; at least "0 s".
std::string rough_span(Span span);
// <time datetime="…Z" title="2026-11-21 18:00:00 UTC">3 min ago</time>; "never" alone.
std::string time_element(Instant then, Instant now);

}  // namespace wirewatch::daemon
