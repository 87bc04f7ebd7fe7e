#include <string>
#include <vector>

#include "daemon/commands/command.h"
#include "daemon/loop/memory.h"

int main(int argc, char** argv) {
  wirewatch::daemon::settle_allocator();
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return wirewatch::daemon::dispatch(arguments);
}
