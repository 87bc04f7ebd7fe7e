#include <string>
#include <vector>

#include "daemon/commands/command.h"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return wirewatch::daemon::dispatch(arguments);
}
