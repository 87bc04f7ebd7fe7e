// The writer's thread and what waits for it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "daemon/store/store.h"

namespace wirewatch::daemon {

// Any thread may call; `apply` and tasks run on the queue's own thread, one at a time, in order.
class CommitQueue {
 public:
  using Done = std::function<void(const Result<void>&)>;
  // Hands `result` to all of `waiting`, which came with a push each: once for each of these. Called
  // on the writer's thread, or at once when a push is refused.
  using Answer = std::function<void(std::vector<Done> waiting, Result<void> result)>;
  using Apply = std::function<Result<void>(const std::vector<Commit>&)>;
  using Task = std::function<Result<void>()>;
  using After = std::function<void()>;

  // `apply` writes up to `group` commits in one transaction, all of them or none. `after` is called
  // when they have their answer.
  CommitQueue(std::size_t group, Span later, Apply apply, Answer answer, After after);
  ~CommitQueue();  // finishes what is queued
  CommitQueue(const CommitQueue&) = delete;
  CommitQueue& operator=(const CommitQueue&) = delete;

  // Counts failures. A commit belongs to the epoch in which it was decided; those of an earlier
  // one rest on what was never stored, and are refused.
  std::uint64_t epoch() const;
  void push(Commit commit, std::uint64_t epoch, Done done);
  // The same with a mark alone, of any epoch. Those of messages that were delivered gather for a
  // moment, and are one commit then.
  void push(DeliveryMark mark, Done done);
  // A task between transactions; its failure concerns nobody else.
  void push(Task task, Done done);
  // Written with the next group, or by itself `later` after the first that waits; the last one of a
  // feed counts. A crash loses it, and a failure leaves it to the next group.
  void push_later(FeedRow row);
  void recovered();
  StoreStats stats() const;

 private:
  struct Job {
    Commit commit;
    Task task;               // empty: the commit is meant
    std::vector<Done> done;  // who waits for it; of gathered marks as many as these
    bool gathers = false;
  };
  using FeedRows = std::unordered_map<std::string, FeedRow>;  // by key
  struct Group {
    std::vector<Job> jobs;
    FeedRows rows;
  };
  void gather(DeliveryMark mark, Done done);  // mutex_ is held
  void refuse(Done done);                     // mutex_ is not held
  void run();
  void run_task(Job job);
  void run_group(Group group);
  Group take();  // waits; empty: the queue is closed
  void take_jobs(std::vector<Job>& jobs);
  bool jobs_are_due() const;
  bool rows_are_due() const;
  std::chrono::steady_clock::time_point wakes_at() const;  // with jobs or rows that wait
  void put_back(FeedRows rows, const Error& error);
  std::vector<Done> fail(const Error& error);
  Error refusal() const;

  const std::size_t group_;
  const std::chrono::steady_clock::duration later_;
  const Apply apply_;
  const Answer answer_;
  const After after_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  // Guarded by mutex_:
  std::deque<Job> jobs_;
  bool hurried_ = false;                              // one of them is waited for
  std::chrono::steady_clock::time_point jobs_due_{};  // where none is, and if there are any
  FeedRows rows_;                                     // of push_later
  std::chrono::steady_clock::time_point rows_due_{};  // if there are any
  bool rows_failed_ = false;                          // the last time; said once
  bool closing_ = false;
  bool failed_ = false;
  std::uint64_t epoch_ = 0;
  Error failure_;
  StoreStats stats_;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace wirewatch::daemon
