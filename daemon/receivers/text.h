// Text of feeds made safe to show: shared by every receiver, the console and the log.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wirewatch::daemon {

// A stretch of text, matched or not.
struct Piece {
  std::string text;
  bool marked = false;
};

// One line of plain text: invalid UTF-8 becomes U+FFFD; ANSI sequences (ECMA-48), control,
// bidi (UAX #9) and other invisible formatting characters go; white space becomes single spaces.
// Joiners that scripts and emoji need (U+200C, U+200D) stay. Linear time.
std::string clean_line(std::string_view text);
// Words of printable ASCII with single spaces between them: clean_line leaves these as they are.
bool is_plain_line(std::string_view text);
// The same over pieces that are read one after the other; empty ones are left out.
std::vector<Piece> clean_pieces(const std::vector<Piece>& pieces);

// Length in UTF-16 units.
std::size_t utf16_length(std::string_view text);

// How a service wants a stretch of text escaped; the identity where nothing is.
using Escape = std::function<std::string(std::string_view)>;

// Cuts so that the escaped text has at most `limit` UTF-16 units, between grapheme clusters (UAX
// #29), with "…" at the end when something was cut. Nothing escaped comes back.
std::string cut_text(std::string_view text, std::size_t limit, const Escape& escape = {});
std::vector<Piece> cut_pieces(const std::vector<Piece>& pieces, std::size_t limit,
                              const Escape& escape = {});

// `url` in a form that may stand in a link: absolute, http or https, without user information (it
// spoofs hosts), bytes that break out of markup percent-encoded, at most limits::link long.
// nullopt: show it as text or not at all.
std::optional<std::string> safe_link(std::string_view url);

// Those of `which` among `&`, `<`, `>`, `"` and `'` as HTML's references, the rest as it is.
std::string with_references(std::string_view text, std::string_view which);

// Does a strong right-to-left character stand in it?
bool has_rtl(std::string_view text);
// In isolates of ours (FSI … PDI, UAX #9) when has_rtl, so that what stands around keeps its order.
std::string isolated(std::string_view text);

}  // namespace wirewatch::daemon
