#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>
#include <vector>

namespace alert40::proxy::http2 {

/// Base of a class whose objects come and go with every request: their storage stays with the thread for the
/// next one.
template <typename T>
class Recycled {
  public:
    static void* operator new(std::size_t size) {
        auto& kept = free_list().kept;
        if (kept.empty()) return ::operator new(size);
        auto* const storage = kept.back();
        kept.pop_back();
        return storage;
    }

    static void operator delete(void* storage) noexcept {
        auto& kept = free_list().kept;
        if (kept.size() < kept.capacity())
            kept.push_back(storage);
        else
            ::operator delete(storage);
    }

  protected:
    ~Recycled() = default;

  private:
    static constexpr std::size_t most_kept = 1024; ///< the busy streams of a few connections

    struct FreeList {
        std::vector<void*> kept;

        FreeList() { kept.reserve(most_kept); }

        ~FreeList() {
            for (auto* storage : kept)
                ::operator delete(storage);
        }
    };

    static FreeList& free_list() {
        thread_local FreeList list;
        return list;
    }
};

} // namespace alert40::proxy::http2
