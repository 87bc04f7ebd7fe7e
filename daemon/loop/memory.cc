#include "daemon/loop/memory.h"

#include <malloc.h>

namespace wirewatch::daemon {

void give_back_memory() {
  ::malloc_trim(0);
}

}  // namespace wirewatch::daemon
