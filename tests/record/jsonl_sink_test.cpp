#include "record/json.hpp"
#include "record/jsonl_sink.hpp"
#include "support/catch.hpp"
#include "support/sample_records.hpp"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace alert40;
using namespace alert40::tests;
namespace fs = std::filesystem;

namespace {

struct Folder {
    fs::path path;

    Folder() {
        std::string name = fs::temp_directory_path() / "alert40-record-XXXXXX";
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }

    ~Folder() { fs::remove_all(path); }

    std::string file() const { return path / "records.jsonl"; }
};

std::string content(std::string const& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

struct Reports {
    std::vector<std::string> sentences;

    record::JsonlSink::Report into() {
        return [this](std::string const& sentence) { sentences.push_back(sentence); };
    }
};

/// A disk that is full at `bytes`: writes beyond are short, then fail with EFBIG.
struct FullAt {
    rlimit before{};

    explicit FullAt(std::size_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before);
        rlimit const limit{bytes, before.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
    }

    ~FullAt() { ::setrlimit(RLIMIT_FSIZE, &before); }
};

std::string const line = to_json(full_record()) + '\n';

} // namespace

TEST_CASE("each record is a line of its own in a file that only its owner reads") {
    Folder folder;
    Reports reports;
    record::JsonlSink sink{folder.file(), reports.into()};
    sink.take(full_record());
    CHECK(content(folder.file()) == line);
    sink.take(full_connection_failure());
    CHECK(content(folder.file()) == line + to_json(full_connection_failure()) + '\n');

    struct stat status {};

    REQUIRE(::stat(folder.file().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    CHECK(reports.sentences.empty());
}

TEST_CASE("a file that is there already is continued, and a line that was cut in it is ended") {
    Folder folder;
    std::ofstream{folder.file()} << "{\"type\":\"hand";
    Reports reports;
    for (int life = 0; life < 2; ++life) {
        record::JsonlSink sink{folder.file(), reports.into()};
        sink.take(full_record());
        CHECK(sink.missing() == 0);
    }
    CHECK(content(folder.file()) == "{\"type\":\"hand\n" + line + line);
}

TEST_CASE("a path that cannot be opened is an error that names it") {
    Reports reports;
    auto const open = [&](std::string const& path) { record::JsonlSink{path, reports.into()}; };
    CHECK_THROWS_WITH(open("/nowhere/records.jsonl"),
                      "cannot open /nowhere/records.jsonl for records: No such file or directory");
    CHECK_THROWS_WITH(open("/"), "cannot open / for records: Is a directory");
}

TEST_CASE("a file that was moved away is followed by a new one when it is asked for") {
    Folder folder;
    Reports reports;
    record::JsonlSink sink{folder.file(), reports.into()};
    sink.take(full_record());
    auto const old = folder.file() + ".1";
    fs::rename(folder.file(), old);
    sink.take(full_record());
    CHECK(content(old) == line + line);
    sink.reopen();
    CHECK(fs::exists(folder.file()));
    sink.take(full_connection_failure());
    CHECK(content(old) == line + line);
    CHECK(content(folder.file()) == to_json(full_connection_failure()) + '\n');
    CHECK(reports.sentences.empty());
}

TEST_CASE("where no new file can be opened, the old one is kept") {
    Folder folder;
    Reports reports;
    record::JsonlSink sink{folder.file(), reports.into()};
    auto const old = folder.file() + ".1";
    fs::rename(folder.file(), old);
    fs::create_directory(folder.file());
    sink.reopen();
    sink.take(full_record());
    CHECK(content(old) == line);
    CHECK(reports.sentences ==
          std::vector<std::string>{"cannot open " + folder.file() +
                                   " again for records: Is a directory; they go on into the file that was "
                                   "open"});
}

TEST_CASE("a line that was cut is completed where it began, or not at all") {
    Folder folder;
    Reports reports;
    record::JsonlSink sink{folder.file(), reports.into()};
    {
        FullAt const full{line.size() / 2};
        sink.take(full_record());
    }
    auto const moved = GENERATE(false, true);
    if (moved) fs::rename(folder.file(), folder.file() + ".1");
    sink.reopen();
    sink.take(full_record());
    CHECK(content(folder.file()) == (moved ? line : line + line));
    CHECK(sink.missing() == (moved ? 1 : 0));
}

TEST_CASE("what was taken survives a kill that follows at once") {
    Folder folder;
    auto const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        record::JsonlSink sink{folder.file(), [](std::string const&) {}};
        sink.take(full_record());
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    CHECK(content(folder.file()) == line);
}

TEST_CASE("a device without room is reported once, and the proxy goes on") {
    Reports reports;
    record::JsonlSink sink{"/dev/full", reports.into()};
    for (int i = 0; i < 3; ++i)
        sink.take(full_record());
    CHECK(sink.missing() == 3);
    CHECK(reports.sentences ==
          std::vector<std::string>{"cannot write records to /dev/full: No space left on device; "
                                   "the proxy goes on without"});
}

TEST_CASE("a disk that is full for a while costs the records of that while, and no line is torn") {
    // Full at every place within the second and the third line.
    auto const room = GENERATE_COPY(range(line.size(), 3 * line.size() + 1, line.size() / 5));
    INFO(room);
    Folder folder;
    Reports reports;
    record::JsonlSink sink{folder.file(), reports.into()};
    {
        FullAt const full{room};
        for (int i = 0; i < 4; ++i)
            sink.take(full_record());
        CHECK(content(folder.file()).size() == room);
        CHECK(sink.missing() == 4 - room / line.size());
        CHECK(reports.sentences.size() == 1);
    }
    sink.take(full_connection_failure());
    sink.take(full_record());

    std::string expected;
    for (std::size_t at = 0; at < room; at += line.size())
        expected += line; // one that was begun is completed
    CHECK(content(folder.file()) == expected + to_json(full_connection_failure()) + '\n' + line);
    auto const missing = 4 - expected.size() / line.size();
    CHECK(sink.missing() == missing);
    CHECK(reports.sentences ==
          std::vector<std::string>{"cannot write records to " + folder.file() +
                                       ": File too large; the proxy goes on without",
                                   "records are written to " + folder.file() + " again; " +
                                       std::to_string(missing) + " are missing in it"});
}

TEST_CASE("room that grows by a little completes the torn line bit by bit") {
    Folder folder;
    Reports reports;
    record::JsonlSink sink{folder.file(), reports.into()};
    for (auto const room : {line.size() / 3, line.size() / 2, line.size() - 1, line.size()}) {
        FullAt const full{room};
        sink.take(full_record());
        CHECK(content(folder.file()) == line.substr(0, room));
    }
    CHECK(sink.missing() == 3); // of four that were taken
    sink.take(full_record());
    CHECK(content(folder.file()) == line + line);
    CHECK(sink.missing() == 3);
}

TEST_CASE("lines of several threads do not mix") {
    Folder folder;
    Reports reports;
    record::JsonlSink sink{folder.file(), reports.into()};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 50; ++n)
                sink.take(full_record());
        });
    for (auto& thread : threads)
        thread.join();
    std::string expected;
    for (int n = 0; n < 200; ++n)
        expected += line;
    CHECK(content(folder.file()) == expected);
}

TEST_CASE("a pipe that nobody empties does not hold up the proxy") {
    Folder folder;
    auto const pipe = folder.file();
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    auto const reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
    REQUIRE(reader >= 0);
    Reports reports;
    record::JsonlSink sink{pipe, reports.into()};
    while (sink.missing() == 0)
        sink.take(full_record());
    CHECK(reports.sentences.size() == 1);
    ::close(reader);
}
