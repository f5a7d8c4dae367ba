#pragma once

#include "proxy/message/fields.hpp"

#include <cstddef>
#include <new>
#include <utility>
#include <vector>

namespace alert40::proxy {

/// Base of a class whose objects come and go with every request: their storage stays with the thread for the
/// next one, of at most `most_kept` objects.
template <typename T, std::size_t most_kept = 256>
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

/// The same for the room that a list of fields has grown to, unless it is exceptional: lent to `fields` until
/// the loan ends. Who moves the list away keeps the room.
class FieldsLoan {
  public:
    explicit FieldsLoan(Fields& fields)
        : fields_(fields) {
        auto& kept = spare();
        if (kept.empty()) return;
        fields_ = std::move(kept.back());
        kept.pop_back();
    }

    ~FieldsLoan() {
        auto& kept = spare();
        if (fields_.capacity() == 0 || fields_.capacity() > most_fields || kept.size() == kept.capacity())
            return;
        fields_.clear();
        kept.push_back(std::move(fields_));
    }

    FieldsLoan(FieldsLoan const&) = delete;
    FieldsLoan& operator=(FieldsLoan const&) = delete;

  private:
    static constexpr std::size_t most_kept = 1024; ///< as many as there are streams on a few connections
    static constexpr std::size_t most_fields = 32;

    static std::vector<Fields>& spare() {
        thread_local std::vector<Fields> kept = [] {
            std::vector<Fields> lists;
            lists.reserve(most_kept);
            return lists;
        }();
        return kept;
    }

    Fields& fields_;
};

} // namespace alert40::proxy
