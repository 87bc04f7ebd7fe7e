// Where the checkout under test lies, for tests that read its documents and samples.
#pragma once

#include <string>
#include <string_view>

namespace wirewatch::tests {

// Absolute path of `relative` inside the checkout.
std::string source_path(std::string_view relative);

}  // namespace wirewatch::tests
