// Sub-verbs of `alerts` that stand in files of their own.
#pragma once

#include "daemon/commands/command.h"

namespace wirewatch::daemon {

int alerts_silence(const CommandLine& line);
int alerts_silences(const CommandLine& line);
int alerts_unsilence(const CommandLine& line);
int alerts_follow(const CommandLine& line, bool end);
int alerts_mute(const CommandLine& line);
int alerts_verdict(const CommandLine& line, bool right);
int alerts_preview(const CommandLine& line);

}  // namespace wirewatch::daemon
