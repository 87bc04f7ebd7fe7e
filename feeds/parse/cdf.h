// What the Channel Definition Format (W3C note NOTE-CDFsubmit, and as Internet Explorer 4 read it)
// says in attributes where RSS uses elements.
#pragma once

#include "feeds/parse/xml_fields.h"
#include "feeds/parse/xml_value.h"

namespace wirewatch::feeds {

// Completes the fields of an ITEM or CHANNEL: HREF and LASTMOD of the element itself, <A HREF>,
// VALUE of children without text (<TITLE VALUE="…"/>), and the SCHEDULE as the time to live.
void add_cdf_fields(const XmlSource& source, std::uint32_t node, XmlFields& fields);

}  // namespace wirewatch::feeds
