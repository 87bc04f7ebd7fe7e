// A disk that fails, waits or loses power when a test says so: SQLite's default VFS while it lives.
#pragma once

#include <functional>
#include <map>
#include <string>

namespace wirewatch::daemon {

// One at a time; connections opened meanwhile must be closed before it goes.
class FaultyDisk {
 public:
  FaultyDisk();
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  // Asked before each read, write and sync of a file; its answer is an SQLite code, 0 to go on.
  // Called on the thread that reads or writes.
  void before_read(std::function<int()> hook);
  void before_write(std::function<int()> hook);
  void before_sync(std::function<int()> hook);

  void without_shared_memory();  // as on a network file system; for files opened from now on

  int syncs() const;
  // What would be on the disk if the power went now: the content of each file at its last sync.
  std::map<std::string, std::string> durable() const;  // by path
};

std::string content_of(const std::string& path);  // of a file: all its bytes

}  // namespace wirewatch::daemon
