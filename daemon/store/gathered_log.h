// What SQLite writes to its log between two syncs, written at once. It hands over each page in two
// pieces, a call of the kernel each: for a commit of some 25 pages they cost as much as the sync.
#pragma once

#include <memory>
#include <string>

namespace wirewatch::daemon {

// A VFS over the one that is SQLite's default when this is made. It gathers what is written to a
// write-ahead log until that is synced or read, or until more than `most` bytes have come; all
// other files are the default's own. A write that fails is told by the call that asked for it,
// mostly the sync: the commit fails as it would have before, and what was gathered is dropped with
// it.
//
// For connections under synchronous=FULL alone: there a sync comes before others may read a commit.
// Where a disk may harm what lies beside a write (no SQLITE_IOCAP_POWERSAFE_OVERWRITE), SQLite
// writes behind that sync, and nothing is gathered.
class GatheredLog {
 public:
  static constexpr int most = 0x1ffff;  // SQLite's own VFS writes no more at one go: 31 pages
  // The log grows by so much at once, with zeros: a sync of a file that has grown costs about twice
  // one of bytes written over others, as the file's new size and place are synced with it.
  static constexpr int ahead = 1 << 20;

  GatheredLog();
  ~GatheredLog();  // every connection that was opened with it is closed
  GatheredLog(const GatheredLog&) = delete;
  GatheredLog& operator=(const GatheredLog&) = delete;

  const char* name() const { return name_.c_str(); }  // for sqlite3_open_v2
  // Of what was rolled back nothing may be written later: others may have written there since.
  void drop();

 private:
  struct Vfs;
  std::string name_;
  std::unique_ptr<Vfs> vfs_;
};

}  // namespace wirewatch::daemon
