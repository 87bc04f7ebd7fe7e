// Errors are values: a kind for the program, a text for the user.
#pragma once

#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>

namespace wirewatch {

enum class ErrorKind {
  invalid,      // the input is wrong and stays wrong
  too_big,      // a stated bound was reached
  unsupported,  // understood, but not something we do
  not_found,
  refused,    // a guard or the other side said no
  temporary,  // may succeed later
  internal,
};

// `text` is one sentence in users' words. It names the offender in quotes and says what is right.
struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string text;
};

[[noreturn]] inline void throw_exception_from_error(const Error& error,
                                                    const boost::source_location&) {
  throw std::logic_error("result without a value: " + error.text);
}

template <class T>
using Result = boost::system::result<T, Error>;

}  // namespace wirewatch
