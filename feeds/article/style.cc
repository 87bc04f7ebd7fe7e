#include "feeds/article/style.h"

#include <string>

#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {

bool style_hides(std::string_view style) {
  constexpr std::size_t longest = 2000;
  std::string tight;
  for (const char c : style.substr(0, longest)) {
    if (static_cast<unsigned char>(c) > ' ') tight += c;
  }
  tight = lower(tight);
  for (const std::string_view rule : {"display:none", "visibility:hidden"}) {
    const std::size_t at = tight.find(rule);
    if (at != std::string::npos && (at == 0 || tight[at - 1] == ';')) return true;
  }
  return false;
}

}  // namespace wirewatch::feeds
