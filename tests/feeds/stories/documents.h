// Documents for the tests of stories, read from DOCS.jsonl files.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "feeds/stories/docs_jsonl.h"
#include "feeds/text/document.h"
#include "tests/source_dir.h"

namespace wirewatch::feeds {

inline std::vector<Document> read_documents(const std::string& path) {
  std::vector<Document> documents;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    Result<DocumentInput> input = read_document_line(line);
    if (!input) {
      ADD_FAILURE() << path << ": " << input.error().text;
      continue;
    }
    documents.push_back(make_document(std::move(*input)));
  }
  return documents;
}

using tests::source_path;

inline Document document_of(std::string id, std::string title, std::string text,
                            Instant time = {}) {
  DocumentInput input;
  input.id = std::move(id);
  input.title = std::move(title);
  input.text = std::move(text);
  input.time = time;
  return make_document(std::move(input));
}

// Distinct made-up words, so that documents share nothing by chance.
inline std::string words_about(const std::string& topic, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += topic + std::to_string(i * 7919 % 1000 + i) + "x";
    text += i % 12 == 11 ? ". " : " ";
  }
  return text;
}

}  // namespace wirewatch::feeds
